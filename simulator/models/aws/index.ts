import type { ResourceModel } from "../model";
import { accessModels } from "./access";
import { addonModels } from "./addons";
import { addressModels } from "./addresses";
import { billingModels } from "./billing";
import { clusterModels } from "./cluster";
import { cognitoModels } from "./cognito";
import { dnsModels } from "./dns";
import { ecrModels } from "./ecr";
import { iamModels } from "./iam";
import { singleInstanceModels } from "./single-instances";
import { kmsModels } from "./kms";
import { launchTemplateModels } from "./launch-templates";
import { loadBalancingModels } from "./load-balancing";
import { logModels } from "./logs";
import { networkModels } from "./network";
import { nodeGroupModels } from "./node-groups";
import { routeModels } from "./routes";
import { secretModels } from "./secrets";
import { securityGroupModels } from "./security-groups";
import { storageModels } from "./storage";
import { storageSettingModels } from "./storage-settings";

export { awsInvokes } from "./invokes";

const models = [
  ...networkModels,
  ...routeModels,
  ...addressModels,
  ...securityGroupModels,
  ...loadBalancingModels,
  ...launchTemplateModels,
  ...singleInstanceModels,
  ...clusterModels,
  ...accessModels,
  ...nodeGroupModels,
  ...addonModels,
  ...iamModels,
  ...kmsModels,
  ...storageModels,
  ...storageSettingModels,
  ...ecrModels,
  ...secretModels,
  ...logModels,
  ...cognitoModels,
  ...dnsModels,
  ...billingModels,
];

/** Every AWS type that the simulated cloud knows, by type token. */
export const awsModels: Readonly<Record<string, ResourceModel>> = Object.fromEntries(
  models.map((model) => [model.type, model]),
);
