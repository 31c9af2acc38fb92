import { CloudError, type Properties, type ResourceModel } from "../model";
import { interfaces } from "./interfaces";
import { noVpc } from "./network";
import { arn, dependencyViolation, digest, need, regionOf, text, texts } from "./values";

/** Type of security groups, those included that come with a VPC or an EKS cluster. */
export const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";
const source = "published deployment logs: seconds";

/** What a group id that leads nowhere is answered with. */
export const noGroup = (id: string) =>
  new CloudError("InvalidGroup.NotFound", `The security group '${id}' does not exist`);

/** Characters that EC2 takes in descriptions of groups and rules (API reference, CreateSecurityGroup). */
const DESCRIPTION = /^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]*$/;

const checkDescription = (inputs: Properties) => {
  const description = text(inputs, "description");
  return description.length <= 255 && DESCRIPTION.test(description)
    ? []
    : [
        {
          property: "description",
          reason: "at most 255 letters, digits, spaces and ._-:/()#,@[]+=&;{}!$* are taken",
        },
      ];
};

const group: ResourceModel = {
  type: GROUP,
  durations: { create: 3, delete: 2, source },
  id: (_inputs, cloud) => `sg-${cloud.hex(17)}`,
  uniqueName: (inputs) => `${text(inputs, "vpcId")}:${text(inputs, "name")}`,
  nameTaken: (inputs) =>
    new CloudError(
      "InvalidGroup.Duplicate",
      `The security group '${text(inputs, "name")}' already exists for VPC '${text(inputs, "vpcId")}'`,
    ),
  needs: (inputs) => need(inputs, "vpcId", "aws:ec2/vpc:Vpc", noVpc),
  check: checkDescription,
  outputs: (inputs, cloud, id) => ({
    arn: arn(cloud, "ec2", regionOf(inputs, cloud), `security-group/${id}`),
    ownerId: cloud.account,
  }),
  blockers: ({ id }, cloud) => {
    const named = [
      ...[INGRESS, EGRESS].flatMap((kind) =>
        cloud.list(
          kind,
          ({ properties }) =>
            properties["referencedSecurityGroupId"] === id && properties["securityGroupId"] !== id,
        ),
      ),
      ...cloud.list(
        RULE,
        ({ properties }) =>
          properties["sourceSecurityGroupId"] === id && properties["securityGroupId"] !== id,
      ),
    ];
    return named.length > 0 || interfaces(cloud, { group: id }).length > 0
      ? [dependencyViolation(`resource ${id} has a dependent object`, 900)]
      : [];
  },
  // Its own rules go with it.
  deleting: ({ id }, cloud) => {
    for (const kind of [INGRESS, EGRESS, RULE])
      for (const rule of cloud.list(kind, ({ properties }) => properties["securityGroupId"] === id))
        cloud.remove(kind, rule.id);
  },
};

/** The group that every VPC has: adopted, never made and never deleted. */
const defaultGroup: ResourceModel = {
  type: "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
  durations: { create: 2, delete: 0, source },
  id: (inputs, cloud) =>
    text(cloud.find("aws:ec2/vpc:Vpc", text(inputs, "vpcId"))?.properties ?? {}, "defaultSecurityGroupId"),
  adopts: () => true,
  needs: (inputs) => need(inputs, "vpcId", "aws:ec2/vpc:Vpc", noVpc),
  outputs: (inputs, cloud, id) => ({
    arn: arn(cloud, "ec2", regionOf(inputs, cloud), `security-group/${id}`),
    ownerId: cloud.account,
    name: "default",
    namePrefix: "",
    description: "default VPC security group",
  }),
};

/** Who is at the other end of a rule: one of these. */
const SOURCES = ["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"];

/** Another kind of source replaces a rule, another one of the same kind does not; one that is unknown yet neither. */
function switchesSource(_before: unknown, _after: unknown, olds: Properties, news: Properties): boolean {
  const given = (inputs: Properties) => SOURCES.filter((source) => text(inputs, source) !== "");
  return given(news).length > 0 && given(news).join() !== given(olds).join();
}

/** Ports and other end of a rule, by which EC2 knows it: two alike are refused. */
function shape(inputs: Properties): string {
  return [
    text(inputs, "securityGroupId"),
    text(inputs, "ipProtocol"),
    text(inputs, "fromPort"),
    text(inputs, "toPort"),
    ...SOURCES.map((end) => text(inputs, end)),
  ].join(" ");
}

const rule = (type: string): ResourceModel => ({
  type,
  durations: { create: 1, delete: 1, source },
  id: (_inputs, cloud) => `sgr-${cloud.hex(17)}`,
  uniqueName: shape,
  nameTaken: () => new CloudError("InvalidPermission.Duplicate", "the specified rule already exists"),
  needs: (inputs) => [
    ...need(inputs, "securityGroupId", GROUP, noGroup),
    ...need(inputs, "referencedSecurityGroupId", GROUP, noGroup),
  ],
  check: checkDescription,
  replaceWhen: Object.fromEntries(SOURCES.map((property) => [property, switchesSource])),
  outputs: (inputs, cloud, id) => ({
    arn: arn(cloud, "ec2", regionOf(inputs, cloud), `security-group-rule/${id}`),
    securityGroupRuleId: id,
  }),
});

const oldRule: ResourceModel = {
  type: RULE,
  durations: { create: 1, delete: 1, source },
  id: (inputs) => `sgrule-${digest(oldShape(inputs))}`,
  uniqueName: oldShape,
  nameTaken: () => new CloudError("InvalidPermission.Duplicate", "the specified rule already exists"),
  needs: (inputs) => [
    ...need(inputs, "securityGroupId", GROUP, noGroup),
    ...need(inputs, "sourceSecurityGroupId", GROUP, noGroup),
  ],
  check: checkDescription,
  outputs: (_inputs, cloud) => ({ securityGroupRuleId: `sgr-${cloud.hex(17)}` }),
};

function oldShape(inputs: Properties): string {
  return [
    ...["securityGroupId", "type", "protocol", "fromPort", "toPort", "self", "sourceSecurityGroupId"].map(
      (key) => text(inputs, key),
    ),
    ...["cidrBlocks", "ipv6CidrBlocks", "prefixListIds"].flatMap((key) => texts(inputs, key)),
  ].join(" ");
}

/** Security groups and their rules. */
export const securityGroupModels: readonly ResourceModel[] = [
  group,
  defaultGroup,
  rule(INGRESS),
  rule(EGRESS),
  oldRule,
];
