import * as pulumi from "@pulumi/pulumi";
import { computedGcp } from "../../testing/computed-gcp";
import { record } from "../../testing/record";
import { someCluster } from "./fixtures/cluster";
import { shaped, type Transform } from "./child";
import { gcpProvider } from "./providers";
import { Services } from "./services";
import type { GcpCmbClusterArgs } from "./args";

/** A transform that leaves a mark on the options, to be found in the recording. */
const mark: Transform<unknown> = (_args, opts) => {
  opts.ignoreChanges = [...(opts.ignoreChanges ?? []), "marked"];
};

const everyHook: Required<GcpCmbClusterArgs>["transform"] = {
  services: { service: mark },
  logs: { bucket: mark, sink: mark, exclusion: mark },
  network: { vpc: mark, subnet: mark, router: mark, natAddress: mark, nat: mark, webhooks: mark },
  nodeIdentity: { account: mark, role: mark },
  cluster: { cluster: mark },
  nodePools: { system: mark, users: mark },
  registry: { repository: mark, reader: mark },
  buckets: { database: mark, logs: mark, logWriter: mark },
  ingress: { address: mark },
  dns: { zone: mark, record: mark },
  workloads: {
    account: mark,
    trust: mark,
    role: mark,
    projectBinding: mark,
    bucketBinding: mark,
    zoneBinding: mark,
  },
  secrets: { secret: mark, version: mark },
};

test("every child can be changed by a transform of its own, and a transform never changes the caller's objects", async () => {
  const { recording } = await record(
    () => {
      const cluster = someCluster({
        transform: everyHook,
        network: { ...someNetwork, natAddresses: 1, webhookPorts: [9443] },
      });
      cluster.bindWorkload("backend", {
        namespace: "n",
        serviceAccount: "s",
        grants: [
          { verb: "manage-user-buckets" },
          { verb: "replicate-database", bucket: cluster.buckets.database },
          { verb: "answer-dns-challenge" },
        ],
      });
      cluster.keepSecret("word", { description: "a word", value: settledSecret() });
    },
    { computed: computedGcp },
  );
  const children = recording.resources.filter((r) => r.type.startsWith("gcp:"));
  expect(children.length).toBeGreaterThan(40);
  const untouched = children.filter((r) => !r.ignoreChanges.includes("marked")).map((r) => r.name);
  expect(untouched).toEqual([]);
  const args = { a: 1 };
  const [changed] = shaped<{ a: number }>((mine) => (mine.a = 2), args, { dependsOn: [] });
  expect([args.a, changed.a]).toEqual([1, 2]);
});

test("a component used alone hands what it waits for on to its children, as a list or a single resource", async () => {
  const { recording } = await record(() => {
    const provider = gcpProvider("gcp", { project: "acme-science", region: "europe-west4" });
    const all = { project: "acme-science" };
    const first = new Services("first", all, { provider });
    new Services("alone", all, { provider, dependsOn: first });
    new Services("listed", all, { provider, dependsOn: [first] });
  });
  const before = recording.one("first-compute").urn;
  expect(recording.one("alone-compute").dependencies).toContain(before);
  expect(recording.one("listed-compute").dependencies).toContain(before);
});

const someNetwork = {
  nodesCidr: "10.0.0.0/20",
  podsCidr: "10.4.0.0/14",
  servicesCidr: "10.8.0.0/20",
  controlPlaneCidr: "172.16.0.0/28",
};

const settledSecret = () => pulumi.secret("hush");
