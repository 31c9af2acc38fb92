import { CloudError, type CloudView, type ResourceModel } from "../model";
import { keyNeeds } from "./kms";
import { arn, hidden, need, number, regional, regionOf, text, uuid } from "./values";

const SECRET = "aws:secretsmanager/secret:Secret";
const VERSION = "aws:secretsmanager/secretVersion:SecretVersion";
/** Kind of a deleted secret whose name stays taken until its recovery window is over. */
export const SCHEDULED_SECRET = "aws:hidden/secretScheduledForDeletion";

const scheduled = (cloud: CloudView, key: string) =>
  cloud.list(SCHEDULED_SECRET, (one) => one.id === key && Number(one.properties["goneAt"]) > cloud.now())[0];

/** A deleted secret keeps its name for its recovery window, 30 days unless it is told otherwise. */
const secret: ResourceModel = {
  type: SECRET,
  durations: { create: 1, delete: 1, source: "published deployment logs: seconds" },
  id: (inputs, cloud) =>
    arn(cloud, "secretsmanager", regionOf(inputs, cloud), `secret:${text(inputs, "name")}-${cloud.hex(6)}`),
  uniqueName: (inputs, cloud) => regional(inputs, cloud, text(inputs, "name")),
  nameTaken: (inputs) =>
    new CloudError(
      "ResourceExistsException",
      `The operation failed because the secret ${text(inputs, "name")} already exists.`,
    ),
  check: (inputs) => {
    const days = number(inputs, "recoveryWindowInDays", 30);
    return days === 0 || (days >= 7 && days <= 30)
      ? []
      : [{ property: "recoveryWindowInDays", reason: "0, or 7 to 30 days" }];
  },
  needs: (inputs, cloud) => keyNeeds(text(inputs, "kmsKeyId"), "kmsKeyId", cloud),
  accept: (inputs, cloud) => {
    if (scheduled(cloud, regional(inputs, cloud, text(inputs, "name"))))
      throw new CloudError(
        "InvalidRequestException",
        "You can't create this secret because a secret with this name is already scheduled for deletion.",
        120,
      );
  },
  outputs: (inputs, _cloud, id) => ({ arn: id, policy: "", replicas: inputs["replicas"] ?? [] }),
  deleting: ({ id, properties, uniqueName }, cloud) => {
    for (const one of cloud.list(VERSION, (version) => version.properties["secretId"] === id))
      cloud.remove(VERSION, one.id);
    const days = number(properties, "recoveryWindowInDays", 30);
    if (days === 0 || uniqueName === undefined) return;
    const goneAt = cloud.now() + days * 86_400;
    cloud.put(
      hidden(cloud, SCHEDULED_SECRET, uniqueName, { arn: id, name: text(properties, "name"), goneAt }),
    );
  },
};

/** Its value cannot be taken off the secret again: what is deleted here only loses its place in the state. */
const secretVersion: ResourceModel = {
  type: VERSION,
  durations: { create: 1, delete: 1, source: "published deployment logs: seconds" },
  id: (inputs, cloud) => `${text(inputs, "secretId")}|${uuid(cloud)}`,
  needs: (inputs) =>
    need(
      inputs,
      "secretId",
      SECRET,
      () => new CloudError("ResourceNotFoundException", "Secrets Manager can't find the specified secret."),
    ),
  replaceWhen: {
    secretString: (before, after) => before !== after,
    secretStringWo: (_before, after, olds) => after !== undefined && text(olds, "secretString") !== after,
    secretStringWoVersion: (before, after) => before !== after,
  },
  outputs: (inputs, cloud, id) => {
    const secretArn = text(cloud.find(SECRET, text(inputs, "secretId"))?.properties ?? {}, "arn");
    return {
      arn: secretArn,
      secretArn,
      versionId: id.slice(id.indexOf("|") + 1),
      versionStages: ["AWSCURRENT"],
      hasSecretStringWo: false,
    };
  },
};

/** Secrets Manager. */
export const secretModels: readonly ResourceModel[] = [secret, secretVersion];
