import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findTool, type FoundTool, type Machine, thisMachine, toolNames, toolSources } from "./find-tool";
import { toolSource } from "./tool-sources";

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
    home: join(root, "home"),
    environment: { PATH: join(root, "bin") },
    say: (line) => said.push(line),
    run: (command, args, cwd) => {
      ran.push(`${command} in ${cwd.replace(root, "<root>")}`);
      program(args[args.indexOf("-o") + 1]!);
      return { ok: true, output: "" };
    },
    sleep: () => undefined,
    alive: () => true,
    now: () => 0,
    ...change,
  };
  return { ...made, said, ran };
}

const pathOf = (tool: FoundTool) => ("path" in tool ? tool.path : fail(tool.missing));
const fail = (why: string): never => {
  throw new Error(why);
};

test("a tool on PATH is taken, and nothing is built", () => {
  const here = machine(["helm", "go"]);
  expect(findTool("helm", here)).toEqual({ name: "helm", path: join(root, "bin/helm"), from: "PATH" });
  expect(here.ran).toEqual([]);
});

test("else it is built once from its own module into the user's cache, and the wait is announced", () => {
  const here = machine(["go"]);
  const built = findTool("helm", here);
  expect(built).toMatchObject({ name: "helm", from: "built" });
  // The last part is the tool's name: its folder can be put on a PATH.
  expect(pathOf(built)).toMatch(/\/home\/\.cache\/cmbcluster\/tools\/helm-v3\.19\.2-[0-9a-f]{8}\/helm$/);
  expect(here.ran).toEqual(["go in <root>/tools/helm"]);
  expect(here.said).toHaveLength(1);
  expect(here.said[0]).toMatch(
    /Building helm v3\.19\.2 \(renders the application's chart\).* about 2 minutes of CPU, once/,
  );
  expect(findTool("helm", here)).toEqual({ name: "helm", path: pathOf(built), from: "cache" });
  expect(here.ran).toHaveLength(1);
});

test("another content of its module is another tool: it is built anew", () => {
  const here = machine(["go"]);
  const before = pathOf(findTool("helm", here));
  mkdirSync(join(root, "tools/helm"), { recursive: true });
  writeFileSync(join(root, "tools/helm/go.sum"), "other");
  const after = findTool("helm", here);
  expect(after).toMatchObject({ from: "built" });
  expect(pathOf(after)).not.toBe(before);
});

test("build tags are passed on, to the tool that has them", () => {
  const seen: (readonly string[])[] = [];
  const run = (_: string, args: readonly string[]) => {
    seen.push(args);
    return { ok: false, output: "" };
  };
  findTool("pulumi", machine(["go"], { run }));
  findTool("kwok", machine(["go"], { run }));
  expect(seen[0]).toEqual(expect.arrayContaining(["-tags", "osusergo,grpcnotrace"]));
  expect(seen[1]).not.toContain("-tags");
});

test("the cache may lie elsewhere: a CI runner's own place, or the one all of a user's programs use", () => {
  const elsewhere = join(root, "kept");
  const PATH = join(root, "bin");
  const own = machine(["go"], {
    environment: { PATH, CMBCLUSTER_TOOL_CACHE: elsewhere, XDG_CACHE_HOME: join(root, "not") },
  });
  expect(pathOf(findTool("kubeconform", own))).toContain(join(elsewhere, "kubeconform-v0.7.0-"));
  const users = machine(["go"], { environment: { PATH, XDG_CACHE_HOME: join(root, "xdg") } });
  expect(pathOf(findTool("kubeconform", users))).toContain(join(root, "xdg/cmbcluster/tools/kubeconform"));
  const empty = machine(["go"], { environment: { PATH, XDG_CACHE_HOME: "" } });
  expect(pathOf(findTool("kubeconform", empty))).toContain(join(root, "home/.cache"));
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

test("a cache that cannot be written is a reason, not a crash", () => {
  writeFileSync(join(root, "home"), "a file in the way");
  const failed = findTool("helm", machine(["go"]));
  expect(failed).toMatchObject({
    missing: expect.stringMatching(/helm v3.19.2 cannot be built: .+/) as string,
  });
});

test("a build that is cut leaves no half program behind, and says that the next run goes on", () => {
  const run = (_: string, args: readonly string[], __: string, seconds?: number) => {
    expect(seconds).toBe(60);
    program(args[args.indexOf("-o") + 1]!);
    return { ok: false, cut: true, output: "" };
  };
  expect(findTool("helm", machine(["go"], { run }), 60)).toEqual({
    name: "helm",
    missing: expect.stringMatching(
      /helm v3\.19\.2 was not built within the time allowed.* goes on/,
    ) as string,
  });
  expect(findTool("helm", machine(["go"]))).toMatchObject({ from: "built" });
});

test("a run that has spent its time on tools builds none, but takes what is there", () => {
  const environment = { PATH: join(root, "bin"), CMBCLUSTER_TOOL_SECONDS: "0" };
  const late = machine(["go"], { environment });
  const missing = expect.stringMatching(/not built within the time allowed/) as string;
  expect(findTool("helm", late)).toEqual({ name: "helm", missing });
  expect(late.ran).toEqual([]);
  expect(findTool("helm", machine(["go"]))).toMatchObject({ from: "built" });
  expect(findTool("helm", machine(["go"], { environment }))).toMatchObject({ from: "cache" });
});

test("this machine runs commands, tells a failure from a success, and waits", () => {
  const here = thisMachine();
  expect(here.run(process.execPath, ["-p", "6 * 7"], root)).toMatchObject({ ok: true, output: "42" });
  expect(here.run(process.execPath, ["-e", "process.exit(3)"], root)).toMatchObject({
    ok: false,
    output: "",
  });
  expect(here.run("no-such-program", [], root)).toMatchObject({ ok: false });
  const endless = ["-e", "setInterval(() => {}, 1000)"];
  expect(here.run(process.execPath, endless, root, 0.2003)).toMatchObject({ ok: false, cut: true });
  expect(here.run(process.execPath, ["-p", "1"], root, 60)).toMatchObject({ ok: true, cut: false });
  expect(here.alive(process.pid)).toBe(true);
  // Above the largest process id that Linux gives.
  expect(here.alive(2 ** 22 + 1)).toBe(false);
  expect(here.now()).toBeLessThanOrEqual(here.now());
  expect(() => here.sleep(1)).not.toThrow();
  const write = jest.spyOn(process.stderr, "write").mockReturnValue(true);
  here.say("hello");
  expect(write).toHaveBeenCalledWith("hello\n");
  write.mockRestore();
});

test.each(toolNames)("%s: its module pins the version in the table, and every dependency", (name) => {
  const folder = join(__dirname, toolSource(name).folder ?? name);
  const { goPackage, version, pinnedModule = goPackage.replace(/\/cmd\/.*/, "") } = toolSource(name);
  const module = readFileSync(join(folder, "go.mod"), "utf8");
  if (goPackage === ".") expect(readdirSync(folder)).toContain("main.go");
  else expect(module).toMatch(new RegExp(`^(tool |\\t)${goPackage}$`, "m"));
  expect(module).toMatch(new RegExp(`${pinnedModule} ${version.replaceAll(".", "\\.")}\\b`));
  expect(readFileSync(join(folder, "go.sum"), "utf8").split("\n").length).toBeGreaterThan(10);
});

test("every part of Kubernetes comes from the same release", () => {
  const module = readFileSync(join(__dirname, "kube-control-plane/go.mod"), "utf8");
  const parts = [...module.matchAll(/^\tk8s\.io\/\S+ => k8s\.io\/\S+ (\S+)$/gm)].map((match) => match[1]);
  expect(parts).toHaveLength(31);
  expect(new Set(parts)).toEqual(new Set([toolSources["kube-control-plane"].version.replace("v1", "v0")]));
});
