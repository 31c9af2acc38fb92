import { CloudError, type ResourceModel } from "../model";
import { accountNeeds } from "./accounts";
import {
  alreadyExists,
  apiNeeds,
  block,
  lastPart,
  notFound,
  numericId,
  projectOf,
  regionOf,
  text,
  texts,
} from "./common";

export const BUDGET = "gcp:billing/budget:Budget";
export const CHANNEL = "gcp:monitoring/notificationChannel:NotificationChannel";
export const JOB = "gcp:cloudscheduler/job:Job";

const channelId = (address: string, project: string) =>
  address.startsWith("projects/") ? address : `projects/${project}/notificationChannels/${address}`;

/** Lives in the billing account, not in the project: it outlasts the project if nobody deletes it. */
const budget: ResourceModel = {
  type: BUDGET,
  durations: { create: 2, update: 2, delete: 2, source: "estimate" },
  id: (inputs, cloud) => {
    const hex = cloud.hex(32);
    const uuid = [
      hex.slice(0, 8),
      hex.slice(8, 12),
      hex.slice(12, 16),
      hex.slice(16, 20),
      hex.slice(20),
    ].join("-");
    return `billingAccounts/${lastPart(text(inputs, "billingAccount"))}/budgets/${uuid}`;
  },
  // The provider's own project is charged for the calls (`billingProject`), so the API must be on there.
  needs: (inputs, cloud) => [
    ...apiNeeds(cloud, cloud.project, "billingbudgets"),
    ...texts(block(inputs, "allUpdatesRule"), "monitoringNotificationChannels").map((channel) => ({
      property: "allUpdatesRule.monitoringNotificationChannels",
      kind: CHANNEL,
      address: channelId(channel, cloud.project),
      error: notFound(channel),
    })),
  ],
  accept: (inputs) => {
    if (/^(billingAccounts\/)?[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$/.test(text(inputs, "billingAccount")))
      return;
    throw new CloudError(
      "invalid",
      "Error 400: Request contains an invalid argument (billingAccount)., badRequest",
    );
  },
  outputs: (_inputs, _cloud, id) => ({ name: lastPart(id) }),
};

const channel: ResourceModel = {
  type: CHANNEL,
  durations: { create: 2, update: 2, delete: 2, source: "estimate" },
  id: (inputs, cloud) => channelId(numericId(cloud), projectOf(inputs, cloud)),
  needs: (inputs, cloud) => apiNeeds(cloud, projectOf(inputs, cloud), "monitoring"),
  outputs: (inputs, cloud, id) => ({
    project: projectOf(inputs, cloud),
    name: id,
    // E-mail channels need no confirmation.
    verificationStatus: "",
  }),
};

const job: ResourceModel = {
  type: JOB,
  durations: { create: 2, update: 2, delete: 2, source: "estimate" },
  id: (inputs, cloud) =>
    `projects/${projectOf(inputs, cloud)}/locations/${regionOf(inputs, cloud)}/jobs/${text(inputs, "name")}`,
  uniqueName: (inputs, cloud) =>
    `${projectOf(inputs, cloud)}/${regionOf(inputs, cloud)}:${text(inputs, "name")}`,
  nameTaken: (inputs) => alreadyExists(`jobs/${text(inputs, "name")}`),
  needs: (inputs, cloud) => {
    const target = block(inputs, "httpTarget");
    const caller = (token: string) => text(block(target, token), "serviceAccountEmail");
    return [
      ...apiNeeds(cloud, projectOf(inputs, cloud), "cloudscheduler"),
      ...accountNeeds("httpTarget.oauthToken", caller("oauthToken"), notFound(caller("oauthToken"))),
      ...accountNeeds("httpTarget.oidcToken", caller("oidcToken"), notFound(caller("oidcToken"))),
    ];
  },
  outputs: (inputs, cloud) => ({
    project: projectOf(inputs, cloud),
    region: regionOf(inputs, cloud),
    state: inputs["paused"] === true ? "PAUSED" : "ENABLED",
    paused: inputs["paused"] ?? false,
  }),
};

export const billingModels: readonly ResourceModel[] = [budget, channel, job];
