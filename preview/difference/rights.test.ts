import { type Recording, Secret, UNKNOWN, type ValueMap } from "../engine";
import { reportOf } from "../report/build";
import { paint } from "../report/render/paint";
import { GraphBuilder } from "../report/fixtures/graph";
import { differenceOf } from ".";
import { bearsRights, filled, unseenRights } from "./rights";
import { sideOfRecording, sideOfReport } from "./side";
import { differenceText } from "./render/text";

const ROLE = "aws:iam/role:Role";
const role = (inputs: ValueMap): Recording => {
  const graph = new GraphBuilder();
  graph.add(ROLE, "r", graph.root, { name: "r", ...inputs });
  return graph.recording();
};

test("[P8] what bears rights: policies, trust, bindings, roles and their rules; nothing else", () => {
  const bears = [
    ["aws:iam/rolePolicy:RolePolicy", "policy"],
    [ROLE, "assumeRolePolicy"],
    ["aws:eks/accessPolicyAssociation:AccessPolicyAssociation", "policyArn"],
    ["gcp:projects/iAMMember:IAMMember", "member"],
    ["gcp:projects/iAMCustomRole:IAMCustomRole", "permissions"],
    ["kubernetes:rbac.authorization.k8s.io/v1:Role", "rules"],
  ] as const;
  expect(bears.filter(([type, key]) => !bearsRights(type, key))).toEqual([]);
  const none = [
    ["aws:ecr/lifecyclePolicy:LifecyclePolicy", "policy"],
    ["aws:ec2/subnet:Subnet", "vpcId"],
    ["gcp:storage/bucket:Bucket", "role"],
    ["kubernetes:core/v1:Secret", "rules"],
  ] as const;
  expect(none.filter(([type, key]) => bearsRights(type, key))).toEqual([]);
});

test("[P8] a document is read from the second run, an id that is passed on stays unknown, a secret stays one", () => {
  const plan = role({
    assumeRolePolicy: UNKNOWN,
    policyArn: UNKNOWN,
    tags: [UNKNOWN, "a"],
    key: new Secret(UNKNOWN),
  });
  const named = role({
    assumeRolePolicy: '{"Statement":["<id of zone>"]}',
    policyArn: "<arn of policy>",
    tags: ["x <id of a>", "a"],
    key: new Secret("in the clear"),
  });
  const { recording: read, unseen } = filled(plan, named);
  const { inputs } = read.resources[1]!;
  expect(inputs["assumeRolePolicy"]).toBe('{"Statement":["<id of zone>"]}');
  expect(inputs["policyArn"]).toBe(UNKNOWN);
  expect(inputs["tags"]).toEqual(["x <id of a>", "a"]);
  expect(JSON.stringify(inputs["key"])).toBe('"[secret]"');
  // Where the id comes from is compared: nothing is left unseen.
  expect([...unseen]).toEqual([]);
  expect([...filled(plan, role({})).unseen.values()]).toEqual([["assumeRolePolicy", "policyArn"]]);
});

test("[P8] what bears rights and cannot be read on either side is named, and no bare word says that nothing changed", () => {
  const plan = role({ assumeRolePolicy: UNKNOWN });
  const report = reportOf(plan, { faults: [], findings: [], toSupply: [] });
  const base = { label: "base.json", side: sideOfReport(report), checked: true, warnings: [] };
  const difference = differenceOf("dev", base, sideOfRecording(report, plan));
  expect(difference.changes).toMatchObject({ unseen: ["r assumeRolePolicy"], resources: [] });
  const text = differenceText(difference, paint(false));
  expect(text).toContain("no resource changes that can be seen: not all rights can be read here");
  expect(text).toMatch(/Limits of this comparison \(1\)\n {4}! known only after up [^]*r assumeRolePolicy/);
  // Where both can be read, a changed one is told.
  const read = (document: string) => ({ recording: role({ assumeRolePolicy: document }), unseen: new Map() });
  const side = (document: string) => sideOfRecording(report, plan, read(document));
  const trust = (principal: string) =>
    `{"Statement":[{"Effect":"Allow","Principal":"${principal}","Action":"sts:AssumeRole"}]}`;
  const told = differenceOf("dev", { ...base, side: side(trust("arn:aws:iam::1:root")) }, side(trust("*")));
  expect(told.changes!.unseen).toBeUndefined();
  expect(told.changes!.grants.gained).toMatchObject([
    { who: "anyone on the internet", words: "may act as role r" },
  ]);
  expect(unseenRights(role({ name: UNKNOWN }).resources).size).toBe(0);
});
