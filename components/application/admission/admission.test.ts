import * as random from "@pulumi/random";
import { fakeCluster, type FakeClusterArgs } from "../../../testing/fake-cluster";
import { record, type Recording } from "../../../testing/record";
import { Admission } from "./admission";
import type { Wall } from "./walls";

async function admission(args: FakeClusterArgs = {}) {
  return record(() => {
    const cluster = fakeCluster({ domain: "cmb.example.org", ...args });
    const kyverno = new random.RandomId("kyverno", { byteLength: 1 });
    const images = ["docker.io/library/ubuntu", "ghcr.io"];
    return new Admission("admission", { cluster, namespace: "science", images, dependsOn: [kyverno] });
  });
}

const made = (recording: Recording) => recording.list().filter((line) => line.includes(" admission"));
const specOf = (recording: Recording, name: string, type: string) =>
  recording.one(name, type).inputs.spec as Wall["spec"];

const WALL = "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy";
const BINDING = `${WALL}Binding`;
const wallNames = [
  "admission-environments",
  "admission-no-ephemeral",
  "admission-environment-services",
  "admission-environment-ingresses",
  "admission-environment-secrets",
  "admission-environment-deletions",
];

test("[H5] where the driver mounts what the pod names: six walls, the three policies, rights for sweeping, no more", async () => {
  const { recording } = await admission();
  expect(made(recording)).toEqual(
    [
      "cmb:application:Admission admission",
      ...wallNames.flatMap((name) => [`${WALL} ${name}`, `${BINDING} ${name}`]),
      "kubernetes:policies.kyverno.io/v1:MutatingPolicy admission-mend-environments",
      "kubernetes:policies.kyverno.io/v1:NamespacedDeletingPolicy admission-user-secrets",
      "kubernetes:policies.kyverno.io/v1:ValidatingPolicy admission-own-bucket",
      "kubernetes:rbac.authorization.k8s.io/v1:Role admission-kyverno-cleanup",
      "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding admission-kyverno-cleanup",
    ].sort(),
  );
});

test("[S4] where the driver mounts claims: volumes made and swept beside, and a wall around them", async () => {
  const inline = made((await admission()).recording);
  const claim = made((await admission({ userVolumes: "claim" })).recording);
  expect(claim.filter((line) => !inline.includes(line)).sort()).toEqual([
    `${WALL} admission-user-volumes`,
    `${BINDING} admission-user-volumes`,
    "kubernetes:policies.kyverno.io/v1:DeletingPolicy admission-user-volumes",
    "kubernetes:policies.kyverno.io/v1:GeneratingPolicy admission-user-volumes",
    "kubernetes:rbac.authorization.k8s.io/v1:Role admission-kyverno-background",
    "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding admission-kyverno-background",
  ]);
});

test("[H5] every wall refuses, also where it cannot be evaluated, in this namespace alone", async () => {
  const { recording } = await admission({ userVolumes: "claim" });
  const walls = recording.ofType(WALL);
  expect(walls).toHaveLength(7);
  for (const { name, inputs } of walls) {
    expect(inputs.spec).toMatchObject({
      failurePolicy: "Fail",
      matchConstraints: { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "science" } } },
    });
    const { spec } = recording.one(name, BINDING).inputs as { spec: Record<string, unknown> };
    expect(spec).toEqual({
      policyName: (inputs.metadata as { name: string }).name,
      validationActions: ["Deny"],
    });
  }
});

test("[H5] webhooks are called for the backend's pods alone, in this namespace, and fail closed", async () => {
  const { recording } = await admission();
  for (const name of ["admission-mend-environments", "admission-own-bucket"]) {
    expect(recording.one(name).inputs.spec).toMatchObject({
      failurePolicy: "Fail",
      autogen: { podControllers: { controllers: [] } },
      matchConstraints: {
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "science" } },
        resourceRules: [{ apiGroups: [""], operations: ["CREATE"], resources: ["pods"] }],
      },
      matchConditions: [
        { expression: 'request.userInfo.username == "system:serviceaccount:science:cmbcluster-ksa"' },
      ],
    });
  }
});

test("[W2] the wall compares the bucket with the owner that is written as the pod is mended, not with a label", async () => {
  const { recording } = await admission();
  const { validations } = specOf(recording, "admission-environments", WALL);
  const owner = validations.filter(({ expression }) => expression.includes("cmb.dev/owner"));
  expect(owner).toHaveLength(1);
  expect(owner[0]!.expression).toContain("variables.bucket.split");
  const mending = JSON.stringify(recording.one("admission-mend-environments").inputs);
  expect(mending).toContain("md5(variables.users[0][0]).substring(0, 8)");
});

test("[H5] an environment bears a name of its own labels, so that none takes a claim that is there already", async () => {
  const { recording } = await admission({ userVolumes: "claim" });
  const { validations } = specOf(recording, "admission-environments", WALL);
  const { expression } = validations.find(({ message }) => message.startsWith("An environment is named"))!;
  expect(expression).toContain('object.metadata.name.startsWith("user-" + ');
  expect(expression).toContain('object.metadata.?labels[?"env-id"]');
});

test("[H5] images come from the stack's registry and the list, a registry's name ending where its path begins", async () => {
  const { recording } = await admission();
  const { validations } = specOf(recording, "admission-environments", WALL);
  const { expression } = validations.find(({ message }) => message.startsWith("Images come from"))!;
  const starts = JSON.parse(/\[.*?\]/.exec(expression)![0]) as string[];
  expect(starts).toEqual([
    ...["/", ":", "@"].map((border) => `registry.example.org/cmb-fake${border}`),
    ...["/", ":", "@"].map((border) => `docker.io/library/ubuntu${border}`),
    "ghcr.io/",
  ]);
});

test("policies wait for what brings their kinds and for their rights, so that they go before both", async () => {
  const { recording } = await admission({ userVolumes: "claim" });
  const policies = recording.resources.filter(({ type }) => type.includes("policies.kyverno.io"));
  expect(policies).toHaveLength(5);
  for (const { dependencies } of policies) {
    expect(dependencies.map((urn) => urn.split("::").pop())).toEqual(
      expect.arrayContaining(["kyverno", "admission-kyverno-cleanup", "admission-kyverno-background"]),
    );
  }
});

test("[W3] Kyverno may touch secrets and claims of this namespace alone", async () => {
  const { recording } = await admission({ userVolumes: "claim" });
  for (const { inputs } of recording.ofType("kubernetes:rbac.authorization.k8s.io/v1:Role")) {
    expect(inputs.metadata).toMatchObject({ namespace: "science" });
    expect(JSON.stringify(inputs.rules)).not.toContain("*");
  }
  expect(recording.resources.filter(({ type }) => type.endsWith(":ClusterRole"))).toEqual([]);
});
