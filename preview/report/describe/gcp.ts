import type { RecordedResource } from "../../engine";
import { at, blocksAt, numberAt, type Query, textAt } from "../query";
import { count, distinct, facts, listed, range } from "../words";
import type { Describer } from ".";

/** One line a section on what is made at Google. */
export const gcp: Readonly<Record<string, Describer>> = {
  services(query) {
    const services = query.ofType("gcp:projects/service:Service");
    return services.length === 0 ? undefined : `${count(services.length, "API")} enabled`;
  },
  network(query) {
    const [subnet] = query.ofType("gcp:compute/subnetwork:Subnetwork");
    if (!subnet) return undefined;
    const secondary = blocksAt(subnet, "secondaryIpRanges").map((one) => textAt(one, "ipCidrRange") ?? "?");
    return facts(
      `VPC, nodes ${textAt(subnet, "ipCidrRange") ?? "?"}`,
      secondary.length > 0 && `pods and services ${listed(secondary)}`,
      query.ofType("gcp:compute/routerNat:RouterNat").length > 0 && "Cloud NAT",
      at(subnet, "logConfig") !== undefined && "flow logs",
    );
  },
  cluster(query) {
    const [cluster] = query.ofType("gcp:container/cluster:Cluster");
    if (!cluster) return undefined;
    const location = textAt(cluster, "location") ?? "";
    const shape = /-[a-z]$/.test(location) ? "zonal" : "regional";
    const channel = textAt(cluster, "releaseChannel.channel")?.toLowerCase();
    const isPrivate = at(cluster, "privateClusterConfig.enablePrivateNodes") === true;
    return `GKE ${facts(shape, channel && `${channel} channel`, isPrivate && "private nodes")}: ${listed(nodePools(query, cluster)) || "no nodes"}${query.ofType("gcp:cloudscheduler/job:Job").length > 0 ? "; sleeps by schedule" : ""}`;
  },
  registry(query) {
    const repositories = query.ofType("gcp:artifactregistry/repository:Repository");
    if (repositories.length === 0) return undefined;
    return facts(
      `Artifact Registry, ${count(repositories.length, "repository", "repositories")}`,
      repositories.every((one) => at(one, "dockerConfig.immutableTags") === true) && "tags immutable",
      repositories.every((one) => blocksAt(one, "cleanupPolicies").length > 0) && "cleaned up",
    );
  },
  buckets(query) {
    const buckets = query.ofType("gcp:storage/bucket:Bucket");
    const main = buckets.find((one) => textAt(one, "name")?.endsWith("-db")) ?? buckets[0];
    if (!main) return undefined;
    return facts(
      `GCS ${textAt(main, "name") ?? main.name} in ${textAt(main, "location") ?? "?"}`,
      buckets.length > 1 && `and ${count(buckets.length - 1, "more", "more")}`,
      at(main, "versioning.enabled") === true && "versioned",
      buckets.every((one) => textAt(one, "publicAccessPrevention") === "enforced") && "no public access",
    );
  },
  "workload-iam"(query) {
    const accounts = query.ofType("gcp:serviceaccount/account:Account");
    if (accounts.length === 0) return undefined;
    return `Workload Identity, ${count(accounts.length, "service account")}`;
  },
  dns(query) {
    const records = query
      .ofType("gcp:dns/recordSet:RecordSet")
      .map((one) => textAt(one, "name")?.replace(/\.$/, "") ?? "?");
    const [zone] = query.ofType("gcp:dns/managedZone:ManagedZone");
    if (!zone && records.length === 0) return undefined;
    const domain = zone && textAt(zone, "dnsName")?.replace(/\.$/, "");
    return facts(
      zone ? `Cloud DNS zone ${domain ?? zone.name} (made here)` : "Cloud DNS zone (existing)",
      records.length > 0 && `records ${distinct(records).join(" ")}`,
    );
  },
  secrets(query) {
    const names = query
      .ofType("gcp:secretmanager/secret:Secret")
      .map((one) => textAt(one, "secretId") ?? one.name);
    return names.length === 0 ? undefined : `Secret Manager ${listed(names)}`;
  },
  logs(query) {
    const stores = query.ofType("gcp:logging/projectBucketConfig:ProjectBucketConfig").map((store) => {
      const days = numberAt(store, "retentionDays");
      return facts(textAt(store, "bucketId") ?? store.name, days !== undefined && `${count(days, "day")}`);
    });
    return stores.length === 0 ? undefined : `Cloud Logging ${stores.join("; ")}`;
  },
};

/** `system 1–3 e2-standard-2`; bounds of a pool are over all zones, or a zone's times the zones. */
function nodePools(query: Query, cluster: RecordedResource): string[] {
  return query.ofType("gcp:container/nodePool:NodePool").map((pool) => {
    const locations = at(pool, "nodeLocations") ?? at(cluster, "nodeLocations");
    const zones = Array.isArray(locations) ? Math.max(locations.length, 1) : 1;
    const bound = (total: string, perZone: string) =>
      numberAt(pool, `autoscaling.${total}`) ?? (numberAt(pool, `autoscaling.${perZone}`) ?? 0) * zones;
    const name = /system|users?/.exec(pool.name)?.[0] ?? pool.name;
    const nodes = range(
      bound("totalMinNodeCount", "minNodeCount"),
      bound("totalMaxNodeCount", "maxNodeCount"),
    );
    const spot = at(pool, "nodeConfig.spot") === true ? "spot " : "";
    return `${name} ${nodes} ${spot}${textAt(pool, "nodeConfig.machineType") ?? ""}`.trim();
  });
}
