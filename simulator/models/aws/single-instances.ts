import { CloudError, type CloudView, type Properties, type ResourceModel } from "../model";
import { vpcOf } from "./addresses";
import { addInterface, removeInterfaces } from "./interfaces";
import { VOLUME } from "./instances";
import { diskGib, TEMPLATE, templateOf } from "./launch-templates";
import { noSubnet } from "./network";
import { GROUP, noGroup } from "./security-groups";
import { arn, flag, hidden, map, maps, need, needEach, regionOf, text, texts } from "./values";

const INSTANCE = "aws:ec2/instance:Instance";
const DELETE = 40;

/** Seconds from running until an instance has done what its boot script says. Estimate. */
export const BOOT = 60;

const groupsOf = (cloud: CloudView, inputs: Properties): string[] => {
  const own = texts(inputs, "vpcSecurityGroupIds");
  const template = texts(templateOf(cloud, inputs) ?? {}, "vpcSecurityGroupIds");
  const vpc = cloud.find("aws:ec2/vpc:Vpc", vpcOf(cloud, text(inputs, "subnetId")));
  return [own, template, [text(vpc?.properties ?? {}, "defaultSecurityGroupId")]].find(
    (one) => one.length > 0,
  )!;
};

/** An instance that the program makes itself, other than those of node groups. */
const instance: ResourceModel = {
  type: INSTANCE,
  durations: {
    create: 15,
    update: 10,
    delete: DELETE,
    source: "published deployment logs: 12 to 33 s, 30 to 60 s",
  },
  id: (_inputs, cloud) => `i-${cloud.hex(17)}`,
  needs: (inputs) => [
    ...need(inputs, "subnetId", "aws:ec2/subnet:Subnet", noSubnet),
    ...need(
      inputs,
      "launchTemplate.id",
      TEMPLATE,
      (id) =>
        new CloudError(
          "InvalidLaunchTemplateId.NotFound",
          `The specified launch template, with template ID ${id}, does not exist.`,
        ),
    ),
    ...needEach(inputs, "vpcSecurityGroupIds", GROUP, noGroup),
  ],
  accept: (inputs, cloud) => {
    const template = templateOf(cloud, inputs);
    if (!text(inputs, "ami") && !text(template ?? {}, "imageId"))
      throw new CloudError("MissingParameter", "The request must contain the parameter ImageId");
  },
  replaceWhen: {
    "launchTemplate.version": (before, after) => before !== after,
    userData: (_before, _after, _olds, news) => flag(news, "userDataReplaceOnChange"),
    userDataBase64: (_before, _after, _olds, news) => flag(news, "userDataReplaceOnChange"),
  },
  outputs: (inputs, cloud, id) => {
    const subnet = cloud.find("aws:ec2/subnet:Subnet", text(inputs, "subnetId"))?.properties ?? {};
    const template = templateOf(cloud, inputs) ?? {};
    return {
      arn: arn(cloud, "ec2", regionOf(inputs, cloud), `instance/${id}`),
      instanceState: "running",
      availabilityZone: text(subnet, "availabilityZone"),
      instanceType: text(inputs, "instanceType") || text(template, "instanceType"),
      ami: text(inputs, "ami") || `ami-${cloud.hex(17)}`,
      privateIp: `10.0.${parseInt(cloud.hex(2), 16)}.${parseInt(cloud.hex(2), 16)}`,
      privateDns: `ip-10-0-0-1.${regionOf(inputs, cloud)}.compute.internal`,
      publicIp: "",
      publicDns: "",
      outpostArn: "",
      passwordData: "",
      vpcSecurityGroupIds: groupsOf(cloud, inputs),
    };
  },
  created: ({ id, properties }, cloud) => {
    const template = templateOf(cloud, properties);
    const tagged = (resourceType: string) =>
      maps(template ?? {}, "tagSpecifications")
        .filter((one) => one["resourceType"] === resourceType)
        .map((one) => map(one, "tags") as Record<string, string>)[0] ?? {};
    properties["primaryNetworkInterfaceId"] = addInterface(cloud, {
      subnetId: text(properties, "subnetId"),
      groups: groupsOf(cloud, properties),
      owner: id,
      description: `Primary interface of ${id}`,
      tags: tagged("network-interface"),
    });
    const sizeGib = diskGib(template, { diskSize: 8 });
    cloud.put(
      hidden(cloud, VOLUME, `vol-${cloud.hex(17)}`, { instance: id, sizeGib, tags: tagged("volume") }),
    );
    cloud.later(BOOT, (then) => {
      const booted = then.list(INSTANCE, (one) => one.id === id)[0];
      if (booted) then.put({ ...booted, properties: { ...booted.properties, booted: true } });
    });
  },
  blockers: ({ id, properties }) =>
    flag(properties, "disableApiTermination")
      ? [
          new CloudError(
            "OperationNotPermitted",
            `The instance '${id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and ` +
              "try again.",
          ),
        ]
      : [],
  deleting: ({ id }, cloud) => {
    removeInterfaces(cloud, id, DELETE);
    for (const volume of cloud.list(VOLUME, ({ properties }) => properties["instance"] === id))
      cloud.later(DELETE, (then) => then.remove(VOLUME, volume.id));
  },
};

/** Single instances. */
export const singleInstanceModels: readonly ResourceModel[] = [instance];
