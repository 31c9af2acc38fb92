import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { RESTORE_DRILL_SERVICE_ACCOUNT } from "../naming";
import { names } from "./names";
import { recoveryGoals, recoveryStartSeconds } from "./recovery";

const label = z
  .string()
  .max(63)
  .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
const positive = z.int().min(1).max(1_000_000);

/** The chart's `restoreDrill`. */
export const restoreDrillValues = z
  .strictObject({
    name: label.describe("Name of the CronJob, and of the ConfigMap that takes its report"),
    schedule: z
      .string()
      .regex(/^\S+ \S+ \S+ \S+ \S+$/)
      .describe("When it runs, as cron writes it, UTC"),
    serviceAccount: z.strictObject({
      name: label.describe("Reads the database bucket, and changes the one ConfigMap"),
      annotations: z
        .record(z.string(), z.string())
        .describe("Bind the account to its identity; may be empty"),
    }),
    pointSeconds: positive.describe("Oldest state that a recovery may bring back; above it the drill fails"),
    timeSeconds: positive.describe("Longest time that a recovery may take; above it the drill fails"),
    startSeconds: positive.describe("What a recovery takes besides the lease and the restore it measures"),
  })
  .describe("The weekly restore of the newest copy to scratch");

/** Mondays at an hour at which nobody works, off the full hour at which everybody's jobs begin. */
const SCHEDULE = "23 4 * * 1";

/**
 * The chart's values of the restore drill.
 *
 * @requirement O9
 */
export function restoreDrillChartValues(annotations: pulumi.Output<Record<string, string>>) {
  return {
    name: names.restoreDrill,
    schedule: SCHEDULE,
    serviceAccount: { name: RESTORE_DRILL_SERVICE_ACCOUNT, annotations },
    ...recoveryGoals,
    startSeconds: recoveryStartSeconds,
  };
}
