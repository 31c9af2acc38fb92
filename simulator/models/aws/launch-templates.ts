import { CloudError, type CloudView, type Properties, type ResourceModel } from "../model";
import { arn, maps, number, regional, regionOf, text } from "./values";

/** Type of launch templates. */
export const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";

/** Inputs that make up a version: all that the provider knows, but for those that only concern the template itself. */
const VERSIONED = [
  ...[
    "blockDeviceMappings",
    "capacityReservationSpecification",
    "cpuOptions",
    "creditSpecification",
    "description",
  ],
  ...["disableApiStop", "disableApiTermination", "ebsOptimized", "enclaveOptions", "hibernationOptions"],
  ...["iamInstanceProfile", "imageId", "instanceInitiatedShutdownBehavior", "instanceMarketOptions"],
  ...[
    "instanceRequirements",
    "instanceType",
    "kernelId",
    "keyName",
    "licenseSpecifications",
    "maintenanceOptions",
  ],
  ...[
    "metadataOptions",
    "monitoring",
    "networkInterfaces",
    "placement",
    "privateDnsNameOptions",
    "ramDiskId",
  ],
  ...["securityGroupNames", "tagSpecifications", "userData", "vpcSecurityGroupIds"],
];

const versionOf = (properties: Properties) => number(properties, "latestVersion", 1);

const launchTemplate: ResourceModel = {
  type: TEMPLATE,
  durations: { create: 1, update: 1, delete: 1, source: "published deployment logs: seconds" },
  id: (_inputs, cloud) => `lt-${cloud.hex(17)}`,
  uniqueName: (inputs, cloud) => regional(inputs, cloud, text(inputs, "name")),
  nameTaken: () =>
    new CloudError(
      "InvalidLaunchTemplateName.AlreadyExistsException",
      "Launch template name already in use.",
    ),
  outputs: (inputs, cloud, id) => ({
    arn: arn(cloud, "ec2", regionOf(inputs, cloud), `launch-template/${id}`),
    latestVersion: 1,
    defaultVersion: 1,
  }),
  changesWith: Object.fromEntries(VERSIONED.map((key) => [key, ["latestVersion", "defaultVersion"]])),
  updating: ({ properties }, news) => {
    const changed = [...new Set([...Object.keys(properties), ...Object.keys(news)])].some(
      (key) =>
        VERSIONED.includes(key) &&
        JSON.stringify(properties[key] ?? null) !== JSON.stringify(news[key] ?? null),
    );
    if (!changed) return;
    properties["latestVersion"] = versionOf(properties) + 1;
    if (text(news, "updateDefaultVersion") === "true")
      properties["defaultVersion"] = properties["latestVersion"];
  },
};

/** The template that a node group names, in a version that there is. */
export function templateOf(cloud: CloudView, group: Properties): Properties | undefined {
  const found = cloud.find(TEMPLATE, text(group, "launchTemplate.id") || text(group, "launchTemplate.name"));
  const version = text(group, "launchTemplate.version");
  if (found && /^\d+$/.test(version) && Number(version) > versionOf(found.properties))
    throw new CloudError(
      "InvalidParameterException",
      `You cannot specify a launch template version that does not exist: ${version}`,
    );
  return found?.properties;
}

/** Size of a node's root disk: its template's, or else EKS's 20 GiB. */
export function diskGib(template: Properties | undefined, group: Properties): number {
  const [disk] = template ? maps(template, "blockDeviceMappings") : [];
  return number(disk ?? {}, "ebs.volumeSize", number(group, "diskSize", 20));
}

/** Launch templates. */
export const launchTemplateModels: readonly ResourceModel[] = [launchTemplate];
