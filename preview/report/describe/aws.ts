import type { RecordedResource } from "../../engine";
import { BLOCK, PUBLIC_ACCESS } from "../stores";
import { at, numberAt, type Query, textAt, textsAt } from "../query";
import { count, distinct, facts, listed, range } from "../words";
import type { Describer } from ".";

const database = /-db-\d{12}$/;

/** One line a section on what is made at Amazon. */
export const aws: Readonly<Record<string, Describer>> = {
  network(query) {
    const located = query.ofType("aws:ec2/subnet:Subnet").map((subnet) => textAt(subnet, "availabilityZone"));
    const zones = distinct(located.filter((zone) => zone !== undefined));
    const nat = query.ofType("aws:ec2/natGateway:NatGateway").length;
    const vpcs = query.ofType("aws:ec2/vpc:Vpc");
    if (vpcs.length === 0) return undefined;
    return facts(
      `VPC ${vpcs.map((vpc) => textAt(vpc, "cidrBlock") ?? "?").join(", ")}`,
      zones.length > 0 && count(zones.length, "zone"),
      nat > 0 && count(nat, "NAT gateway"),
      isForwarding(query) && "NAT instance",
      query.ofType("aws:ec2/flowLog:FlowLog").length > 0 && "flow logs",
    );
  },
  cluster(query) {
    const [cluster] = query.ofType("aws:eks/cluster:Cluster");
    if (!cluster) return undefined;
    const asleep = query.ofType("aws:scheduler/schedule:Schedule").length > 0 ? "; sleeps by schedule" : "";
    return `EKS ${textAt(cluster, "version") ?? "newest"}${hasPrivateNodes(query) ? ", private nodes" : ""}: ${listed(nodeGroups(query)) || "no nodes"}${asleep}`;
  },
  registry(query) {
    const repositories = query.ofType("aws:ecr/repository:Repository");
    if (repositories.length === 0) return undefined;
    const every = (path: string, value: unknown) => repositories.every((one) => at(one, path) === value);
    return facts(
      `ECR, ${count(repositories.length, "repository", "repositories")}`,
      every("imageTagMutability", "IMMUTABLE") && "tags immutable",
      every("imageScanningConfiguration.scanOnPush", true) && "scanned on push",
    );
  },
  buckets(query) {
    const buckets = query.ofType("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2");
    const names = buckets.map((one) => textAt(one, "bucket") ?? one.name);
    const main = names.find((name) => database.test(name)) ?? names[0];
    if (main === undefined) return undefined;
    const versioned = query
      .ofType("aws:s3/bucketVersioning:BucketVersioning", "aws:s3/bucketVersioningV2:BucketVersioningV2")
      .some((one) => textAt(one, "versioningConfiguration.status") === "Enabled");
    const blocked = query
      .ofType(BLOCK)
      .filter((one) => PUBLIC_ACCESS.every((path) => at(one, path) === true));
    return facts(
      `S3 ${main}`,
      names.length > 1 && `and ${count(names.length - 1, "more", "more")}`,
      versioned && "versioned",
      blocked.length >= names.length && "no public access",
    );
  },
  identity(query) {
    const [pool] = query.ofType("aws:cognito/userPool:UserPool");
    if (!pool) return undefined;
    const mfa = textAt(pool, "mfaConfiguration")?.toLowerCase();
    const byAdminOnly = at(pool, "adminCreateUserConfig.allowAdminCreateUserOnly");
    return facts(
      `Cognito pool ${textAt(pool, "name") ?? pool.name}`,
      mfa && `MFA ${mfa === "on" ? "required" : mfa}`,
      byAdminOnly === true && "no self sign-up",
      byAdminOnly === false && "open to self sign-up",
    );
  },
  "workload-iam"(query) {
    const roles = query.ofType("aws:iam/role:Role");
    return roles.length === 0 ? undefined : `IRSA, ${count(roles.length, "role")} for service accounts`;
  },
  dns(query) {
    const records = query.ofType("aws:route53/record:Record").map((one) => textAt(one, "name") ?? "?");
    const [zone] = query.ofType("aws:route53/zone:Zone");
    if (!zone && records.length === 0) return undefined;
    return facts(
      zone ? `Route 53 zone ${textAt(zone, "name") ?? zone.name} (made here)` : "Route 53 zone (existing)",
      records.length > 0 && `records ${distinct(records).join(" ")}`,
    );
  },
  secrets(query) {
    const names = query
      .ofType("aws:secretsmanager/secret:Secret")
      .map((one) => textAt(one, "name") ?? one.name);
    return names.length === 0 ? undefined : `Secrets Manager ${listed(names)}`;
  },
};

/** True when an instance takes the place of a NAT gateway. */
function isForwarding(query: Query): boolean {
  return query.ofType("aws:ec2/instance:Instance").some((one) => at(one, "sourceDestCheck") === false);
}

/** True when every node group lies in subnets without a route to an internet gateway. */
function hasPrivateNodes(query: Query): boolean {
  const groups = query.known("aws:eks/nodeGroup:NodeGroup");
  const subnets = groups.map((group) => group.propertyDependencies["subnetIds"] ?? []);
  const open = publicSubnets(query);
  return groups.length > 0 && subnets.every((own) => own.length > 0 && own.every((urn) => !open.has(urn)));
}

/** URNs of the subnets whose route table leads to an internet gateway. */
function publicSubnets(query: Query): ReadonlySet<string> {
  const on = (resource: RecordedResource, property: string) => resource.propertyDependencies[property] ?? [];
  const tables = query
    .known("aws:ec2/route:Route")
    .filter((route) => on(route, "gatewayId").length > 0)
    .flatMap((route) => on(route, "routeTableId"));
  const associations = query
    .known("aws:ec2/routeTableAssociation:RouteTableAssociation")
    .filter((association) => on(association, "routeTableId").some((urn) => tables.includes(urn)));
  return new Set(associations.flatMap((association) => on(association, "subnetId")));
}

/** `system 1–3 t3.large`: groups of one purpose, one a zone, are summed up. */
function nodeGroups(query: Query): string[] {
  const pools = new Map<string, RecordedResource[]>();
  for (const group of query.ofType("aws:eks/nodeGroup:NodeGroup")) {
    const pool = /system|users?/.exec(group.name)?.[0] ?? group.name;
    pools.set(pool, [...(pools.get(pool) ?? []), group]);
  }
  return [...pools].map(([pool, groups]) => {
    const sum = (path: string) => groups.reduce((total, group) => total + (numberAt(group, path) ?? 0), 0);
    // Of several types, which only spot nodes have, the first stands for those like it.
    const types = distinct(groups.flatMap((group) => instanceTypes(query, group).slice(0, 1)));
    const spot = groups.some((group) => textAt(group, "capacityType") === "SPOT") ? "spot " : "";
    return `${pool} ${range(sum("scalingConfig.minSize"), sum("scalingConfig.maxSize"))} ${spot}${types.join("/")}`.trim();
  });
}

function instanceTypes(query: Query, group: RecordedResource): string[] {
  const own = textsAt(group, "instanceTypes");
  if (own.length > 0) return own;
  return group.dependencies
    .map((urn) => query.byUrn(urn))
    .filter((one) => one?.type === "aws:ec2/launchTemplate:LaunchTemplate")
    .map((template) => textAt(template!, "instanceType"))
    .filter((type) => type !== undefined);
}
