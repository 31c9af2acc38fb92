import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { findTool } from "./find-tool";

// None of this shows that GitHub runs a workflow as it is read here, or that a role or an environment exists.

const folder = join(__dirname, "../.github");

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly if?: string;
  readonly uses?: string;
  readonly "runs-on"?: string;
  readonly "timeout-minutes"?: number;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly concurrency?: { readonly group: string; readonly "cancel-in-progress": boolean };
  readonly steps?: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const files = readdirSync(join(folder, "workflows"));
const workflow = (file: string) => parse(readFileSync(join(folder, "workflows", file), "utf8")) as Workflow;
const actions = readdirSync(join(folder, "actions")).map((name) => join("actions", name, "action.yml"));
const action = (file: string) =>
  parse(readFileSync(join(folder, file), "utf8")) as { readonly runs: { readonly steps: readonly Step[] } };

/** Every job, with the name of its workflow before its own. */
const jobs = files.flatMap((file) =>
  Object.entries(workflow(file).jobs).map(([name, job]) => ({ name: `${file}: ${name}`, file, job })),
);
const steps = [
  ...jobs.flatMap(({ name, job }) => (job.steps ?? []).map((step) => ({ name, step }))),
  ...actions.flatMap((file) => action(file).runs.steps.map((step) => ({ name: file, step }))),
];
const named = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name);

const actionlint = findTool("actionlint");
const whereBuilt = "path" in actionlint ? test : test.skip;
const why = "missing" in actionlint ? ` (skipped: ${actionlint.missing})` : "";

test("the workflows are these", () => {
  expect([...files].sort()).toEqual(["checks.yml", "deploy.yml", "drift.yml", "pull-request.yml"]);
});

describe(`actionlint${why}`, () => {
  const lint = (paths: readonly string[]) => {
    const path = "path" in actionlint ? actionlint.path : "";
    // What else is installed must not decide: shellcheck and pyflakes are left out.
    const flags = ["-no-color", "-shellcheck=", "-pyflakes="];
    const { stdout, stderr, status } = spawnSync(path, [...flags, ...paths], { encoding: "utf8" });
    return { status, said: stdout + stderr };
  };

  whereBuilt("[P8] it accepts every workflow", () => {
    expect(lint(files.map((file) => join(folder, "workflows", file)))).toEqual({ status: 0, said: "" });
  });

  whereBuilt("and it does look: an output that no job has is refused", () => {
    const scratch = mkdtempSync(join(tmpdir(), "workflow-"));
    try {
      const text = readFileSync(join(folder, "workflows/drift.yml"), "utf8");
      writeFileSync(
        join(scratch, "w.yml"),
        text.replaceAll("needs.stacks.outputs.stacks", "needs.stacks.outputs.x"),
      );
      expect(lint([join(scratch, "w.yml")])).toMatchObject({ status: 1 });
    } finally {
      rmSync(scratch, { recursive: true });
    }
  });
});

describe("what others write is held to what was read", () => {
  test("[P8] an action is of this repository, or pinned to a commit whose release is named beside it", () => {
    const all = [...files.map((file) => join("workflows", file)), ...actions];
    const lines = all.flatMap((file) => readFileSync(join(folder, file), "utf8").split("\n"));
    const uses = lines
      .filter((line) => /^\s*(- )?uses:/.test(line))
      .map((line) => line.replace(/^.*uses: /, ""));
    expect(uses.length).toBeGreaterThan(20);
    const loose = uses.filter(
      (one) => !/^\.\/\.github\//.test(one) && !/^[\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(one),
    );
    expect(loose).toEqual([]);
  });

  test("one action has one pin everywhere", () => {
    const pins = new Set(steps.map(({ step }) => step.uses ?? "").filter((uses) => uses.includes("@")));
    const names = [...pins].map((pin) => pin.split("@")[0]);
    expect(names).toHaveLength(new Set(names).size);
  });
});

describe("a pull request gets no more than it needs", () => {
  test("[P8] none runs with the rights of the target: no pull_request_target, no workflow_run", () => {
    const events = files.flatMap((file) => Object.keys(workflow(file).on));
    expect(new Set(events)).toEqual(
      new Set(["workflow_call", "pull_request", "push", "workflow_dispatch", "schedule"]),
    );
    expect(Object.keys(workflow("pull-request.yml").on)).toEqual(["pull_request"]);
  });

  test("rights are given job by job, and these alone may write or ask a cloud for a log-in", () => {
    for (const file of files) expect([file, workflow(file).permissions]).toEqual([file, {}]);
    const given = jobs.map(({ name, job }) => {
      const { contents, ...more } = job.permissions ?? {};
      expect([name, contents]).toEqual([name, "read"]);
      return [name, more] as const;
    });
    expect(Object.fromEntries(given.filter(([, more]) => Object.keys(more).length > 0))).toEqual({
      "pull-request.yml: comment": { "pull-requests": "write" },
      "pull-request.yml: plan": { "id-token": "write" },
      "deploy.yml: deploy": { "id-token": "write" },
      "drift.yml: look": { "id-token": "write" },
      "drift.yml: report": { issues: "write" },
    });
  });

  test("of a fork's none of these jobs runs, nor does one that needs what they make", () => {
    const here = "github.event.pull_request.head.repo.full_name == github.repository";
    const { comment, stacks, plan } = workflow("pull-request.yml").jobs;
    expect(comment!.if).toContain(here);
    expect(stacks!.if).toContain(here);
    expect((plan as Job & { needs: string }).needs).toBe("stacks");
    // Without a condition of its own a job is skipped with the one it needs.
    expect(plan!.if).toBeUndefined();
  });

  test("a secret reaches only jobs of an environment, which its owner may guard", () => {
    const text = (job: Job) => JSON.stringify(job);
    const withSecret = jobs.filter(({ job }) => text(job).includes("secrets."));
    expect(withSecret).toHaveLength(3);
    expect(named(withSecret.filter(({ job }) => job.environment === undefined))).toEqual([]);
    const withLogin = jobs.filter(({ job }) => job.permissions?.["id-token"] !== undefined);
    expect(named(withLogin)).toEqual(named(withSecret));
  });

  test("no checkout leaves its token behind", () => {
    const checkouts = steps.filter(({ step }) => step.uses?.startsWith("actions/checkout@"));
    expect(checkouts.length).toBeGreaterThan(8);
    expect(named(checkouts.filter(({ step }) => step.with?.["persist-credentials"] !== false))).toEqual([]);
  });

  test("no expression stands in a script: what others chose reaches it as a variable", () => {
    expect(named(steps.filter(({ step }) => step.run?.includes("${{")))).toEqual([]);
  });
});

describe("runs", () => {
  test("every job that runs by itself has an end", () => {
    expect(named(jobs.filter(({ job }) => !job.uses && !job["timeout-minutes"]))).toEqual([]);
  });

  test("[O5] a stack is deployed by one run at a time, which is never cut, after all checks, from main", () => {
    const { deploy, stacks } = workflow("deploy.yml").jobs;
    expect(deploy!.concurrency).toEqual({
      group: "stack-${{ matrix.stack }}",
      "cancel-in-progress": false,
    });
    expect((deploy as Job & { needs: string[] }).needs).toEqual(["checks", "stacks"]);
    expect(stacks!.if).toContain("github.ref == 'refs/heads/main'");
    // A waiting deployment would make room for a look at drift, if they shared a group.
    expect(workflow("drift.yml").jobs["look"]!.concurrency!.group).toBe("drift-${{ matrix.stack }}");
  });

  test("[P8] the night's look at drift waits for nobody: its environment is not that of the reviewed plans", () => {
    expect(workflow("drift.yml").jobs["look"]!.environment).toBe("${{ matrix.stack }}-drift");
    expect(workflow("pull-request.yml").jobs["plan"]!.environment).toBe("${{ matrix.stack }}-preview");
    const docs = readFileSync(join(folder, "../docs/workflows.md"), "utf8");
    expect(docs).toContain("`<stack>`, `<stack>-preview` and `<stack>-drift`");
  });

  test("main runs the checks whether or not it deploys, so that pull requests find its tools", () => {
    expect(workflow("deploy.yml").jobs["checks"]).toEqual({
      uses: "./.github/workflows/checks.yml",
      permissions: { contents: "read" },
    });
    const restore = action("actions/tools/action.yml").runs.steps.find(({ uses }) =>
      uses?.startsWith("actions/cache/restore@"),
    )!;
    const { key, "restore-keys": others } = restore.with as Record<string, string>;
    // Nothing but what a tool is built from: a changed test or generator keeps the tools.
    expect(/hashFiles\((.*)\)/.exec(key!)![1]).toBe(
      "'tools/tool-sources.ts', 'tools/*/go.*', 'tools/**/*.go'",
    );
    expect(others!.trim()).toBe(key!.slice(0, key!.indexOf("${{ hashFiles")));
  });

  test("[P8] a comment is made also where there is no difference to download", () => {
    const comment = workflow("pull-request.yml").jobs["comment"]!.steps as readonly (Step & {
      readonly "continue-on-error"?: boolean;
    })[];
    const download = comment.find(({ uses }) => uses?.startsWith("actions/download-artifact@"))!;
    expect(download["continue-on-error"]).toBe(true);
    expect(comment.at(-1)!.run).toContain("comment.sh");
  });

  test("the Pulumi that deploys is the one that the engine tests run", () => {
    const text = readFileSync(join(folder, "actions/stack/action.yml"), "utf8");
    const tools = readFileSync(join(__dirname, "tool-sources.ts"), "utf8");
    const tested = /pulumi: \{\s+version: "v([\d.]+)"/.exec(tools)![1]!;
    expect(text).toContain(`pulumi-version: ${tested}\n`);
  });

  test("a script that a step names is there and can be run", () => {
    const scripts = steps.flatMap(({ step }) => step.run?.match(/\.github\/scripts\/\S+/g) ?? []);
    expect(new Set(scripts).size).toBe(7);
    for (const script of scripts) {
      const mode = statSync(join(folder, "..", script)).mode;
      expect([script, script.endsWith(".js") || (mode & 0o111) !== 0]).toEqual([script, true]);
    }
  });
});
