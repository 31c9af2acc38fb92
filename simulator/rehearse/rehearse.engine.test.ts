import { spawn } from "node:child_process";
import { join } from "node:path";
import { describeWithTools } from "../../testing/with-tools";
import { LIFE_TOOLS } from "../needed-tools";
import type { Rehearsal } from "./acts";

const root = join(__dirname, "../..");

function rehearse(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      ["--require", join(root, "preview/engine/compile.js"), join(__dirname, "cli.ts"), ...args],
      { cwd: root, stdio: ["ignore", "pipe", "pipe"] },
    );
    let [out, err] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
    child.on("close", (code) => resolve({ code, out, err }));
  });
}

/** What a real cloud would refuse is refused by no rehearsal: this shows the command, the engine and the API server. */
describeWithTools(LIFE_TOOLS, "a rehearsal", () => {
  test("npm run rehearse -- up gcp-dev --json: a document with a timeline for each stage", async () => {
    const { code, out, err } = await rehearse("up", "gcp-dev", "--json");
    expect([code, code === 0 ? "" : err]).toEqual([0, ""]);
    const { ok, nothingWasDeployed, standIns, stages } = JSON.parse(out) as Rehearsal;
    expect([ok, nothingWasDeployed]).toEqual([true, true]);
    expect(standIns).toContain("cmbcluster:gcp.project");
    expect(stages.map(({ name }) => name)).toEqual([
      "up of gcp-dev, from nothing",
      "up after the images were pushed",
    ]);
    const [first, second] = stages;
    expect(first!.seconds / 60).toBeLessThan(11);
    expect(first!.chain.map(({ name }) => name)).toContain("cmb-cluster-gke");
    expect(second!.notes).toEqual(["application: installed"]);
    // Progress is for people, and not in the document.
    expect(err).toMatch(/at work: /);
  });

  test("[P7] npm run rehearse -- switch aws-dev --json: the refusal, then the supported way to its end", async () => {
    const { code, out, err } = await rehearse("switch", "aws-dev", "--json");
    expect([code, code === 0 ? "" : err]).toEqual([0, ""]);
    const { ok, nothingWasDeployed, stages } = JSON.parse(out) as Rehearsal;
    expect([ok, nothingWasDeployed]).toEqual([true, true]);
    expect(stages.map(({ name }) => name)).toEqual([
      "up of aws-dev, from nothing",
      "up after the images were pushed",
      "cmbcluster:cloud of the running stack set to gcp",
      "a second stack, aws-dev-on-gcp, beside the first",
      "up of aws-dev-on-gcp after the images were pushed",
      "the old stack's end",
      "another up of aws-dev-on-gcp",
    ]);
    expect(stages[2]!.notes.join("\n")).toMatch(/refused, nothing was touched:[^]*CMB-S001/);
    expect(stages[5]!.notes.join("\n")).toMatch(/kept on purpose: \d+/);
  });

  test("[O5] npm run rehearse -- destroy gcp-dev --json: what is lost, what is kept, and how long it takes, beforehand", async () => {
    const { code, out, err } = await rehearse("destroy", "gcp-dev", "--json");
    expect([code, code === 0 ? "" : err]).toEqual([0, ""]);
    const { ok, nothingWasDeployed, stages } = JSON.parse(out) as Rehearsal;
    expect([ok, nothingWasDeployed]).toEqual([true, true]);
    const end = stages.at(-1)!;
    expect(end.name).toMatch(/destroy/);
    expect(end.chain.map(({ name }) => name)).toContain("cmb-cluster-gke");
    const told = end.notes.join("\n");
    expect(told).toMatch(/no user environment runs/);
    expect(told).toMatch(/kept on purpose: \d+, for [\d.]+ US\$ a month/);
    expect(told).toMatch(/cmb-dev-db /);
  });
});

test("a stack that has no file is refused in words", async () => {
  const { code, out, err } = await rehearse("up", "nowhere");
  expect([code, out]).toEqual([1, ""]);
  expect(err).toContain('no stack "nowhere"');
});
