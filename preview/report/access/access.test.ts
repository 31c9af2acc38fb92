import { UNKNOWN, type ValueMap } from "../../engine";
import { findExposure } from "../exposure";
import { GraphBuilder } from "../fixtures/graph";
import { findGrants } from "../grants";
import { Query } from "../query";
import { findAccess } from ".";

type Given = readonly [type: string, name: string, inputs: ValueMap];
const queryOf = (...resources: readonly Given[]) => {
  const graph = new GraphBuilder();
  resources.forEach(([type, name, inputs]) => graph.add(type, name, graph.root, inputs));
  return Query.of(graph.recording());
};
const told = (...resources: readonly Given[]) =>
  findAccess(queryOf(...resources)).map(({ who, effect, verbs }) => `${effect} ${who}: ${verbs.join(", ")}`);
const policy = (...statements: object[]) => JSON.stringify({ Statement: statements });
const allow = (principal: unknown, action: string, more: object = {}) => ({
  ...{ Effect: "Allow", Principal: principal, Action: action, Resource: "*" },
  ...more,
});

test("[W3] a policy that stands at a bucket, key or secret is read with whom it names; one of an identity is not", () => {
  const bucket = policy(
    allow("*", "s3:GetObject", { Resource: "arn:aws:s3:::data/*" }),
    allow("*", "s3:GetObject", { Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } }),
    { Effect: "Deny", NotPrincipal: { AWS: "arn:aws:iam::1:root" }, Action: "s3:*", Resource: "*" },
  );
  expect(told(["aws:s3/bucketPolicy:BucketPolicy", "b", { bucket: "data", policy: bucket }])).toEqual([
    "allow anyone on the internet: read objects",
    "allow anyone on the internet who meets a condition: read objects",
    "deny anyone on the internet but arn:aws:iam::1:root: s3:*",
  ]);
  const key = policy(allow({ AWS: ["arn:aws:iam::1:root", "arn:aws:iam::2:role/x"] }, "kms:Decrypt"));
  const [root, role] = findAccess(queryOf(["aws:kms/key:Key", "k", { policy: key }]));
  expect([root!.who, role!.who, root!.resources]).toEqual(["account 1", "role/x", ["k"]]);
  const own = policy({ Effect: "Allow", Action: "*", Resource: "*" });
  expect(told(["aws:iam/rolePolicy:RolePolicy", "p", { policy: own }])).toEqual([]);
  expect(told(["aws:s3/bucketPolicy:BucketPolicy", "b", { bucket: "data", policy: UNKNOWN }])).toEqual([]);
});

test("[W3] a role's trust says who may become it: service accounts by name, services, everybody", () => {
  const federated = { Federated: "arn:aws:iam::1:oidc-provider/<issuer of c>" };
  const sub = { StringEquals: { "<issuer of c>:sub": "system:serviceaccount:ns:app" } };
  const trust = policy(
    allow(federated, "sts:AssumeRoleWithWebIdentity", { Condition: sub }),
    allow(federated, "sts:AssumeRoleWithWebIdentity"),
    allow({ Service: "ec2.amazonaws.com", AWS: "*" }, "sts:AssumeRole"),
  );
  expect(told(["aws:iam/role:Role", "r", { name: "role", assumeRolePolicy: trust }])).toEqual([
    "allow ns/app: act as role role",
    "allow any service account of the cluster: act as role role",
    "allow ec2.amazonaws.com: act as role role",
    "allow anyone on the internet: act as role role",
  ]);
});

test("[W3] who administers an EKS cluster: by its policies, in namespaces only where they say so, by groups", () => {
  const arn = (name: string) => `arn:aws:eks::aws:cluster-access-policy/${name}`;
  const type = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation";
  const some = { principalArn: "arn:aws:iam::1:role/a", policyArn: arn("AmazonEKSEditPolicy") };
  expect(
    findAccess(
      queryOf(
        [type, "x", { ...some, accessScope: { type: "namespace", namespaces: ["ns"] } }],
        [type, "y", { principalArn: UNKNOWN, policyArn: arn("New") }],
        ["aws:eks/accessEntry:AccessEntry", "z", { ...some, kubernetesGroups: ["ops"] }],
        ["aws:eks/accessEntry:AccessEntry", "bare", some],
      ),
    ).map(({ who, verbs, on }) => [who, verbs[0], on]),
  ).toEqual([
    ["role/a", "change what is in the cluster's namespaces", ["ns"]],
    ["somebody known only after up", "use what New allows in the cluster", []],
    ["role/a", "do in the cluster what its groups ops may", []],
  ]);
});

test("[W3] who may act as a service account of Google, each of several members, with what it may then do", () => {
  const account = "projects/p/serviceAccounts/backend@p.iam.gserviceaccount.com";
  const role = "roles/iam.workloadIdentityUser";
  const member = (name: string) => `serviceAccount:p.svc.id.goog[${name}]`;
  const query = queryOf(
    [
      "gcp:serviceaccount/iAMBinding:IAMBinding",
      "t",
      { role, serviceAccountId: account, members: [member("ns/app"), member("default/default"), "allUsers"] },
    ],
    [
      "gcp:storage/bucketIAMMember:BucketIAMMember",
      "b",
      {
        bucket: "data",
        role: "roles/storage.objectViewer",
        member: "serviceAccount:backend@p.iam.gserviceaccount.com",
      },
    ],
    [
      "gcp:storage/bucketIAMMember:BucketIAMMember",
      "open",
      { bucket: "data", role: "roles/storage.objectViewer", member: "allUsers" },
    ],
  );
  expect(findAccess(query).map(({ who, verbs }) => `${who} may ${verbs[0]}`)).toEqual([
    "ns/app may act as service account backend",
    "default/default may act as service account backend",
    "anyone on the internet may act as service account backend",
  ]);
  expect(findGrants(query).map(({ who }) => who)).toEqual([
    "ns/app",
    "default/default",
    "anyone on the internet",
  ]);
  expect(findExposure(query).map(({ what, who }) => `${what}: ${who}`)).toEqual([
    "backend@p.iam.gserviceaccount.com, by its policy: anyone on the internet",
    "data, by its policy: anyone on the internet",
  ]);
});

test("[W3] a binding of Kubernetes gives the rules of its role, where this stack makes it", () => {
  const rbac = (kind: string) => `kubernetes:rbac.authorization.k8s.io/v1:${kind}`;
  const rules: ValueMap[] = [
    { apiGroups: ["", "apps"], resources: ["pods"], verbs: ["get"], resourceNames: ["a"] },
    { nonResourceURLs: ["/metrics"], verbs: ["get"] },
  ];
  const subjects: ValueMap[] = [
    { kind: "ServiceAccount", name: "app" },
    { kind: "ServiceAccount", name: "app", namespace: "other" },
    { kind: "Group", name: "ops" },
  ];
  const found = findAccess(
    queryOf(
      [rbac("Role"), "r", { metadata: { name: "r", namespace: "ns" }, rules }],
      [
        rbac("RoleBinding"),
        "b",
        { metadata: { namespace: "ns" }, roleRef: { kind: "Role", name: "r" }, subjects },
      ],
      [
        rbac("ClusterRoleBinding"),
        "c",
        {
          roleRef: { kind: "ClusterRole", name: "cluster-admin" },
          subjects: [{ kind: "User", name: "ada" }],
        },
      ],
    ),
  );
  expect(found.map(({ who }) => who)).toEqual(["ns/app", "other/app", "group ops", "user ada"]);
  expect(found[0]!.actions).toEqual(["get pods named a", "get apps/pods named a", "get /metrics"]);
  expect(found[3]).toMatchObject({
    verbs: ["do what ClusterRole cluster-admin allows in the cluster"],
    actions: ["ClusterRole cluster-admin"],
  });
});

test("[P8] public access that nothing blocks is a way in: of a bucket on either cloud", () => {
  const block = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
  const all = {
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  };
  const ways = (...resources: readonly Given[]) =>
    findExposure(queryOf(...resources)).map(({ what }) => what);
  expect(ways([block, "b", { bucket: "data", ...all }])).toEqual([]);
  expect(ways([block, "b", { bucket: UNKNOWN, ...all, blockPublicPolicy: false }])).toEqual([
    "buckets by b, public access not blocked (blockPublicPolicy)",
  ]);
  const bucket = (publicAccessPrevention: string) =>
    ways(["gcp:storage/bucket:Bucket", "g", { publicAccessPrevention }]);
  expect(bucket("enforced")).toEqual([]);
  expect(bucket("inherited")).toEqual(["bucket g, public access not prevented"]);
});
