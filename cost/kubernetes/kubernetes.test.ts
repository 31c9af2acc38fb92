import { UNKNOWN } from "../../preview/engine";
import { amounts, type Add, billOf, holes } from "../fixtures/plan";
import { gibibytes } from "./quantity";

const eks = (add: Add) => add("aws:eks/cluster:Cluster", "c", { upgradePolicy: { supportType: "STANDARD" } });
const gke = (add: Add) => add("gcp:container/cluster:Cluster", "c", { location: "us-central1" });
const storageClass = (add: Add, provisioner: string, type: string) =>
  add("kubernetes:storage.k8s.io/v1:StorageClass", "block", {
    metadata: { name: "block" },
    provisioner,
    parameters: { type },
  });
const claim = (add: Add, storage: string, storageClassName = "block") =>
  add("kubernetes:core/v1:PersistentVolumeClaim", "data", {
    metadata: { name: "data" },
    spec: { storageClassName, resources: { requests: { storage } } },
  });
const release = (add: Add, values: object) =>
  add("kubernetes:helm.sh/v3:Release", "r", { values: values as never });
const rest = (lines: string[]) => lines.filter((line) => !line.includes("control plane"));

test("[O11] a claim's volume is what its class provisions, on either cloud", () => {
  const onAws = billOf("aws", "us-east-1", (add) => {
    eks(add);
    storageClass(add, "ebs.csi.aws.com", "gp3");
    claim(add, "10Gi");
  });
  expect(rest(amounts(onAws))).toEqual(["volume of data, GiB: 0.80–0.80"]);
  const onGoogle = (type: string) =>
    billOf("gcp", "us-central1", (add) => {
      gke(add);
      storageClass(add, "pd.csi.storage.gke.io", type);
      claim(add, "10Gi");
    });
  expect(rest(amounts(onGoogle("pd-balanced")))).toEqual(["volume of data, GiB: 1.00–1.00"]);
  expect(rest(amounts(onGoogle("pd-ssd")))).toEqual(["volume of data, GiB: 1.70–1.70"]);
  expect(holes(onGoogle("pd-extreme"))).toEqual([
    "volume of data, GiB: gcp disk.pd-extreme.gb in us-central1",
  ]);
});

test("[O11] the database's volume is read from the values of its chart", () => {
  const found = billOf("aws", "us-east-1", (add) => {
    eks(add);
    storageClass(add, "ebs.csi.aws.com", "gp3");
    release(add, { database: { sizeGi: 50, storageClass: "block" } });
  });
  expect(rest(amounts(found))).toEqual(["volume of the database, GiB: 4.00–4.00"]);
});

test("[O11] a volume of a class that is not known, or of no size, has no price", () => {
  const found = billOf("aws", "us-east-1", (add) => {
    eks(add);
    claim(add, "10Gi", "other");
    add("kubernetes:core/v1:PersistentVolumeClaim", "bare");
    storageClass(add, "efs.csi.aws.com", "x");
    release(add, { database: { sizeGi: 1, storageClass: "block" } });
    add("kubernetes:storage.k8s.io/v1:StorageClass", "odd", { metadata: { name: "odd" } });
    add("kubernetes:core/v1:PersistentVolumeClaim", "oddly", {
      spec: { storageClassName: "odd", resources: { requests: { storage: "1Gi" } } },
    });
  });
  expect(holes(found).sort()).toEqual([
    "volume of bare: size and storage class of the claim bare",
    "volume of data: disks of the storage class other",
    "volume of oddly: disks of the storage class odd",
    "volume of the database: disks of the storage class block",
  ]);
});

test("[O11] a Service of type LoadBalancer, a chart's or its own, is a forwarding rule on GKE", () => {
  const found = billOf("gcp", "us-central1", (add) => {
    gke(add);
    release(add, { service: { spec: { type: "LoadBalancer" } } });
    add("kubernetes:core/v1:Service", "inside", { spec: { type: "ClusterIP" } });
  });
  expect(rest(amounts(found))).toEqual([
    "forwarding rules of the load balancer: 18.25–18.25",
    "sent to the internet: 1.20–1.20",
    "received by the load balancer: 0.00–0.00",
  ]);
  const own = billOf("gcp", "us-central1", (add) => {
    gke(add);
    add("kubernetes:core/v1:Service", "s", { spec: { type: "LoadBalancer" } });
  });
  expect(rest(amounts(own))).toEqual(rest(amounts(found)));
});

test("[O11] on EKS the cluster makes no load balancer that has a price here; a Service that only up knows is told", () => {
  const found = billOf("aws", "us-east-1", (add) => {
    eks(add);
    add("kubernetes:core/v1:Service", "s", { spec: { type: "LoadBalancer" } });
    release(add, { service: { spec: UNKNOWN } });
  });
  expect(holes(found).sort()).toEqual([
    "load balancers made by the cluster: a Service of type LoadBalancer on EKS",
    "the chart's Service: the Service of r, which only up knows",
  ]);
});

test("[O11] without a cluster it is not known where a volume lies; by a provider it is known where the cluster does", () => {
  const nowhere = billOf("aws", "us-east-1", (add) => {
    storageClass(add, "ebs.csi.aws.com", "gp3");
    claim(add, "10Gi");
  });
  expect(holes(nowhere)).toEqual(["volume of data, GiB: aws ebs.gp3.gb in a region not known"]);
  const somewhere = billOf("gcp", "us-central1", (add) => {
    add("gcp:container/cluster:Cluster", "c");
    storageClass(add, "pd.csi.storage.gke.io", "pd-standard");
    claim(add, "10Gi");
  });
  expect(rest(amounts(somewhere))).toEqual(["volume of data, GiB: 0.40–0.40"]);
});

test("quantities of storage in GiB", () => {
  expect(["512Mi", "10Gi", "1Ti", "1.5Gi"].map(gibibytes)).toEqual([0.5, 10, 1024, 1.5]);
  expect(gibibytes("1G")).toBeCloseTo(0.931, 3);
  expect(gibibytes("1M")).toBeCloseTo(0.000931, 6);
  expect([gibibytes(undefined), gibibytes("lots")]).toEqual([undefined, undefined]);
});
