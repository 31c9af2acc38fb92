import { computedGcp } from "../../testing/computed-gcp";
import { record } from "../../testing/record";
import { gcpProvider } from "./providers";
import { Registry, type RegistryArgs } from "./registry";

const make = (args: Partial<RegistryArgs> = {}) =>
  record(
    () =>
      new Registry(
        "images",
        { cluster: "cmb-dev", project: "acme-science", region: "europe-west4", ...args },
        { provider: gcpProvider("gcp", { project: "acme-science", region: "europe-west4" }) },
      ),
    { computed: computedGcp },
  );

test("[O1] one repository, tags that cannot be moved, scanned on push, cleaned up in earnest", async () => {
  const { recording } = await make();
  expect(recording.list().filter((line) => line.startsWith("gcp:"))).toEqual([
    "gcp:artifactregistry/repository:Repository images-repository",
  ]);
  expect(recording.one("images-repository").inputs).toMatchObject({
    repositoryId: "cmb-dev",
    project: "acme-science",
    location: "europe-west4",
    format: "DOCKER",
    dockerConfig: { immutableTags: true },
    cleanupPolicyDryRun: false,
    cleanupPolicies: [
      {
        id: "keep-mirrors",
        action: "KEEP",
        condition: { tagState: "ANY", packageNamePrefixes: ["cmb-dev-mirror-"] },
      },
      { id: "keep-newest", action: "KEEP", mostRecentVersions: { keepCount: 10 } },
      {
        id: "delete-untagged",
        action: "DELETE",
        condition: { tagState: "UNTAGGED", olderThan: "604800s" },
      },
    ],
    vulnerabilityScanningConfig: { enablementConfig: "INHERITED" },
  });
});

test("[O1] image names are plain text, known before the repository exists", async () => {
  const { result } = await make();
  expect(result.prefix).toBe("europe-west4-docker.pkg.dev/acme-science/cmb-dev");
  expect(result.repositories).toEqual({
    backend: "europe-west4-docker.pkg.dev/acme-science/cmb-dev/cmb-dev-backend",
    frontend: "europe-west4-docker.pkg.dev/acme-science/cmb-dev/cmb-dev-frontend",
    "user-environment": "europe-west4-docker.pkg.dev/acme-science/cmb-dev/cmb-dev-user-environment",
  });
  expect(result.mirrors).toEqual({
    busybox: "europe-west4-docker.pkg.dev/acme-science/cmb-dev/cmb-dev-mirror-busybox:1.37.0",
    litestream: "europe-west4-docker.pkg.dev/acme-science/cmb-dev/cmb-dev-mirror-litestream:0.5.16",
  });
  expect(result.loginCommand).toBe("gcloud auth configure-docker europe-west4-docker.pkg.dev --quiet");
});

test("clean-up and scanning are as asked", async () => {
  const { recording } = await make({ keep: 3, untaggedDays: 1, scan: false });
  expect(recording.one("images-repository").inputs).toMatchObject({
    cleanupPolicies: [
      { id: "keep-mirrors" },
      { mostRecentVersions: { keepCount: 3 } },
      { condition: { olderThan: "86400s" } },
    ],
    vulnerabilityScanningConfig: { enablementConfig: "DISABLED" },
  });
});

test("[N3] who may pull may pull from this repository, and no right is given on the project", async () => {
  const { recording } = await make({ readers: { nodes: "serviceAccount:n@acme" } });
  expect(recording.one("images-reader-nodes").inputs).toEqual({
    project: "acme-science",
    location: "europe-west4",
    repository: "cmb-dev",
    role: "roles/artifactregistry.reader",
    member: "serviceAccount:n@acme",
  });
  expect(recording.ofType("gcp:projects/iAMMember:IAMMember")).toEqual([]);
});
