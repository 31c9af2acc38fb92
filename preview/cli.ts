import { join } from "node:path";
import { checkConfig, renderFaults } from "../infra/config/check";
import { findTool, thisMachine } from "../tools/find-tool";
import { previewCommand } from "./command";

/** A preview fetches nothing: helm is taken where it is, and only named where it would have to be built. */
const machine = {
  ...thisMachine(),
  say: () => undefined,
  run: () => ({ ok: false, output: "a preview downloads nothing: npm run tools -- helm does" }),
};

/** `npm run preview`: the command on this machine, for this folder. */
void previewCommand(process.argv.slice(2), {
  root: join(__dirname, ".."),
  // npm runs a script in the project's folder, and keeps the caller's here.
  cwd: process.env["INIT_CWD"] ?? process.cwd(),
  environment: process.env,
  isTerminal: process.stdout.isTTY,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  findHelm: () => findTool("helm", machine),
  check: ({ values, secretKeys }) => {
    const { settings, ...report } = checkConfig(values, secretKeys);
    return { ...report, budget: settings?.budget, faultText: renderFaults(report.faults, "text") };
  },
}).then((code) => (process.exitCode = code));
