import { previewOutputs } from ".";
import { expandRemote } from "../expand";
import { Graph } from "../graph";
import { answerOf } from "../monitor";
import type { RecordedResource } from "../recording";
import { Reference, Secret, UNKNOWN } from "../values";

test("a provider's own field in a block that the program gave is unknown, not missing", () => {
  const inputs = { vpcConfig: { subnetIds: ["a"] } };
  expect(previewOutputs("aws:eks/cluster:Cluster", inputs)).toEqual({
    vpcConfig: { subnetIds: ["a"], clusterSecurityGroupId: UNKNOWN, vpcId: UNKNOWN },
  });
  expect(inputs).toEqual({ vpcConfig: { subnetIds: ["a"] } });
});

test("what the program gave itself stays, and no block appears that it did not give", () => {
  expect(previewOutputs("kubernetes:core/v1:Namespace", { metadata: { name: "n" } })).toEqual({
    metadata: { name: "n", namespace: UNKNOWN, uid: UNKNOWN },
  });
  expect(previewOutputs("gcp:container/cluster:Cluster", { name: "c" })).toEqual({ name: "c" });
  expect(previewOutputs("aws:s3/bucket:Bucket", { bucket: "b" })).toEqual({ bucket: "b" });
});

test("the endpoint of a GKE DNS endpoint is unknown beside the switch that opens it", () => {
  const endpoints = { dnsEndpointConfig: { allowExternalTraffic: true } };
  expect(previewOutputs("gcp:container/cluster:Cluster", { controlPlaneEndpointsConfig: endpoints })).toEqual(
    {
      controlPlaneEndpointsConfig: { dnsEndpointConfig: { allowExternalTraffic: true, endpoint: UNKNOWN } },
    },
  );
});

test("a reference becomes an id, unknown, or the URN of a component; secret fields are marked secret", () => {
  const state = answerOf({
    type: "t:m:T",
    inputs: {
      role: new Reference("u", true),
      list: [new Reference("c", false)],
      token: new Secret("x"),
      n: null,
    },
    additionalSecretOutputs: ["token", "result"],
  });
  expect(state).toMatchObject({ role: UNKNOWN, list: ["c"], n: null });
  expect((state["token"] as Secret).reveal()).toBe("x");
  expect((state["result"] as Secret).reveal()).toBe(UNKNOWN);
});

test("a remote component without a model is refused by name", () => {
  const component = { type: "awsx:ec2:Vpc", urn: "u", name: "n", inputs: {} } as RecordedResource;
  expect(() => expandRemote(new Graph("dev", "p"), component)).toThrow(
    "no model of the remote component awsx:ec2:Vpc",
  );
});
