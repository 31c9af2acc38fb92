import type { CloudView, InvokeModel, Properties } from "../model";
import { CLUSTER, deployer } from "./cluster";
import { ROLE } from "./iam";
import { LOG_GROUP } from "./logs";
import { flag, map, maps, text, texts } from "./values";

type Found = CloudView | undefined;

/** Things of a kind in the region that was asked; offline there are none. */
const all = (cloud: Found, kind: string) =>
  (cloud?.list(kind) ?? []).filter(({ place, status }) => place === cloud?.place && status !== "deleting");

const pattern = (args: Properties, key: string) => new RegExp(text(args, key));

/** The commercial partition (terraform-provider-aws v6.58.0, internal/service/meta/partition_data_source.go). */
const getPartition: InvokeModel = () => ({
  id: "aws",
  partition: "aws",
  dnsSuffix: "amazonaws.com",
  reverseDnsPrefix: "com.amazonaws",
});

const getRegion: InvokeModel = (args, cloud) => {
  const region = text(args, "region") || (cloud?.region ?? "");
  return { id: region, region, name: region, endpoint: `ec2.${region}.amazonaws.com`, description: region };
};

const getCallerIdentity: InvokeModel = (_args, cloud) => {
  const accountId = cloud?.account ?? "";
  return { id: accountId, accountId, arn: deployer(accountId), userId: "AIDASIMULATEDDEPLOYER" };
};

const getRoles: InvokeModel = (args, cloud) => {
  const roles = (cloud?.list(ROLE) ?? []).filter(
    ({ id, status, properties }) =>
      status !== "deleting" &&
      pattern(args, "nameRegex").test(id) &&
      text(properties, "path").startsWith(text(args, "pathPrefix")),
  );
  return {
    id: cloud?.region ?? "",
    names: roles.map(({ id }) => id),
    arns: roles.map(({ properties }) => text(properties, "arn")),
  };
};

const getLogGroups: InvokeModel = (args, cloud) => {
  const groups = all(cloud, LOG_GROUP).filter(({ id }) => id.startsWith(text(args, "logGroupNamePrefix")));
  return {
    id: cloud?.region ?? "",
    logGroupNames: groups.map(({ id }) => id),
    arns: groups.map(({ properties }) => text(properties, "arn")),
  };
};

const getClusters: InvokeModel = (_args, cloud) => ({
  id: cloud?.region ?? "",
  names: all(cloud, CLUSTER).map(({ id }) => id),
});

const getUserPools: InvokeModel = (args, cloud) => {
  const pools = all(cloud, "aws:cognito/userPool:UserPool").filter(
    ({ properties }) => properties["name"] === args["name"],
  );
  return {
    id: text(args, "name"),
    name: text(args, "name"),
    ids: pools.map(({ id }) => id),
    arns: pools.map(({ properties }) => text(properties, "arn")),
  };
};

const getSecrets: InvokeModel = (args, cloud) => {
  const wanted = maps(args, "filters").filter((filter) => filter["name"] === "name");
  const secrets = all(cloud, "aws:secretsmanager/secret:Secret").filter(({ properties }) =>
    wanted.every((filter) =>
      texts(filter, "values").some((prefix) => text(properties, "name").startsWith(prefix)),
    ),
  );
  return {
    id: cloud?.region ?? "",
    names: secrets.map(({ properties }) => text(properties, "name")),
    arns: secrets.map(({ properties }) => text(properties, "arn")),
  };
};

/** Everything that carries tags, by their keys and values: what finds a thing that no state knows of. */
const getResources: InvokeModel = (args, cloud) => {
  const filters = maps(args, "tagFilters");
  const wanted = texts(args, "resourceTypeFilters");
  const kinds = cloud === undefined ? [] : TAGGED_KINDS;
  const found = kinds
    .flatMap((kind) => all(cloud, kind))
    .map(({ properties }) => ({
      resourceArn: text(properties, "arn"),
      tags: { ...map(properties, "tags"), ...map(properties, "tagsAll") },
    }))
    .filter(({ resourceArn }) => resourceArn !== "")
    .filter(
      ({ resourceArn }) =>
        wanted.length === 0 ||
        wanted.some((type) => resourceArn.startsWith(`arn:aws:${type.split(":")[0]}:`)),
    )
    .filter(({ tags }) =>
      filters.every((filter) => {
        const values = texts(filter, "values");
        const value = text(tags, text(filter, "key"));
        return value !== "" && (values.length === 0 || values.includes(value));
      }),
    );
  return { id: cloud?.region ?? "", resourceTagMappingLists: found };
};

/** Kinds that the tagging API lists, of those that a stack makes. */
const TAGGED_KINDS = [
  ...[
    "aws:ec2/vpc:Vpc",
    "aws:ec2/subnet:Subnet",
    "aws:ec2/internetGateway:InternetGateway",
    "aws:ec2/eip:Eip",
  ],
  ...["aws:ec2/routeTable:RouteTable", "aws:ec2/vpcEndpoint:VpcEndpoint", "aws:ec2/flowLog:FlowLog"],
  ...["aws:ec2/securityGroup:SecurityGroup", "aws:ec2/launchTemplate:LaunchTemplate", CLUSTER],
  ...["aws:eks/nodeGroup:NodeGroup", "aws:eks/addon:Addon", "aws:s3/bucket:Bucket", "aws:kms/key:Key"],
  ...["aws:ecr/repository:Repository", "aws:cognito/userPool:UserPool", "aws:route53/zone:Zone", LOG_GROUP],
  ...[
    "aws:lb/loadBalancer:LoadBalancer",
    "aws:lb/targetGroup:TargetGroup",
    "aws:secretsmanager/secret:Secret",
  ],
];

/** The newest version is the one that the program pins; nothing offline knows of a newer one. */
const getAddonVersion: InvokeModel = (args) => ({
  id: text(args, "addonName"),
  addonName: text(args, "addonName"),
  kubernetesVersion: text(args, "kubernetesVersion"),
  mostRecent: flag(args, "mostRecent"),
  version: `v${text(args, "kubernetesVersion") || "1.35"}.0-eksbuild.1`,
});

/** Functions of the provider that somebody in this project may ask. */
export const awsInvokes: Readonly<Record<string, InvokeModel>> = {
  "aws:index/getPartition:getPartition": getPartition,
  "aws:index/getRegion:getRegion": getRegion,
  "aws:index/getCallerIdentity:getCallerIdentity": getCallerIdentity,
  "aws:iam/getRoles:getRoles": getRoles,
  "aws:cloudwatch/getLogGroups:getLogGroups": getLogGroups,
  "aws:eks/getClusters:getClusters": getClusters,
  "aws:eks/getAddonVersion:getAddonVersion": getAddonVersion,
  "aws:cognito/getUserPools:getUserPools": getUserPools,
  "aws:secretsmanager/getSecrets:getSecrets": getSecrets,
  "aws:resourcegroupstaggingapi/getResources:getResources": getResources,
};
