import { spawnSync } from "node:child_process";
import { findTool } from "../tools/find-tool";
import { describeWithPython, describeWithTools } from "./with-tools";

jest.mock("node:child_process", () => ({ spawnSync: jest.fn() }));
jest.mock("../tools/find-tool", () => ({
  findTool: jest.fn((name: string) =>
    name === "helm" ? { name, path: "/bin/helm", from: "PATH" } : { name, missing: `${name}: no Go here` },
  ),
}));

/** What suites were registered, while jest's own `describe` looks on. */
function registered(declare: () => void): { run: string[]; skipped: string[] } {
  const own = globalThis.describe;
  const run: string[] = [];
  const skipped: string[] = [];
  const skip = (title: string) => void skipped.push(title);
  globalThis.describe = Object.assign((title: string) => void run.push(title), { skip }) as never;
  try {
    declare();
  } finally {
    globalThis.describe = own;
  }
  return { run, skipped };
}

const suite = () => undefined;

test("a suite whose tools are there runs under its own title, and each is looked for once", () => {
  const declare = () => describeWithTools(["helm"], "a chart", suite);
  expect(registered(declare)).toEqual({ run: ["a chart"], skipped: [] });
  expect(registered(declare)).toEqual({ run: ["a chart"], skipped: [] });
  expect(jest.mocked(findTool).mock.calls).toEqual([["helm"]]);
});

test("a suite that lacks tools is skipped, never passed, and says which and why", () => {
  expect(registered(() => describeWithTools(["helm", "kwok", "traefik"], "a cluster", suite))).toEqual({
    run: [],
    skipped: ["a cluster (skipped: kwok: no Go here; traefik: no Go here)"],
  });
  expect(registered(() => describeWithTools(["helm"], "a door", suite, ["no address"]))).toEqual({
    run: [],
    skipped: ["a door (skipped: no address)"],
  });
});

test("the same for Python, of the version that is asked for", () => {
  const python = jest.mocked(spawnSync);
  python.mockReturnValueOnce({ status: 0 } as never);
  expect(registered(() => describeWithPython("a script", suite))).toEqual({ run: ["a script"], skipped: [] });
  expect(python.mock.lastCall![1]).toEqual(["-c", "import sys; sys.exit(sys.version_info < (3, 8))"]);
  python.mockReturnValueOnce({ status: null } as never);
  expect(registered(() => describeWithPython("a script", suite, "3.11"))).toEqual({
    run: [],
    skipped: ["a script (skipped: python3, 3.11 or later, is not on PATH)"],
  });
  expect(python.mock.lastCall![1]).toEqual(["-c", "import sys; sys.exit(sys.version_info < (3, 11))"]);
});
