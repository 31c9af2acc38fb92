import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// The scripts of the workflows, run here as a runner runs them: files where GitHub gives files, and programs in the
// place of gh, npm and pulumi which write down what they were asked. That GitHub's API takes it nothing here shows.

const root = join(__dirname, "..");
const scripts = join(root, ".github/scripts");

let scratch: string;
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), "workflow-scripts-"));
  mkdirSync(join(scratch, "bin"));
});
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

const at = (name: string) => join(scratch, name);
const text = (name: string) => (existsSync(at(name)) ? readFileSync(at(name), "utf8") : "");

/** A program on PATH that writes its arguments and its input down, then does what it is told. */
function program(name: string, does: string) {
  const path = join(scratch, "bin", name);
  const input = name === "gh" ? `case "$*" in *--input*) cat >>"${at(`${name}.input`)}" ;; esac\n` : "";
  writeFileSync(path, `#!/bin/sh\nprintf '%s\\n' "$*" >>"${at(`${name}.calls`)}"\n${input}${does}\n`);
  chmodSync(path, 0o755);
}

function script(name: string, args: readonly string[], environment: Record<string, string>, cwd = scratch) {
  const command = name.endsWith(".js") ? process.execPath : join(scripts, name);
  const all = name.endsWith(".js") ? [join(scripts, name), ...args] : args;
  const done = spawnSync(command, all, {
    cwd,
    encoding: "utf8",
    env: {
      PATH: `${join(scratch, "bin")}:${process.env["PATH"]}`,
      HOME: process.env["HOME"],
      GITHUB_STEP_SUMMARY: at("summary.md"),
      GITHUB_OUTPUT: at("output"),
      GITHUB_REPOSITORY: "owner/repo",
      GITHUB_SERVER_URL: "https://github.example",
      GITHUB_RUN_ID: "7",
      ...environment,
    },
  });
  return { status: done.status, out: done.stdout, err: done.stderr };
}

describe("stacks.js", () => {
  const stackFile = (name: string, cloud: string) =>
    writeFileSync(at(`Pulumi.${name}.yaml`), `config:\n  cmbcluster:cloud: ${cloud} # why\n`);
  const matrix = (purpose: string, stacks: unknown, environment = {}) => {
    const CMB_STACKS = typeof stacks === "string" ? stacks : JSON.stringify(stacks);
    const done = script("stacks.js", [purpose], { CMB_STACKS, ...environment });
    return done.status === 0
      ? (JSON.parse(text("output").replace(/^stacks=/, "")) as unknown)
      : done.err.trim();
  };
  beforeEach(() => (stackFile("aws-dev", "aws"), stackFile("gcp-dev", '"gcp"')));

  test("a pull request is planned by a hosted runner, which reaches no cluster, or by the one that is named", () => {
    const stacks = [
      { stack: "aws-dev", runner: "cmb-aws" },
      { stack: "gcp-dev", previewRunner: "cmb-gcp" },
    ];
    expect(matrix("preview", stacks)).toEqual([
      { stack: "aws-dev", cloud: "aws", runner: "ubuntu-24.04", reachesCluster: false },
      { stack: "gcp-dev", cloud: "gcp", runner: "cmb-gcp", reachesCluster: true },
    ]);
  });

  test.each(["deploy", "drift"])("%s: only on a runner that is named for the stack", (purpose) => {
    expect(matrix(purpose, [{ stack: "aws-dev" }])).toContain('aws-dev has no "runner"');
    expect(matrix(purpose, [{ stack: "aws-dev", runner: "x" }])).toEqual([
      { stack: "aws-dev", cloud: "aws", runner: "x", reachesCluster: true },
    ]);
  });

  test("one stack alone, where one is asked for; a loss is allowed on a stack that is named only", () => {
    const both = [
      { stack: "aws-dev", runner: "x" },
      { stack: "gcp-dev", runner: "y" },
    ];
    expect(matrix("deploy", both, { ONLY: "gcp-dev", ALLOW: "nodes" })).toMatchObject([{ stack: "gcp-dev" }]);
    expect(matrix("deploy", both, { ALLOW: "nodes" })).toContain("name it");
    expect(matrix("deploy", both, { ONLY: "gone" })).toContain("CMB_STACKS has no gone");
  });

  test.each([
    ["no JSON", "aws-dev", "it is no JSON"],
    ["no list", { stack: "aws-dev" }, "has to be a list"],
    ["nothing", [], "CMB_STACKS is empty"],
    ["an unknown key", [{ stack: "aws-dev", runer: "x" }], "has to be a list such as"],
    ["a name that would leave the folder", [{ stack: "../x", runner: "x" }], "letters, digits"],
    ["a stack without a file", [{ stack: "prod", runner: "x" }], "there is no Pulumi.prod.yaml"],
  ])("refused: %s", (_, stacks, said) => expect(matrix("deploy", stacks)).toContain(said));

  test("refused: a stack file without a cloud", () => {
    stackFile("odd", "azure");
    expect(matrix("preview", [{ stack: "odd" }])).toContain("does not say cmbcluster:cloud");
  });
});

describe("comment.sh", () => {
  const comments = (list: readonly { id: number; user: { login: string }; body: string }[]) =>
    program(
      "gh",
      `case "$*" in *--paginate*) cat <<'END'\n${JSON.stringify(list.slice(0, 1))}\n${JSON.stringify(list.slice(1))}\nEND\nesac`,
    );
  const post = () => script("comment.sh", [at("difference.md")], { PULL_REQUEST: "12", GH_TOKEN: "t" });
  const bot = { login: "github-actions[bot]" };
  const mark = "<!-- cmbcluster-preview -->";
  beforeEach(() => writeFileSync(at("difference.md"), `${mark}\n\n"quoted" $(id) \`x\`\n`));

  test("[P8] the first time a comment is made, of exactly the text", () => {
    comments([{ id: 1, user: bot, body: "something else" }]);
    expect(post().status).toBe(0);
    expect(text("gh.calls").trim().split("\n").at(-1)).toBe(
      "api --method POST repos/owner/repo/issues/12/comments --input - --jq .html_url",
    );
    expect(JSON.parse(text("gh.input"))).toEqual({ body: text("difference.md") });
  });

  test("then it is edited in place, on whichever page it stands, and nobody else's with the same mark", () => {
    comments([
      { id: 1, user: { login: "mallory" }, body: `${mark}\nnothing changes` },
      { id: 2, user: bot, body: `${mark}\nold` },
    ]);
    expect(post().status).toBe(0);
    expect(text("gh.calls")).toContain("--method PATCH repos/owner/repo/issues/comments/2 ");
    expect(text("gh.calls")).not.toContain("POST");
  });

  test("[P8] where nothing was compared, an older comment is replaced by that, with the run that says why", () => {
    rmSync(at("difference.md"));
    comments([{ id: 2, user: bot, body: `${mark}\nnothing changes` }]);
    const run = "https://github.com/owner/repo/actions/runs/7";
    const failed = script("comment.sh", [at("difference.md")], {
      PULL_REQUEST: "12",
      GH_TOKEN: "t",
      RUN: run,
    });
    expect(failed.status).toBe(0);
    expect(text("gh.calls")).toContain("--method PATCH repos/owner/repo/issues/comments/2 ");
    const { body } = JSON.parse(text("gh.input")) as { body: string };
    expect(body).toContain(`${mark}\n\nThe comparison failed before it told anything`);
    expect(body).toContain(run);
  });

  test("a text without the mark is not posted: it could never be found again", () => {
    comments([]);
    writeFileSync(at("difference.md"), "hello\n");
    expect(post()).toMatchObject({ status: 1 });
    expect(text("gh.calls")).toBe("");
  });
});

describe("plan.sh", () => {
  beforeEach(() => {
    program("npm", "echo 'judged <b>'; exit ${NPM_EXIT:-0}");
    program("pulumi", "echo planned; exit ${PULUMI_EXIT:-0}");
  });

  test("where the cluster is reached, the gate judges without applying", () => {
    expect(script("plan.sh", [], { STACK: "aws-dev", REACHES_CLUSTER: "true" }).status).toBe(0);
    expect(text("npm.calls")).toBe("run --silent up -- aws-dev --check\n");
    expect(text("pulumi.calls")).toBe("");
    expect(text("summary.md")).toContain("judged &lt;b&gt;");
  });

  test("where it is not, the state is asked, and the summary says so", () => {
    expect(script("plan.sh", [], { STACK: "aws-dev", REACHES_CLUSTER: "false" }).status).toBe(0);
    expect(text("pulumi.calls")).toContain("preview --stack aws-dev --refresh=false");
    expect(text("summary.md")).toContain("by the state of its last run");
  });

  test("a plan that fails fails the job, and still shows what was said", () => {
    const done = script("plan.sh", [], { STACK: "aws-dev", REACHES_CLUSTER: "true", NPM_EXIT: "1" });
    expect(done.status).toBe(1);
    expect(text("summary.md")).toContain("it failed");
    expect(done.out).toContain("judged <b>");
  });
});

describe("deploy.sh", () => {
  test("[O5] a merge goes through the gate with nothing allowed", () => {
    program("npm", `echo '{"result": "applied"}'; echo applying >&2`);
    expect(script("deploy.sh", [], { STACK: "aws-dev", ALLOW: "" }).status).toBe(0);
    expect(text("npm.calls")).toBe("run --silent up -- aws-dev --yes --json\n");
    expect(text("summary.md")).toContain("aws-dev: applied");
    expect(text("summary.md")).toContain("applying");
  });

  test("each loss that is meant is an argument of its own; a star stays a star", () => {
    program("npm", `echo '{"result": "applied"}'`);
    script("deploy.sh", [], { STACK: "aws-dev", ALLOW: "nodes *" });
    expect(text("npm.calls")).toBe("run --silent up -- aws-dev --yes --json --allow nodes --allow *\n");
  });

  test("what the gate refuses fails the job", () => {
    program("npm", `echo '{"result": "refused"}'; echo 'holds data' >&2; exit 1`);
    expect(script("deploy.sh", [], { STACK: "aws-dev", ALLOW: "" }).status).toBe(1);
    expect(text("summary.md")).toContain("aws-dev: refused");
    expect(text("summary.md")).toContain("holds data");
  });
});

describe("drift", () => {
  const look = (exit: number) => {
    program("pulumi", `echo '~ size: 3 => 4 <x>'; exit ${exit}`);
    return script("drift.sh", [at("drift")], { STACK: "aws-dev" });
  };
  const report = (open: readonly unknown[]) => {
    program("gh", `case "$*" in *--paginate*) cat <<'END'\n${JSON.stringify(open)}\nEND\nesac`);
    return script("drift-issue.sh", [at("drift")], { STACK: "aws-dev", GH_TOKEN: "t" });
  };
  const issue = { number: 5, body: "<!-- cmbcluster-drift aws-dev -->\nold" };
  const calls = () => text("gh.calls").trim().split("\n").slice(1);

  test("nothing is changed by looking, and 7 alone means drift", () => {
    expect(look(0).status).toBe(0);
    expect(text("pulumi.calls")).toContain("refresh --stack aws-dev --preview-only --expect-no-changes");
    expect(text("drift/verdict")).toBe("none\n");
    expect(look(7).status).toBe(0);
    expect(text("drift/verdict")).toBe("drift\n");
    expect(look(1).status).toBe(1);
    expect(text("drift/verdict")).toBe("failed\n");
  });

  test("drift opens one issue for the stack; another stack's does not stand for it", () => {
    look(7);
    expect(report([{ number: 4, body: "<!-- cmbcluster-drift aws-prod -->" }]).status).toBe(0);
    expect(calls()).toEqual(["api --method POST repos/owner/repo/issues --input - --jq .html_url"]);
    const { title, body } = JSON.parse(text("gh.input")) as { title: string; body: string };
    expect(title).toBe("Drift: aws-dev");
    expect(body.startsWith("<!-- cmbcluster-drift aws-dev -->\n")).toBe(true);
    expect(body).toContain("=&gt; 4 &lt;x&gt;");
    expect(body).toContain("https://github.example/owner/repo/actions/runs/7");
  });

  test("as long as it stays, that issue is edited", () => {
    look(7);
    report([issue]);
    expect(calls()).toEqual(["api --method PATCH repos/owner/repo/issues/5 --input - --jq .html_url"]);
  });

  test("when it is over, it is said and closed; without an issue nothing is done", () => {
    look(0);
    report([issue]);
    expect(calls()).toEqual([
      "api --method POST repos/owner/repo/issues/5/comments --input - --jq .html_url",
      "api --method PATCH repos/owner/repo/issues/5 --input - --jq .html_url",
    ]);
    expect(text("gh.input")).toContain('"closed"');
    rmSync(at("gh.calls"));
    report([]);
    expect(calls()).toEqual([]);
  });

  test("when nobody knows, an open issue stays as it is", () => {
    look(1);
    expect(report([issue])).toMatchObject({ status: 0 });
    expect(calls()).toEqual([]);
  });
});

describe("difference.sh, in a clone with the program as it is committed", () => {
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", ...args], {
      cwd: at("clone"),
    });

  beforeEach(() => {
    execFileSync("git", ["clone", "--quiet", "--depth=1", `file://${root}`, at("clone")]);
    symlinkSync(join(root, "node_modules"), at("clone/node_modules"));
    cpSync(scripts, at("clone/.github/scripts"), { recursive: true });
  });

  const change = (from: string, to: string) => {
    const file = at("clone/Pulumi.aws-dev.yaml");
    const before = readFileSync(file, "utf8");
    expect(before).toContain(from);
    writeFileSync(file, before.replace(from, to));
    git("commit", "--quiet", "--all", "--message=change");
  };
  const run = () => {
    const path = at("clone/.github/scripts/difference.sh");
    const done = spawnSync(path, [at("out")], {
      cwd: at("clone"),
      encoding: "utf8",
      env: { ...process.env, GITHUB_STEP_SUMMARY: at("summary.md") },
    });
    return { status: done.status, said: done.stdout + done.stderr };
  };

  test("[P8] the difference to the target is in the summary and ready as a comment, with every stack's preview", () => {
    change("203.0.113.0/24", "198.51.100.0/24");
    expect(run()).toMatchObject({ status: 0 });
    const comment = text("out/difference.md");
    expect(comment.startsWith("<!-- cmbcluster-preview -->\n")).toBe(true);
    expect(comment).toContain("198.51.100.0/24");
    const summary = text("summary.md");
    expect(summary.startsWith(comment)).toBe(true);
    expect(summary).toContain("Preview of every stack with this change");
    expect(summary).toContain("gcp-dev");
  }, 600_000);

  test("a stack that can no longer be planned fails the job and is told why", () => {
    change("cmbcluster:profile: dev", "cmbcluster:profile: huge");
    expect(run()).toMatchObject({ status: 1 });
    expect(text("out/difference.md")).toContain("cmbcluster:profile");
  }, 600_000);

  test("without a parent commit it says what the checkout lacks", () => {
    expect(run()).toMatchObject({ status: 1, said: expect.stringContaining("fetch-depth: 2") as string });
  }, 60_000);
});
