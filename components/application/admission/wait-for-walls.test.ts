import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SCRIPT, waitingArgs, waitingChecks } from "./wait-for-walls";

/** Runs the script before one of the application's, in a shell whose `nc` reaches the API server so many times. */
function wait(reached: number) {
  const folder = mkdtempSync(join(tmpdir(), "walls-"));
  try {
    const program = (name: string, text: string) =>
      writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    program("nc", `echo "$*" >> ${folder}/calls; [ "$(wc -l < ${folder}/calls)" -le ${reached} ]`);
    program("sleep", "exit 0");
    const { status, stdout } = spawnSync("sh", ["-c", `${SCRIPT}echo as sent`], {
      encoding: "utf8",
      env: {
        PATH: `${folder}:/usr/bin:/bin`,
        KUBERNETES_SERVICE_HOST: "172.20.0.1",
        KUBERNETES_SERVICE_PORT: "443",
      },
    });
    const calls = readFileSync(join(folder, "calls"), "utf8").trim().split("\n");
    return { status, stdout, calls };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("[H5] where the walls are up an environment goes on at once, with what the application sent", () => {
  expect(wait(0)).toEqual({ status: 0, stdout: "as sent\n", calls: ["-z -w 1 172.20.0.1 443"] });
});

test("[H5] where they come late it waits for them", () => {
  const { status, stdout, calls } = wait(7);
  expect([status, stdout, calls.length]).toEqual([0, "as sent\n", 8]);
});

test("[H5] where they never come it fails after a minute and says why, and nothing of the application runs", () => {
  const { status, stdout, calls } = wait(1000);
  expect([status, calls.length]).toEqual([1, 60]);
  expect(stdout).toMatch(/^ERROR: .*network policies of its node are not in force\n$/);
});

test("[H5] in admission it stands before the script that was sent, once", () => {
  const expression = waitingArgs("c");
  expect(expression).toContain(`!c.args[1].startsWith(${JSON.stringify(SCRIPT)})`);
  expect(expression).toContain("+ string(c.args[1])");
});

const [waits, mounts] = waitingChecks("waiting").map(({ expression }) => expression);

test("[H5] the walls know a container that waits by its whole script, not by how it begins", () => {
  expect(waits).toContain(`size(c.?args.orValue([])) == 2 && c.args[0] == "-c"`);
  expect(waits).toContain(`c.args[1].startsWith(${JSON.stringify(SCRIPT)})`);
  expect(waits).toContain(`c.?command.orValue([]) == ["/bin/sh"]`);
});

test("[H5] its bucket hides none of the programs that wait: paths that are no plain ones, or lead there", () => {
  const [plain, programs] = [...mounts!.matchAll(/matches\((".*?")\)/g)].map(
    ([, pattern]) => new RegExp(JSON.parse(pattern!) as string),
  );
  const taken = (path: string) => plain!.test(path) && !programs!.test(path);
  const fine = ["/cmbagent", "/home/node/work", "/usr/src/app", "/opt/lib", "/app.d", "/binary"];
  expect(fine.filter((path) => !taken(path))).toEqual([]);
  const over = [
    "/",
    "/bin",
    "/usr/bin",
    "/usr/local/sbin/x",
    "/lib64",
    "/usr",
    "/etc",
    "/x/../bin",
    "//bin",
    "/bin/",
  ];
  expect(over.filter(taken)).toEqual([]);
});
