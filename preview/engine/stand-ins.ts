import type { ChildModel, ChildState } from "./models/component";
import type { RecordedResource } from "./recording";
import { isMap, Unknown, type Value, type ValueMap } from "./values";

/**
 * Names in place of what only the cloud knows, for a second run of the program: a policy with a made-up id in it is
 * then a document that can be read, and compared with another one. Such a run is never what is shown as the plan.
 */

/** What stands for an output: `<issuer of cmb-cluster>`. */
export function standIn(output: string, name: string): string {
  return `<${output} of ${name}>`;
}

/** True for a text that is nothing but one stand-in: an id passed on as it is. */
export function isStandIn(text: string): boolean {
  return /^<\w+ of [^<>]+>$/.test(text);
}

/**
 * Outputs that are text wherever a resource of either cloud has them, from the output types of @pulumi/aws 7.48.0 and
 * @pulumi/gcp 9.37.0. The SDK leaves those unread that a resource does not have.
 */
const TEXTS = [
  "accountId",
  "address",
  "arn",
  "bucketDomainName",
  "bucketRegionalDomainName",
  "defaultSecurityGroupId",
  "dnsName",
  "domain",
  "email",
  "endpoint",
  "executionArn",
  "gatewayId",
  "hostedZoneId",
  "ipAddress",
  "keyId",
  "location",
  "member",
  "name",
  "ownerId",
  "primaryNetworkInterfaceId",
  "privateIp",
  "project",
  "publicIp",
  "repositoryUrl",
  "roleId",
  "selfLink",
  "uniqueId",
  "uniqueIdentifier",
  "url",
  "vpcId",
  "zoneId",
];

/** Outputs inside blocks and lists that the program takes values out of. */
const SHAPED: Readonly<Record<string, (name: string) => ValueMap>> = {
  "aws:eks/cluster:Cluster": (name) => ({
    // No certificateAuthority: a kubeconfig without one is unknown, as in the plan.
    identities: [{ oidcs: [{ issuer: `https://${standIn("issuer", name)}` }] }],
  }),
};

/**
 * An answer with names for what it leaves out or leaves unknown. Kubernetes objects are left as they are: their
 * outputs are objects, and nothing that bears rights is made of them.
 */
export function withStandIns(
  { type, name }: Pick<RecordedResource, "type" | "name">,
  state: ValueMap,
): ValueMap {
  if (/^(kubernetes|random|pulumi):/.test(type)) return state;
  const texts: ValueMap = Object.fromEntries(TEXTS.map((output) => [output, standIn(output, name)]));
  const shaped = SHAPED[type]?.(name) ?? {};
  return { ...texts, ...shaped, ...(named(state, "", name) as ValueMap) };
}

/** Unknown leaves inside blocks are those that the provider fills. */
function named(value: Value, key: string, name: string): Value {
  if (value instanceof Unknown) return standIn(key, name);
  if (Array.isArray(value)) return value.map((one) => named(one, key, name));
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([inner, one]) => [inner, named(one, inner, name)]));
}

/** Children of a remote component as if they existed, under such names, beside what was answered already. */
export function standingStates(
  answered: ReadonlyMap<string, ValueMap>,
  children: readonly ChildModel[],
  outputsOf: (child: ChildModel) => ValueMap,
): ReadonlyMap<string, ChildState> {
  const made = children.filter(({ custom }) => custom);
  return new Map([
    ...[...answered].map(([urn, outputs]): [string, ChildState] => [urn, { outputs }]),
    ...made.map((child): [string, ChildState] => [
      child.urn,
      { id: standIn("id", child.name), outputs: withStandIns(child, outputsOf(child)) },
    ]),
  ]);
}
