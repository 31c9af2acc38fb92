import { previewStack, type Recording } from "../engine";
import type { Overrides } from "../stack-file";

const SCHEDULE = { timezone: "Europe/Berlin", sleep: "20:00", wake: "07:00" };

/** Settings that bring out what the shipped stacks do not have, on top of them. */
const EVERYTHING: Readonly<Record<"aws" | "gcp", readonly Overrides[]>> = {
  aws: [
    { "cmbcluster:images": { tag: "1.0.0" }, "cmbcluster:sleep.schedule": SCHEDULE },
    {
      "cmbcluster:profile": "prod",
      "cmbcluster:images": { tag: "1.0.0" },
      "cmbcluster:budget": { monthly: 5000, alertEmails: ["ops@example.org"] },
      "cmbcluster:aws.cluster.admins": ["arn:aws:iam::000000000000:role/admins"],
    },
  ],
  gcp: [
    { "cmbcluster:images": { tag: "1.0.0" }, "cmbcluster:sleep.schedule": SCHEDULE },
    {
      "cmbcluster:profile": "prod",
      "cmbcluster:images": { tag: "1.0.0" },
      "cmbcluster:budget": { monthly: 5000, alertEmails: ["ops@example.org"] },
      "cmbcluster:gcp.billingAccount": "0123AB-4567CD-89EF01",
      "cmbcluster:auth": { cognito: { region: "us-east-1", accountId: "000000000000" } },
    },
  ],
};

/** Plans of a shipped stack as it stands, and with what else the program can make. The first is the stack itself. */
export async function plansOf(root: string, cloud: "aws" | "gcp"): Promise<Recording[]> {
  const stack = `${cloud}-dev`;
  const plans = await Promise.all(
    [{}, ...EVERYTHING[cloud]].map((overrides) => previewStack({ root, stack, overrides })),
  );
  for (const { exit, error } of plans) {
    if (exit !== "ok") throw new Error(`a plan of ${stack} for the comparison is ${exit}: ${error}`);
  }
  return plans;
}
