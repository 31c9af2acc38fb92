import { configure, type Lab, type LabOptions, openLab } from "./lab";

/** What somebody would write into a shipped stack file in place of its placeholders. */
const SUPPLIED: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  aws: {
    "cmbcluster:aws": { accountId: "111122223333", cluster: { publicAccessCidrs: ["93.184.216.0/24"] } },
  },
  gcp: {
    "cmbcluster:gcp": { project: "cmb-physics" },
    "cmbcluster:auth": { google: { clientId: "123456789012-abcdefabcdef.apps.googleusercontent.com" } },
  },
};

const COMMON = {
  "cmbcluster:domain": "cmb.physics.edu",
  "cmbcluster:certificates": { email: "ops@physics.edu" },
  "cmbcluster:application": { adminEmails: ["ada@physics.edu"] },
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
  configure(lab, stack, SUPPLIED[stack.split("-")[0]!]!);
  configure(lab, stack, settings);
  if (stack.startsWith("gcp"))
    await setSecret(lab, "cmbcluster:googleClientSecret", "GOCSPX-simulated-0123456789abcd");
}

/** Stores a secret of the selected stack, encrypted with the lab's passphrase. */
export async function setSecret(lab: Lab, key: string, value: string): Promise<void> {
  const { code, stderr } = await lab.pulumi(["config", "set", "--secret", key, value]);
  if (code !== 0) throw new Error(stderr);
}
