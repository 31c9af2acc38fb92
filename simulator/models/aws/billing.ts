import { CloudError, type CloudView, type Properties, type ResourceModel } from "../model";
import { IAM_RETRY, ROLE, trusts } from "./iam";
import { arn, maps, need, number, regionOf, text } from "./values";

const BUDGET = "aws:budgets/budget:Budget";
const SCHEDULE = "aws:scheduler/schedule:Schedule";

const budget: ResourceModel = {
  type: BUDGET,
  durations: { create: 1, delete: 1, source: "published deployment logs: seconds" },
  id: (inputs, cloud) => `${text(inputs, "accountId") || cloud.account}:${text(inputs, "name")}`,
  uniqueName: (inputs, cloud) => `${text(inputs, "accountId") || cloud.account}:${text(inputs, "name")}`,
  nameTaken: (inputs) =>
    new CloudError(
      "DuplicateRecordException",
      `Error creating budget: ${text(inputs, "name")} - the budget already exists.`,
    ),
  check: (inputs) => {
    const failures = maps(inputs, "notifications").flatMap((notification, index) =>
      notification["subscriberEmailAddresses"] || notification["subscriberSnsTopicArns"]
        ? []
        : [
            {
              property: `notifications[${index}]`,
              reason: "a notification names e-mail addresses or SNS topics",
            },
          ],
    );
    return text(inputs, "limitAmount") !== "" && number(inputs, "limitAmount") <= 0
      ? [...failures, { property: "limitAmount", reason: "an amount above zero" }]
      : failures;
  },
  outputs: (inputs, cloud) => ({
    accountId: text(inputs, "accountId") || cloud.account,
    arn: `arn:aws:budgets::${cloud.account}:budget/${text(inputs, "name")}`,
    timePeriodStart: text(inputs, "timePeriodStart") || "2026-01-01_00:00",
  }),
};

/** The scheduler tries whether it can take the role, and refuses a schedule whose role it cannot. */
const schedule: ResourceModel = {
  type: SCHEDULE,
  durations: { create: 1, delete: 1, source: "published deployment logs: seconds" },
  id: (inputs) => `${text(inputs, "groupName") || "default"}/${text(inputs, "name")}`,
  uniqueName: (inputs, cloud) =>
    `${cloud.account}/${regionOf(inputs, cloud)}:${text(inputs, "groupName") || "default"}/${text(inputs, "name")}`,
  nameTaken: (inputs) =>
    new CloudError("ConflictException", `Schedule ${text(inputs, "name")} already exists.`),
  check: (inputs, unknown) =>
    unknown.has("scheduleExpression") ||
    /^(rate\(\d+ (minutes?|hours?|days?)\)|cron\((\S+ ){5}\S+\)|at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\))$/.test(
      text(inputs, "scheduleExpression"),
    )
      ? []
      : [
          {
            property: "scheduleExpression",
            reason: "rate(1 hour), cron(0 18 ? * MON-FRI *) or at(2026-11-21T18:00:00)",
          },
        ],
  needs: (inputs) => need(inputs, "target.roleArn", ROLE, unassumable),
  accept: assertRole,
  updating: (_object, news, cloud) => assertRole(news, cloud),
  outputs: (inputs, cloud, id) => ({
    arn: arn(cloud, "scheduler", regionOf(inputs, cloud), `schedule/${id}`),
    groupName: text(inputs, "groupName") || "default",
    actionAfterCompletion: "NONE",
  }),
};

const unassumable = () =>
  new CloudError(
    "ValidationException",
    "The execution role you provide must allow AWS EventBridge Scheduler to assume the role.",
    IAM_RETRY,
  );

function assertRole(inputs: Properties, cloud: CloudView): void {
  if (!trusts(cloud.find(ROLE, text(inputs, "target.roleArn")), "scheduler.amazonaws.com"))
    throw unassumable();
}

/** What keeps costs down: budgets, and schedules that switch off at night. */
export const billingModels: readonly ResourceModel[] = [budget, schedule];
