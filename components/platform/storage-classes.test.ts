import { fakeCluster } from "../../testing/fake-cluster";
import { record, type Recording } from "../../testing/record";
import { StorageClasses } from "./storage-classes";

const type = "kubernetes:storage.k8s.io/v1:StorageClass";

async function classes(): Promise<Recording> {
  return (await record(() => new StorageClasses("storage", { cluster: fakeCluster() }))).recording;
}

test("[N4] two classes over the cluster's block driver: one default, one whose disks outlive their claims", async () => {
  const recording = await classes();
  expect(recording.ofType(type)).toHaveLength(2);
  expect(["storage-default", "storage-retained"].map((made) => recording.one(made).inputs)).toEqual(
    [
      { name: "cmb-block", reclaimPolicy: "Delete", isDefault: true },
      { name: "cmb-block-retained", reclaimPolicy: "Retain", isDefault: false },
    ].map(({ name, reclaimPolicy, isDefault }) => ({
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: {
        name,
        ...(isDefault && { annotations: { "storageclass.kubernetes.io/is-default-class": "true" } }),
        labels: { "app.kubernetes.io/part-of": "cmb-platform" },
      },
      provisioner: "fake.csi.example.org",
      parameters: { type: "fake-ssd" },
      reclaimPolicy,
      allowVolumeExpansion: true,
      volumeBindingMode: "WaitForFirstConsumer",
    })),
  );
});

test("the classes belong to the cluster's provider and wait for what runs their driver", async () => {
  const recording = await classes();
  const provider = recording.one("fake-kubernetes");
  for (const made of recording.ofType(type)) {
    expect(made.provider).toBe(`${provider.urn}::${provider.name}-id`);
    expect(made.parent).toBe(recording.one("storage").urn);
    expect(made.dependencies).toContain(recording.one("fake-nodes").urn);
  }
});
