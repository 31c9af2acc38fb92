import type { ResourceModel } from "../model";
import { accountModels } from "./accounts";
import { addressModels } from "./addresses";
import { billingModels } from "./billing";
import { clusterModels } from "./cluster";
import { withDeletionPolicy } from "./deletion-policy";
import { dnsModels } from "./dns";
import { iamModels } from "./iam";
import { loggingModels } from "./logging";
import { networkModels } from "./network";
import { nodePoolModels } from "./node-pool";
import { registryModels } from "./registry";
import { routerModels } from "./router";
import { schedulerModels } from "./scheduler";
import { secretModels } from "./secrets";
import { serviceModels } from "./services";
import { storageModels } from "./storage";

export { HIDDEN } from "./common";
export { createDisk, claimedDisks, deleteDisk } from "./disks";
export { gcpInvokes } from "./invokes";
export { deleteLoadBalancer, LOAD_BALANCER_SECONDS, loadBalancerFor } from "./load-balancer";
export { scalePool } from "./node-pool";
export { canPull } from "./pulls";
export { runJob } from "./scheduler";

/** Every resource type of Google Cloud that the program registers, by its token. */
export const gcpModels: Readonly<Record<string, ResourceModel>> = Object.fromEntries(
  [
    ...accountModels,
    ...addressModels,
    ...billingModels,
    ...clusterModels,
    ...dnsModels,
    ...iamModels,
    ...loggingModels,
    ...networkModels,
    ...nodePoolModels,
    ...registryModels,
    ...routerModels,
    ...schedulerModels,
    ...secretModels,
    ...serviceModels,
    ...storageModels,
  ].map((model) => [model.type, withDeletionPolicy(model)]),
);
