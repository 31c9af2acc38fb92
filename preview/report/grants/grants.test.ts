import { reportOf } from "../build";
import { awsGraph } from "../fixtures/aws";
import { gcpGraph } from "../fixtures/gcp";
import { GraphBuilder } from "../fixtures/graph";
import { type ValueMap, UNKNOWN } from "../../engine";
import type { GrantReport } from ".";
import { summariseGrants } from "./summary";

const grantsOf = (graph: GraphBuilder) =>
  reportOf(graph.recording(), { faults: [], toSupply: [], findings: [] }).grants;

test("grants say in words who may do what, the application first, the cloud's services last: Amazon", () => {
  expect(summariseGrants(grantsOf(awsGraph()))).toEqual([
    {
      who: "cmbcluster/cmbcluster-ksa",
      words:
        "may create buckets, write objects and abort unfinished uploads in andromeda-*, orion-*, draco-*, … (5 patterns); " +
        "list all buckets; ses:SendEmail on anything under conditions; not iam:* on all but user/x; " +
        "never delete old versions for good on cmb-db-123456789012",
    },
    { who: "kube-system/aws-load-balancer-controller", words: "may use what L allows" },
    { who: "kube-system/s3-csi-driver-sa", words: "may do what is known only after up" },
    { who: "EKS add-on aws-ebs-csi-driver", words: "may use what E allows" },
    { who: "ec2.amazonaws.com (cmb-node)", words: "may run nodes" },
  ]);
});

test("grants say in words who may do what: Google", () => {
  expect(summariseGrants(grantsOf(gcpGraph()))).toEqual([
    {
      who: "cmbcluster/cmbcluster-ksa",
      words:
        "may read, write and delete objects of proj-cmb-db; manage buckets andromeda-*, orion-* and their objects; " +
        "create buckets and list all buckets in project proj",
    },
    {
      who: "service account cmb-nodes",
      words: "may pull images; act as roles/odd.one in project proj under conditions",
    },
  ]);
});

/** The words for a role on Amazon with these statements. */
const amazon = (statements: object[] | undefined, component: ValueMap = {}) => {
  const graph = new GraphBuilder();
  const binding = graph.component("aws", "WorkloadIam", {
    namespace: "n",
    serviceAccount: "s",
    ...component,
  });
  graph.add("aws:iam/role:Role", "r", binding, { name: "r", assumeRolePolicy: UNKNOWN });
  const policy = statements
    ? JSON.stringify({ Statement: statements.map((one) => ({ Effect: "Allow", ...one })) })
    : UNKNOWN;
  graph.add("aws:iam/rolePolicy:RolePolicy", "p", binding, { role: "r", policy });
  return summariseGrants(grantsOf(graph)).map(({ words }) => words)[0];
};

/** The words for a custom role on Google, bound to a bucket. */
const google = (...permissions: string[]) => {
  const graph = new GraphBuilder();
  graph.add("gcp:projects/iAMCustomRole:IAMCustomRole", "role", graph.root, { roleId: "mine", permissions });
  graph.add("gcp:storage/bucketIAMMember:BucketIAMMember", "b", graph.root, {
    bucket: "orion-*",
    role: "projects/p/roles/mine",
    member: "group:g@example.org",
  });
  return summariseGrants(grantsOf(graph)).map(({ words }) => words)[0];
};

test("a policy that only up knows is told in the verbs its component was given, and said to be", () => {
  expect(amazon(undefined, { verbs: ["answer-dns-challenge"] })).toBe(
    "may answer DNS challenges in the zone (exact policy known after up)",
  );
  expect(amazon(undefined, { verbs: ["sign-out-users", "new-verb"] })).toBe(
    "may sign users out and new-verb (exact policy known after up)",
  );
  expect(amazon(undefined)).toBe("may do what is known only after up");
  expect(amazon([{ Action: "sts:x", Resource: "*" }], { verbs: ["sign-out-users"] })).not.toContain("sign");
});

describe("the same words on both clouds", () => {
  const mine = { StringEquals: { "aws:ResourceAccount": "1" } };
  const bucket = "arn:aws:s3:::orion-*-????";

  test("all on buckets and their objects is managing them", () => {
    const words = "may create and manage buckets orion-* and their objects";
    expect(
      amazon([
        { Action: "s3:CreateBucket", Resource: bucket },
        {
          Action: ["s3:DeleteBucket", "s3:GetBucketPolicy", "s3:PutBucketPolicy"],
          Resource: bucket,
          Condition: mine,
        },
        { Action: ["s3:GetBucketLocation", "s3:PutBucketTagging"], Resource: bucket, Condition: mine },
        {
          Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion"],
          Resource: `${bucket}/*`,
        },
      ]),
    ).toBe(words);
    const buckets = ["create", "delete", "get", "update", "getIamPolicy", "setIamPolicy"];
    const objects = ["create", "delete", "get", "list"];
    expect(
      google(
        ...buckets.map((one) => `storage.buckets.${one}`),
        ...objects.map((one) => `storage.objects.${one}`),
      ),
    ).toBe(words);
  });

  test("managing buckets without all on their objects says which", () => {
    const manage = ["s3:DeleteBucket", "s3:GetBucketLocation", "s3:PutBucketTagging"];
    expect(amazon([{ Action: [...manage, "s3:GetObject"], Resource: bucket }])).toBe(
      "may manage buckets orion-*; read objects of orion-*",
    );
    expect(
      google(...["delete", "get", "update"].map((one) => `storage.buckets.${one}`), "storage.objects.get"),
    ).toBe("may manage buckets orion-*; read objects of orion-*");
  });

  test("deciding who has access is told where it is all there is, and deleting for good always", () => {
    expect(amazon([{ Action: "s3:PutBucketPolicy", Resource: bucket }])).toBe(
      "may decide who has access on orion-*",
    );
    expect(google("storage.buckets.setIamPolicy")).toBe("may decide who has access on orion-*");
    const actions = ["s3:GetObject", "s3:PutObject", "s3:DeleteObjectVersion", "s3:ListBucket"];
    expect(amazon([{ Action: actions, Resource: "arn:aws:s3:::db" }])).toBe(
      "may read and write objects and delete old versions for good on db",
    );
  });

  test("reading and writing come in one order, whichever the cloud's list has", () => {
    expect(amazon([{ Action: ["s3:PutObject", "s3:GetObject"], Resource: bucket }])).toBe(
      "may read and write objects of orion-*",
    );
    expect(google("storage.objects.create", "storage.objects.get")).toBe(
      "may read and write objects of orion-*",
    );
    expect(google("storage.objects.create")).toBe("may write objects to orion-*");
  });
});

test("a key is told by its alias and by the way it may be used", () => {
  const key = "arn:aws:kms:r:1:key/*";
  const Condition = {
    "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/data" },
    StringEquals: { "kms:ViaService": "s3.r.amazonaws.com" },
  };
  const Action = ["kms:GenerateDataKey", "kms:Decrypt"];
  expect(amazon([{ Action, Resource: key, Condition }])).toBe("may use the key data through S3");
  expect(amazon([{ Action: [...Action, "kms:CreateGrant"], Resource: [key, `${key}a`] }])).toBe(
    "may use the keys key/*, key/*a; kms:CreateGrant on key/*, key/*a",
  );
});

test("what is allowed on anything is not told again on something", () => {
  expect(
    amazon([
      {
        Action: ["logs:CreateLogStream", "logs:DescribeLogStreams"],
        Resource: "arn:aws:logs:r:1:log-group:/x:*",
      },
      { Action: "logs:DescribeLogGroups", Resource: "*" },
    ]),
  ).toBe("may write logs to /x; look for log groups");
});

test("a condition that narrows is told, in words where there are any", () => {
  const resize = { Action: "autoscaling:SetDesiredCapacity" };
  const Resource = "arn:aws:autoscaling:r:1:autoScalingGroup:*:autoScalingGroupName/eks-*";
  const tagged = { StringEquals: { "aws:ResourceTag/k8s.io/cluster-autoscaler/c": "owned" } };
  expect(amazon([{ ...resize, Resource, Condition: tagged }])).toBe(
    "may resize node groups eks-* tagged for this cluster",
  );
  expect(amazon([{ ...resize, Resource, Condition: { Bool: { x: "y" } } }])).toBe(
    "may resize node groups eks-* under conditions",
  );
});

test("who is only denied may do nothing", () => {
  const denied: GrantReport = {
    who: "w",
    identity: "w",
    effect: "deny",
    verbs: ["read secrets"],
    on: ["x"],
    actions: ["a"],
    resources: ["x"],
  };
  expect(summariseGrants([denied])).toEqual([{ who: "w", words: "may do nothing; never read secrets on x" }]);
});
