import { type RecordedResource, Reference } from "../../engine";
import { at, type Query, textAt, textsAt } from "../query";
import { distinct } from "../words";
import { parsePolicy, type Statement } from "./statements";
import { neutralVerbs, userOfRole, workloadOf } from "./workload";
import type { GrantReport } from ".";

/** Patterns of actions and what they let one do, the most telling first; anything else is shown as it is. */
const VERBS: readonly (readonly [pattern: RegExp, words: string])[] = [
  [/^s3:CreateBucket$/, "create buckets"],
  [/^s3:DeleteBucket$/, "delete buckets"],
  [/^s3:ListAllMyBuckets$/, "list all buckets"],
  [/^s3:(GetObject|GetObjectVersion)/, "read objects"],
  [/^s3:PutObject/, "write objects"],
  [/^s3:AbortMultipartUpload$/, "abort unfinished uploads"],
  [/^s3:ListMultipartUploadParts$/, "list unfinished uploads"],
  [/^s3:DeleteObject$/, "delete objects"],
  [/^s3:DeleteObjectVersion$/, "delete old versions for good"],
  [/^s3:ListBucket/, "list objects"],
  [/^s3:GetBucketPolicy$/, "see who has access"],
  [/^s3:PutBucketPolicy$/, "decide who has access"],
  [/^s3:(Get(Bucket|Lifecycle|Encryption))/, "read bucket settings"],
  [/^s3:(Put(Bucket|Lifecycle|Encryption))/, "change bucket settings"],
  [/^route53:ChangeResourceRecordSets$/, "write DNS records"],
  [/^route53:(List|Get)/, "read DNS records"],
  [/^cognito-idp:AdminUserGlobalSignOut$/, "sign users out"],
  [/^autoscaling:(SetDesiredCapacity|TerminateInstance)/, "resize node groups"],
  [/^(autoscaling|eks):Describe/, "read node groups"],
  [/^ec2:Describe|^ec2:Get/, "read EC2 facts"],
  [/^elasticloadbalancing:(Register|Deregister)/, "bind load-balancer targets"],
  [/^elasticloadbalancing:Describe/, "read load balancers"],
  [/^kms:(Decrypt|DescribeKey)/, "decrypt with keys"],
  [/^kms:(Encrypt|GenerateDataKey|ReEncrypt)/, "encrypt with keys"],
  [/^secretsmanager:GetSecretValue/, "read secrets"],
  [/^logs:(Create|Put)/, "write logs"],
  [/^logs:Describe/, "look for log groups"],
  [/^sts:/, "assume roles"],
];

/** Actions that know no resource: that they apply to anything goes without saying. */
const ACCOUNT_WIDE =
  /^(s3:ListAllMyBuckets|(ec2|autoscaling|elasticloadbalancing):Describe.*|ec2:GetInstanceTypesFrom.*)$/;

/** Amazon's own policies in words; any other is shown by its name. */
const MANAGED: Readonly<Record<string, string>> = {
  AmazonEKSWorkerNodePolicy: "run nodes",
  AmazonEC2ContainerRegistryPullOnly: "pull images",
  AmazonEKSClusterPolicy: "run the control plane",
  AmazonEKS_CNI_Policy: "give pods addresses of the VPC",
  AmazonEBSCSIDriverPolicyV2: "manage disks",
};

/** What the roles of IAM may do: their own, attached and managed policies. */
export function awsGrants(query: Query): GrantReport[] {
  return query.ofType("aws:iam/role:Role").flatMap((role) => {
    const identity = textAt(role, "name") ?? role.name;
    const who = workloadOf(query, role) ?? userOfRole(query, identity) ?? subjectOfTrust(role) ?? identity;
    const grants = policiesOf(query, role).map((statement) => ({
      who,
      identity,
      effect: statement.effect,
      ...inWords(statement, neutralVerbs(query, role)),
      actions: statement.actions,
      resources: statement.resources,
      ...(statement.condition ? { condition: statement.condition } : {}),
    }));
    const managed = managedPolicies(query, role).map((arn) => ({
      who,
      identity,
      effect: "allow" as const,
      verbs: [managedInWords(arn.split("/").at(-1)!)],
      on: [],
      actions: [arn],
      resources: [],
    }));
    return [...grants, ...managed];
  });
}

/** Names a service (`eks.amazonaws.com`) or account that may assume the role. */
function subjectOfTrust(role: RecordedResource): string | undefined {
  const document = textAt(role, "assumeRolePolicy");
  const sub = document && /system:serviceaccount:([^"]+)"/.exec(document)?.[1];
  if (sub) return sub.replace(":", "/");
  const service = document && /"([a-z0-9.-]+\.amazonaws\.com)"/.exec(document)?.[1];
  return service ? `${service} (${textAt(role, "name") ?? role.name})` : undefined;
}

function policiesOf(query: Query, role: RecordedResource): Statement[] {
  const inline = query
    .ofType("aws:iam/rolePolicy:RolePolicy")
    .filter((policy) => belongsTo(policy, role))
    .flatMap((policy) => parsePolicy(textAt(policy, "policy")));
  const attached = attachments(query, role).flatMap((attachment) =>
    attachment.dependencies
      .map((urn) => query.byUrn(urn))
      .filter((one) => one?.type === "aws:iam/policy:Policy")
      .flatMap((policy) => parsePolicy(textAt(policy!, "policy"))),
  );
  const blocks = at(role, "inlinePolicies");
  const own = Array.isArray(blocks)
    ? blocks.flatMap((_, i) => parsePolicy(textAt(role, `inlinePolicies[${i}].policy`)))
    : [];
  return [...inline, ...attached, ...own];
}

function managedPolicies(query: Query, role: RecordedResource): string[] {
  const attached = attachments(query, role)
    .map((attachment) => textAt(attachment, "policyArn"))
    .filter((arn) => arn?.startsWith("arn:aws:iam::aws:"));
  return distinct([...attached, ...textsAt(role, "managedPolicyArns")] as string[]);
}

function attachments(query: Query, role: RecordedResource): RecordedResource[] {
  return query
    .ofType("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    .filter((attachment) => belongsTo(attachment, role));
}

/** By reference, by name where it is known while planning, else by what the property depends on. */
function belongsTo(policy: RecordedResource, role: RecordedResource): boolean {
  const given = at(policy, "role");
  if (given instanceof Reference) return given.urn === role.urn;
  const name = textAt(role, "name");
  if (typeof given === "string" && name !== undefined) return given === name;
  return (policy.propertyDependencies["role"] ?? policy.dependencies).includes(role.urn);
}

function managedInWords(policy: string): string {
  return MANAGED[policy] ?? `use what ${policy} allows`;
}

/** @param fallback what the component says of a policy that only `up` knows */
export function inWords(
  statement: Pick<Statement, "actions" | "resources" | "condition">,
  fallback: readonly string[],
): Pick<GrantReport, "verbs" | "on"> {
  const { actions, resources } = statement;
  if (actions.includes("[unknown]")) {
    return { verbs: fallback.length > 0 ? [...fallback] : ["do what is known only after up"], on: [] };
  }
  const verbs = distinct(
    actions.map((action) => VERBS.find(([pattern]) => pattern.test(action))?.[1] ?? action),
  );
  // Keys have made-up ids: a condition on their aliases says which are meant.
  const aliases = [...(statement.condition ?? "").matchAll(/"alias\/([^"]+)"/g)].map((match) => match[1]!);
  const names = aliases.length > 0 ? aliases : distinct(resources.map(shortName));
  const accountWide = actions.every((action) => ACCOUNT_WIDE.test(action));
  return { verbs, on: accountWide ? [] : names.includes("*") ? ["anything"] : names };
}

/** What of an ARN's last part says nothing to a reader, by service. */
const NOISE: Readonly<Record<string, RegExp>> = {
  autoscaling: /^.*autoScalingGroupName\//,
  eks: /^nodegroup\/|(\/\*)+$/g,
  elasticloadbalancing: /^targetgroup\/|\/\*$/g,
  logs: /^log-group:|:\*$/g,
  // An object is told as its bucket; the rest of a bucket's pattern (eight characters, a time) says no more.
  s3: /\/\*$|(?<=\*)-[?-]+(\/\*)?$/g,
};

/** `arn:aws:s3:::orion-*` and the objects in it are both `orion-*`; other ARNs lose account and region. */
function shortName(arn: string): string {
  if (arn.startsWith("not ")) return `all but ${shortName(arn.slice("not ".length))}`;
  const [, , service, , , ...rest] = arn.split(":");
  return service === undefined ? arn : rest.join(":").replace(NOISE[service] ?? "", "");
}
