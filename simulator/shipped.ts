import { configure, type Lab, type LabOptions, openLab } from "./lab";
import { SUPPLIED } from "./supplied";

const OF_CLOUD: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  aws: {
    "cmbcluster:aws": { accountId: SUPPLIED.awsAccount, cluster: { publicAccessCidrs: [SUPPLIED.range] } },
  },
  gcp: {
    "cmbcluster:gcp": { project: SUPPLIED.gcpProject },
    "cmbcluster:auth": { google: { clientId: SUPPLIED.googleClient } },
  },
};

const COMMON = {
  "cmbcluster:domain": SUPPLIED.domain,
  "cmbcluster:certificates": { email: SUPPLIED.email },
  "cmbcluster:application": { adminEmails: [SUPPLIED.admin] },
};

/** Stacks that are shipped. */
export type Shipped = "aws-dev" | "gcp-dev";

/** A lab with a shipped stack, ready for `up`. */
export async function openShipped(
  stack: Shipped,
  options: LabOptions,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<Lab> {
  const lab = await openLab(options);
  await addShipped(lab, stack, settings);
  return lab;
}

/** Makes a shipped stack in a lab, with its placeholders replaced and its secrets stored encrypted. */
export async function addShipped(
  lab: Lab,
  stack: Shipped,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const made = await lab.pulumi(["stack", "select", "--create", stack]);
  if (made.code !== 0) throw new Error(made.stderr);
  configure(lab, stack, COMMON);
  configure(lab, stack, OF_CLOUD[stack.split("-")[0]!]!);
  configure(lab, stack, settings);
  if (stack.startsWith("gcp"))
    await setSecret(lab, "cmbcluster:googleClientSecret", "GOCSPX-simulated-0123456789abcd");
}

/** Stores a secret of the selected stack, encrypted with the lab's passphrase. */
export async function setSecret(lab: Lab, key: string, value: string): Promise<void> {
  const { code, stderr } = await lab.pulumi(["config", "set", "--secret", key, value]);
  if (code !== 0) throw new Error(stderr);
}
