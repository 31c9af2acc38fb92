import { CloudError, type CloudView, type Properties } from "../model";
import { regionOf, text } from "./values";

/**
 * What an account may have at most, as a new account has it: AWS General Reference, "Amazon VPC quotas" and
 * "Amazon EKS quotas". The default VPC of a region, which counts too, is not simulated.
 */
export const quotas = {
  "aws:ec2/vpc:Vpc": { atMost: 5, code: "VpcLimitExceeded", what: "VPCs" },
  "aws:ec2/eip:Eip": { atMost: 5, code: "AddressLimitExceeded", what: "addresses" },
  "aws:ec2/internetGateway:InternetGateway": {
    atMost: 5,
    code: "InternetGatewayLimitExceeded",
    what: "internet gateways",
  },
} as const;

/** Refuses one more of a kind in a region that has as many as it may. */
export function withinQuota(kind: keyof typeof quotas, inputs: Properties, cloud: CloudView): void {
  const { atMost, code, what } = quotas[kind];
  const region = regionOf(inputs, cloud);
  const there = cloud.list(
    kind,
    (object) => (text(object.properties, "region") || (object.place.split("/")[1] ?? "")) === region,
  );
  if (there.length >= atMost) throw new CloudError(code, `The maximum number of ${what} has been reached.`);
}

/** Kind of the object with which a person or a test sets another limit on processors: id `<account>/<region>/<code>`. */
export const PROCESSOR_QUOTA = "aws:hidden/quota";

/**
 * Processors that instances of one way to pay may have in a region, by the code of the quota. New accounts begin with
 * few; these are what the guide has people ask for.
 */
const PROCESSORS = {
  ON_DEMAND: { quota: "L-1216C47A", atMost: 64 },
  SPOT: { quota: "L-34B43A08", atMost: 16 },
} as const;

/** How instances are paid for. */
export type Capacity = keyof typeof PROCESSORS;

/** The limit on processors of instances that are paid for in one way. */
export function processorQuota(cloud: CloudView, capacity: Capacity): number {
  const { quota, atMost } = PROCESSORS[capacity];
  const limit = cloud.find(PROCESSOR_QUOTA, `${cloud.place}/${quota}`)?.properties["limit"];
  return typeof limit === "number" ? limit : atMost;
}

/** What EKS says of a group whose instances a quota keeps from being launched (pulumi logs in public issues). */
export function overProcessorQuota(cloud: CloudView, capacity: Capacity): CloudError {
  const why =
    capacity === "SPOT"
      ? "Could not launch Spot Instances. MaxSpotInstanceCountExceeded - Max spot instance count exceeded."
      : `Could not launch On-Demand Instances. VcpuLimitExceeded - You have requested more vCPU capacity than your current vCPU limit of ${processorQuota(cloud, capacity)} allows for the instance bucket that the specified instance type belongs to.`;
  return new CloudError("AsgInstanceLaunchFailures", `${why} Launching EC2 instance failed.`);
}
