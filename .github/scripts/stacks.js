/**
 * Names the stacks of a workflow as a matrix: `node stacks.js <preview|deploy|drift>`.
 *
 * CMB_STACKS is a JSON list, `[{"stack": "aws-dev", "runner": "cmb-aws"}]`. `runner` is the label of a runner that
 * reaches the stack's Kubernetes API: it deploys and looks for drift. `previewRunner` is one for pull requests; left
 * out, a hosted one plans them without asking the cluster. The cloud is read from the stack's file.
 */
const { appendFileSync, existsSync, readFileSync } = require("node:fs");

const HOSTED = "ubuntu-24.04";
const purpose = process.argv[2];
const { CMB_STACKS = "", ONLY = "", ALLOW = "", GITHUB_OUTPUT } = process.env;

try {
  if (!["preview", "deploy", "drift"].includes(purpose)) throw new Error("stacks.js <preview|deploy|drift>");
  if (ALLOW.trim() !== "" && ONLY === "")
    throw new Error("what may be lost is allowed on one stack: name it");
  const stacks = listed().filter(({ stack }) => ONLY === "" || stack === ONLY);
  if (stacks.length === 0) throw new Error(ONLY === "" ? "CMB_STACKS is empty" : `CMB_STACKS has no ${ONLY}`);
  appendFileSync(GITHUB_OUTPUT, `stacks=${JSON.stringify(stacks.map(entry))}\n`);
} catch (error) {
  console.error(`::error::${error.message}`);
  process.exitCode = 1;
}

function listed() {
  const form = 'CMB_STACKS has to be a list such as [{"stack": "aws-dev", "runner": "cmb-aws"}]';
  let list;
  try {
    list = JSON.parse(CMB_STACKS);
  } catch {
    throw new Error(`${form}; it is no JSON`);
  }
  const known = ["stack", "runner", "previewRunner"];
  const sound = (one) =>
    typeof one?.stack === "string" &&
    Object.entries(one).every(
      ([key, value]) => known.includes(key) && typeof value === "string" && value !== "",
    );
  if (!Array.isArray(list) || !list.every(sound)) throw new Error(form);
  return list;
}

function entry({ stack, runner, previewRunner }) {
  if (!/^[A-Za-z0-9._-]+$/.test(stack))
    throw new Error("CMB_STACKS: a stack's name has letters, digits, . _ and -");
  const cloud = cloudOf(stack);
  if (purpose === "preview") {
    return { stack, cloud, runner: previewRunner ?? HOSTED, reachesCluster: previewRunner !== undefined };
  }
  if (runner === undefined) {
    throw new Error(
      `${stack} has no "runner" in CMB_STACKS: one that reaches its Kubernetes API (docs/workflows.md)`,
    );
  }
  return { stack, cloud, runner, reachesCluster: true };
}

function cloudOf(stack) {
  const file = `Pulumi.${stack}.yaml`;
  if (!existsSync(file)) throw new Error(`CMB_STACKS names ${stack}, but there is no ${file}`);
  const cloud = /^\s+"?cmbcluster:cloud"?:\s*"?(aws|gcp)"?\s*(#.*)?$/m.exec(readFileSync(file, "utf8"))?.[1];
  if (!cloud) throw new Error(`${file} does not say cmbcluster:cloud: aws or gcp`);
  return cloud;
}
