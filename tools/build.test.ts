import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { buildTools } from "./build";
import { type Machine, toolNames } from "./find-tool";

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), "tools-"))));
afterEach(() => rmSync(root, { recursive: true }));

function program(path: string) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, "#!/bin/sh\n");
  chmodSync(path, 0o755);
}

/** A machine with nothing but Go, on which every build takes ten minutes, or is cut. */
function machine(programs: readonly string[] = ["go"]) {
  for (const name of programs) program(join(root, "bin", name));
  const said: string[] = [];
  const ran: string[] = [];
  const printed: string[] = [];
  let clock = 1000;
  const made: Machine = {
    root,
    home: root,
    environment: { PATH: join(root, "bin") },
    say: (line) => said.push(line),
    run: (_, args, _folder, seconds = Infinity) => {
      ran.push(basename(args[args.indexOf("-o") + 1]!, ".partial"));
      clock += Math.min(seconds, 600);
      if (seconds < 600) return { ok: false, cut: true, output: "" };
      program(args[args.indexOf("-o") + 1]!);
      return { ok: true, output: "" };
    },
    sleep: () => undefined,
    alive: () => true,
    now: () => clock,
  };
  return { made, said, ran, printed, print: (text: string) => printed.push(text) };
}

test("npm run tools has the named ones ready, or all of them in the order of their worth", () => {
  const here = machine();
  expect(buildTools(["kubeconform", "pulumi"], here.made)).toBe(0);
  expect(here.ran).toEqual(["pulumi", "kubeconform"]);
  expect(buildTools([], here.made)).toBe(0);
  expect(here.ran.slice(2)).toEqual(toolNames.filter((name) => !["pulumi", "kubeconform"].includes(name)));
  expect(here.said.at(-1)).toMatch(new RegExp(`${toolNames.at(-1)}: .* \\(built\\)`));
});

test("it fails when one cannot be had, and says which", () => {
  const here = machine([]);
  expect(buildTools(["helm"], here.made)).toBe(1);
  expect(here.said).toEqual(["helm: helm is not on PATH, and there is no Go to build v3.19.2 with"]);
});

test("a budget ends the building: what is under way is cut, what follows is not begun, and both are named", () => {
  const here = machine();
  expect(buildTools(["--budget", "15"], here.made)).toBe(1);
  expect(here.ran).toEqual(["pulumi", "pulumi-language-nodejs"]);
  const missing = here.said.filter((line) => line.includes("was not built within the time allowed"));
  expect(missing).toHaveLength(toolNames.length - 1);
  expect(missing.join()).not.toContain("pulumi v3.259.0");
});

test("what is there already costs nothing of the budget", () => {
  const here = machine();
  expect(buildTools([], here.made)).toBe(0);
  expect(buildTools(["--budget", "0"], here.made)).toBe(0);
});

test("as JSON it is one array, for scripts; progress stays out of it", () => {
  const here = machine();
  expect(buildTools(["helm", "kwok", "--json", "--budget", "15"], here.made, here.print)).toBe(1);
  expect(JSON.parse(here.printed.join(""))).toEqual([
    { name: "helm", path: expect.stringContaining("/helm") as string, from: "built" },
    { name: "kwok", missing: expect.stringContaining("not built within the time") as string },
  ]);
  expect(here.said).toHaveLength(2);
});

test.each([
  [["helm", "make"], "There is no tool make; there are pulumi, pulumi-language-nodejs, helm, kubeconform"],
  [["--quick"], "There is no option --quick. npm run tools"],
  [["--budget", "soon"], "--budget needs a number of minutes."],
  [["--budget"], "--budget needs a number of minutes."],
  [["--budget", "-1"], "--budget needs a number of minutes."],
])("%j is refused, and nothing is built", (line, fault) => {
  const here = machine();
  expect(buildTools(line, here.made)).toBe(2);
  expect(here.said).toEqual([expect.stringContaining(fault)]);
  expect(here.ran).toEqual([]);
});

test("by itself it prints to standard output", () => {
  const write = jest.spyOn(process.stdout, "write").mockReturnValue(true);
  expect(buildTools(["helm", "--json"], machine([]).made)).toBe(1);
  expect(write).toHaveBeenCalledWith(expect.stringContaining('"missing"'));
  write.mockRestore();
});
