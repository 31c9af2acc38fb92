import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildTools } from "./build";
import { findTool, type Machine, thisMachine, toolNames, toolSources } from "./find-tool";

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), "tools-"))));
afterEach(() => rmSync(root, { recursive: true }));

const program = (path: string) => {
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, "#!/bin/sh\n");
  chmodSync(path, 0o755);
  return path;
};

/** A machine with these programs on its PATH; `go` builds, or does what `go` says instead. */
function machine(programs: readonly string[], change: Partial<Machine> = {}) {
  for (const name of programs) program(join(root, "bin", name));
  const said: string[] = [];
  const ran: string[] = [];
  const made: Machine = {
    root,
    environment: { PATH: join(root, "bin") },
    say: (line) => said.push(line),
    run: (command, args, cwd) => {
      ran.push(`${command} in ${cwd.replace(root, "<root>")}`);
      program(args[args.indexOf("-o") + 1]!);
      return { ok: true, output: "" };
    },
    sleep: () => undefined,
    ...change,
  };
  return { ...made, said, ran };
}

test("a tool on PATH is taken, and nothing is built", () => {
  const here = machine(["helm", "go"]);
  expect(findTool("helm", here)).toEqual({ name: "helm", path: join(root, "bin/helm"), from: "PATH" });
  expect(here.ran).toEqual([]);
});

test("else it is built once from its own module into the project's cache, and the wait is announced", () => {
  const here = machine(["go"]);
  const path = join(root, ".cache/tools/helm-v3.19.2");
  expect(findTool("helm", here)).toEqual({ name: "helm", path, from: "built" });
  expect(here.ran).toEqual(["go in <root>/tools/helm"]);
  expect(here.said).toHaveLength(1);
  expect(here.said[0]).toMatch(/Building helm v3\.19\.2 .* about two minutes, once/);
  expect(findTool("helm", here)).toEqual({ name: "helm", path, from: "cache" });
  expect(here.ran).toHaveLength(1);
});

test("a CI runner may keep the cache elsewhere", () => {
  const elsewhere = join(root, "kept");
  const environment = { PATH: join(root, "bin"), CMBCLUSTER_TOOL_CACHE: elsewhere };
  const here = machine(["go"], { environment });
  expect(findTool("kubeconform", here)).toMatchObject({ path: join(elsewhere, "kubeconform-v0.7.0") });
});

test("without Go there is a reason instead of a tool", () => {
  expect(findTool("helm", machine([]))).toEqual({
    name: "helm",
    missing: "helm is not on PATH, and there is no Go to build v3.19.2 with",
  });
  expect(findTool("helm", machine([], { environment: {} }))).toHaveProperty("missing");
});

test("a failed build leaves a reason, no program, and no lock", () => {
  const run = () => ({ ok: false, output: "one\ntwo\nthree\nno network" });
  const failed = findTool("helm", machine(["go"], { run }));
  expect(failed).toMatchObject({ missing: expect.stringContaining("two three no network") as string });
  const silent = findTool("helm", machine(["go"], { run: () => ({ ok: true, output: "" }) }));
  expect(silent).toMatchObject({ missing: expect.stringContaining("left no program") as string });
  expect(findTool("helm", machine(["go"]))).toMatchObject({ from: "built" });
});

test("two processes that want the same tool build it once: the second waits and takes it from the cache", () => {
  const path = join(root, ".cache/tools/helm-v3.19.2");
  mkdirSync(`${path}.lock`, { recursive: true });
  const sleep = () => {
    program(path);
    rmSync(`${path}.lock`, { recursive: true });
  };
  const here = machine(["go"], { sleep });
  expect(findTool("helm", here)).toEqual({ name: "helm", path, from: "cache" });
  expect(here.ran).toEqual([]);
});

test("a lock whose owner was killed is overcome", () => {
  mkdirSync(join(root, ".cache/tools/helm-v3.19.2.lock"), { recursive: true });
  let slept = 0;
  const here = machine(["go"], { sleep: (milliseconds) => void (slept += milliseconds) });
  expect(findTool("helm", here)).toMatchObject({ from: "built" });
  expect(slept).toBe(20 * 60 * 1000);
});

test("this machine runs commands, tells a failure from a success, and waits", () => {
  const here = thisMachine();
  expect(here.run(process.execPath, ["-p", "6 * 7"], root)).toEqual({ ok: true, output: "42" });
  expect(here.run(process.execPath, ["-e", "process.exit(3)"], root)).toEqual({ ok: false, output: "" });
  expect(here.run("no-such-program", [], root)).toMatchObject({ ok: false });
  expect(() => here.sleep(1)).not.toThrow();
  const write = jest.spyOn(process.stderr, "write").mockReturnValue(true);
  here.say("hello");
  expect(write).toHaveBeenCalledWith("hello\n");
  write.mockRestore();
});

test.each(toolNames)("%s: its module pins the version in the table, and every dependency", (name) => {
  const folder = join(__dirname, name);
  const { goPackage, version } = toolSources[name];
  const module = readFileSync(join(folder, "go.mod"), "utf8");
  expect(module).toContain(`tool ${goPackage}\n`);
  expect(module).toMatch(
    new RegExp(`${goPackage.replace(/\/cmd\/.*/, "")} ${version.replaceAll(".", "\\.")}\\b`),
  );
  expect(readFileSync(join(folder, "go.sum"), "utf8").split("\n").length).toBeGreaterThan(10);
});

describe("npm run tools", () => {
  test("has the named ones ready, or all of them", () => {
    const here = machine(["go"]);
    expect(buildTools(["kubeconform"], here)).toBe(0);
    expect(here.ran).toEqual(["go in <root>/tools/kubeconform"]);
    expect(buildTools([], here)).toBe(0);
    expect(here.said.at(-1)).toMatch(/kubeconform: .* \(cache\)/);
  });

  test("fails when one cannot be had, and says which", () => {
    const here = machine([]);
    expect(buildTools(["helm"], here)).toBe(1);
    expect(here.said).toEqual(["helm: helm is not on PATH, and there is no Go to build v3.19.2 with"]);
  });

  test("refuses a tool it does not know", () => {
    const here = machine(["go"]);
    expect(buildTools(["helm", "make"], here)).toBe(2);
    expect(here.said).toEqual(["There is no tool make; there are helm, kubeconform."]);
    expect(here.ran).toEqual([]);
  });
});
