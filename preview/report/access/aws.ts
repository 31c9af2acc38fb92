import type { RecordedResource } from "../../engine";
import type { GrantReport } from "../grants";
import { inWords } from "../grants/aws";
import { parsePolicy, type Statement } from "../grants/statements";
import { at, type Query, textAt, textsAt } from "../query";
import { ANYONE } from "../words";

/** Policies that stand at a thing, trust of roles, administrators of the cluster. */
export function awsAccess(query: Query): GrantReport[] {
  return query.resources.flatMap((resource) => accessBy(query, resource));
}

/** What one resource gives; nothing where it is not Amazon's. */
export function accessBy(query: Query, resource: RecordedResource): GrantReport[] {
  if (!resource.type.startsWith("aws:")) return [];
  if (resource.type === "aws:iam/role:Role") return trustOf(resource);
  if (resource.type === "aws:eks/accessPolicyAssociation:AccessPolicyAssociation") {
    return administrators(query, resource);
  }
  if (resource.type === "aws:eks/accessEntry:AccessEntry") return members(query, resource);
  return policiesAt(resource);
}

/** Inputs in which types keep such a policy; in one of an identity (`aws:iam`) no statement names a principal. */
const DOCUMENTS = ["policy", "accessPolicy", "resourcePolicy", "secretPolicy", "policyText"];

function policiesAt(resource: RecordedResource): GrantReport[] {
  const statements = DOCUMENTS.flatMap((key) => statementsOf(textAt(resource, key)));
  const [thing] = ["bucket", "repository", "queueUrl", "topic", "name"]
    .map((key) => textAt(resource, key))
    .filter((name) => name !== undefined);
  return statements.flatMap((statement) =>
    statement.principals.map((principal): GrantReport => {
      // In the policy of a key or a secret `*` is that thing itself (KMS Developer Guide, "Key policies in AWS KMS").
      const own = statement.resources.every((one) => one === "*");
      const resources = own ? [thing ?? resource.name] : statement.resources;
      return {
        ...grantTo(principal, statement),
        ...inWords({ ...statement, resources }, []),
        actions: statement.actions,
        resources,
      };
    }),
  );
}

/** Who may become a role. */
function trustOf(role: RecordedResource): GrantReport[] {
  const name = textAt(role, "name") ?? role.name;
  return statementsOf(textAt(role, "assumeRolePolicy")).flatMap((statement) =>
    statement.principals.map((principal) => ({
      ...grantTo(principal, statement),
      verbs: [`act as role ${name}`],
      on: [],
      actions: statement.actions,
      resources: [`role ${name}`],
    })),
  );
}

function grantTo(principal: string, { effect, condition }: Statement) {
  return {
    who: whoIs(principal, condition),
    identity: principal,
    effect,
    ...(condition ? { condition } : {}),
  };
}

function statementsOf(document: string | undefined): Statement[] {
  if (document === undefined || !/"(Not)?Principal"/.test(document)) return [];
  return parsePolicy(document);
}

function whoIs(principal: string, condition: string | undefined): string {
  if (principal.startsWith("not ")) return `${ANYONE} but ${principal.slice("not ".length)}`;
  if (principal === "*") return condition === undefined ? ANYONE : `${ANYONE} who meets a condition`;
  if (principal.includes(":oidc-provider/")) {
    const subjects = [...(condition ?? "").matchAll(/system:serviceaccount:([^":]+):([^"]+)"/g)];
    if (subjects.length === 0) return "any service account of the cluster";
    return subjects.map(([, namespace, account]) => `${namespace}/${account}`).join(", ");
  }
  return principal.replace(/^arn:aws:iam::(\d+):root$/, "account $1").replace(/^arn:aws:iam::\d+:/, "");
}

/** Policies of EKS in words (EKS User Guide, "Review access policy permissions"). */
const CLUSTER_POLICIES: Readonly<Record<string, string>> = {
  AmazonEKSClusterAdminPolicy: "administer the cluster: everything in it",
  AmazonEKSAdminPolicy: "administer what is in the cluster's namespaces",
  AmazonEKSEditPolicy: "change what is in the cluster's namespaces",
  AmazonEKSViewPolicy: "read what is in the cluster's namespaces",
};

function administrators(query: Query, association: RecordedResource): GrantReport[] {
  const policy = textAt(association, "policyArn") ?? "[unknown]";
  const name = policy.split("/").at(-1)!;
  const namespaces = textsAt(association, "accessScope.namespaces");
  return [
    {
      ...principalOf(query, association),
      effect: "allow",
      verbs: [CLUSTER_POLICIES[name] ?? `use what ${name} allows in the cluster`],
      on: namespaces,
      actions: [policy],
      resources: namespaces.length > 0 ? namespaces : ["the cluster"],
    },
  ];
}

/** Groups of Kubernetes that an entry puts somebody into. */
function members(query: Query, entry: RecordedResource): GrantReport[] {
  const groups = textsAt(entry, "kubernetesGroups");
  if (groups.length === 0) return [];
  return [
    {
      ...principalOf(query, entry),
      effect: "allow",
      verbs: [`do in the cluster what its groups ${groups.join(", ")} may`],
      on: [],
      actions: groups.map((group) => `group ${group}`),
      resources: ["the cluster"],
    },
  ];
}

function principalOf(query: Query, resource: RecordedResource): Pick<GrantReport, "who" | "identity"> {
  const arn = textAt(resource, "principalArn");
  if (arn !== undefined) return { who: whoIs(arn, undefined), identity: arn };
  const [urn] =
    at(resource, "principalArn") === undefined ? [] : (resource.propertyDependencies["principalArn"] ?? []);
  const known = urn && query.byUrn(urn);
  const who = known ? `role ${textAt(known, "name") ?? known.name}` : "somebody known only after up";
  return { who, identity: who };
}
