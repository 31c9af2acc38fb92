import * as pulumi from "@pulumi/pulumi";
import { fakeCluster } from "../testing/fake-cluster";
import { record, settled } from "../testing/record";
import { testSettings } from "../testing/settings";
import { imageReferences } from "./image-references";
import { stackOutputs } from "./outputs";

const client = { clientId: "1-x", clientSecret: pulumi.secret("s") };

async function outputsOf(
  over: Record<string, unknown> = {},
  cluster: Parameters<typeof fakeCluster>[0] = {},
) {
  const { result } = await record(() => stackOutputs(testSettings("gcp", over), fakeCluster(cluster), []));
  return result;
}

test("[O4] the outputs' names are a contract: exactly these", async () => {
  expect(Object.keys(await outputsOf()).sort()).toEqual(
    [
      ...["account", "addresses", "application", "cloud", "clusterName", "databaseBucket", "imageCommands"],
      ...[
        "kubeconfig",
        "nameServers",
        "namespace",
        "nextSteps",
        "profile",
        "region",
        "registry",
        "signIn",
        "toSupply",
      ],
    ].sort(),
  );
});

test("[O4] the three addresses, the load balancer's, and the names of what else is needed", async () => {
  const { addresses, databaseBucket, registry } = await outputsOf();
  expect(addresses).toMatchObject({
    site: "https://cmb.example.org",
    api: "https://api.cmb.example.org",
    environments: "https://<user>-<environment>.cmb.example.org",
  });
  expect(await settled(addresses.ingress)).toBe("192.0.2.10");
  expect(databaseBucket).toBe("fake://cmb-fake-db");
  expect(registry.repositories.backend).toBe("registry.example.org/cmb-fake/backend");
});

test("[W1] the kubeconfig is secret", async () => {
  expect(await pulumi.isSecret((await outputsOf()).kubeconfig)).toBe(true);
});

test("[A5] with Google, what to enter in its console; of Cognito nothing", async () => {
  const { signIn } = await outputsOf();
  expect(signIn).toEqual({
    active: "google",
    google: {
      origins: ["https://cmb.example.org"],
      redirectUris: ["https://cmb.example.org/api/auth/callback/google"],
    },
  });
});

test("with Cognito, where its pool and page are; of Google nothing, and no client secret anywhere", async () => {
  const pool = {
    region: "eu-west-1",
    userPoolId: pulumi.output("eu-west-1_A"),
    clientId: pulumi.output("7c"),
    clientSecret: pulumi.secret("canary-pool-secret"),
    issuer: pulumi.output("https://issuer"),
    created: true,
  };
  const without = (await outputsOf({}, { signIn: { active: "cognito", cognito: pool } })).signIn;
  expect(Object.keys(without)).toEqual(["active", "cognito"]);
  expect(Object.keys(without.cognito!)).toEqual(["userPoolId", "issuer"]);
  const page = { ...pool, hostedDomain: pulumi.output("lab.auth.example") };
  const both = (await outputsOf({}, { signIn: { active: "google", google: client, cognito: page } })).signIn;
  expect(await settled(both.cognito!.hostedDomain!)).toBe("lab.auth.example");
});

test("[O1] without images the application waits, and the next steps say how to build them; with images it does not", async () => {
  const waiting = await outputsOf();
  expect(waiting.application).toBe("waits for images");
  expect((await settled(waiting.nextSteps)).join("\n")).toContain("docker buildx build");
  const installed = await outputsOf({ images: { tag: "v1" } });
  expect(installed.application).toBe("installed");
  expect((await settled(installed.nextSteps)).join("\n")).not.toContain("docker");
});

describe("[O1] image references", () => {
  const { images } = testSettings("gcp", {
    images: { tag: "v1", frontend: "ghcr.io/lab/front@sha256:" + "a".repeat(64) },
  });

  test("a tag stands for the stack's own registry, a full reference for itself", async () => {
    const { result } = await record(() => imageReferences(images, fakeCluster().registry));
    expect(result).toEqual({
      backend: "registry.example.org/cmb-fake/backend:v1",
      frontend: "ghcr.io/lab/front@sha256:" + "a".repeat(64),
      "user-environment": "registry.example.org/cmb-fake/user-environment:v1",
    });
  });

  test("no images are none", async () => {
    const { result } = await record(() => imageReferences(undefined, fakeCluster().registry));
    expect(result).toBeUndefined();
  });
});
