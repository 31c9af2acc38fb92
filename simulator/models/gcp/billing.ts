import { CloudError, type ResourceModel } from "../model";
import { apiNeeds, block, lastPart, notFound, numericId, projectOf, text, texts } from "./common";

export const BUDGET = "gcp:billing/budget:Budget";
export const CHANNEL = "gcp:monitoring/notificationChannel:NotificationChannel";

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

export const billingModels: readonly ResourceModel[] = [budget, channel];
