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
