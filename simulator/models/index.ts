import { awsInvokes, awsModels } from "./aws";
import { gcpInvokes, gcpModels } from "./gcp";
import type { Registry } from "./registry";

/** Everything that both simulated clouds know how to do. */
export const models: Registry["models"] = { ...awsModels, ...gcpModels };

export const invokes: Registry["invokes"] = { ...awsInvokes, ...gcpInvokes };
