import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type ControlPlane, startControlPlane } from ".";
import { clusterTools, deployment, eventually, FakeCloud, readyPods } from "./fixtures/cluster";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "plane-"))));
afterEach(async () => {
  // One that a failed test left running would keep the whole run from ending.
  await Promise.all(running.splice(0).map((plane) => plane.stop()));
  rmSync(folder, { recursive: true });
});
const running: ControlPlane[] = [];

const nodes = { count: 1, zones: ["z-a"], labels: {}, taints: [], cpu: 4, memoryGi: 16, maxPods: 58 };

async function start(name: string, change: object = {}): Promise<ControlPlane> {
  const plane = await startControlPlane({
    folder: join(folder, name),
    serverNames: [],
    tools: clusterTools(),
    hooks: new FakeCloud(),
    ...change,
  });
  running.push(plane);
  return plane;
}

/** Processes of this machine whose command line names the folder. */
function processesOf(path: string): number[] {
  return readdirSync("/proc")
    .filter((each) => /^\d+$/.test(each))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(path);
      } catch {
        return false;
      }
    })
    .map(Number)
    .filter((pid) => pid !== process.pid);
}

test("stopping leaves no process; a new start on the folder finds everything again, under the same authority", async () => {
  const first = await start("one");
  await first.setNodes("group", nodes);
  await first.apply([deployment("web", "app:1")]);
  await eventually(async () => (await readyPods(first.api, "web")) === 1);
  expect(processesOf(join(folder, "one"))).toHaveLength(5);
  await first.stop();
  await first.stop();
  expect(processesOf(folder)).toEqual([]);

  const second = await start("one");
  expect(second.caPem).toBe(first.caPem);
  expect(await readyPods(second.api, "web")).toBe(1);
  await second.apply([deployment("later", "app:1")]);
  await eventually(async () => (await readyPods(second.api, "later")) === 1);
  await second.stop();
});

test("a component that is killed is started again, and the cluster goes on", async () => {
  const plane = await start("one");
  await plane.setNodes("group", nodes);
  const scheduler = processesOf(join(folder, "one")).filter((pid) =>
    readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("kube-scheduler"),
  );
  expect(scheduler).toHaveLength(1);
  process.kill(scheduler[0]!, "SIGKILL");
  await plane.apply([deployment("web", "app:1")]);
  await eventually(async () => (await readyPods(plane.api, "web")) === 1);
  await plane.stop();
  expect(processesOf(folder)).toEqual([]);
});

test("two run side by side and know nothing of each other; an authority that they are given is shared", async () => {
  const authority = join(folder, "authority");
  const [one, two] = await Promise.all([start("one", { authority }), start("two", { authority })]);
  expect(one.port).not.toBe(two.port);
  expect(one.caPem).toBe(two.caPem);
  await one.apply([{ apiVersion: "v1", kind: "Namespace", metadata: { name: "mine" } }]);
  await expect(two.api.get("/api/v1/namespaces/mine")).rejects.toMatchObject({ code: 404 });
  await Promise.all([one.stop(), two.stop()]);
  expect(processesOf(folder)).toEqual([]);
});

/* Linux alone: there the kernel does it, and /proc shows it. */
test("a parent that is killed takes its control plane with it", async () => {
  const marker = join(folder, "started");
  const script = join(folder, "start.ts");
  const here = JSON.stringify(resolve(__dirname, "index.ts"));
  const fixtures = JSON.stringify(resolve(__dirname, "fixtures/cluster.ts"));
  const options = `{ folder: ${JSON.stringify(join(folder, "one"))}, serverNames: [], tools: clusterTools(), hooks: new FakeCloud() }`;
  writeFileSync(
    script,
    `const { startControlPlane } = require(${here});
       const { clusterTools, FakeCloud } = require(${fixtures});
       startControlPlane(${options}).then(() => require("node:fs").writeFileSync(${JSON.stringify(marker)}, ""));`,
  );
  const parent = spawn(process.execPath, ["--require", "tsx/cjs", script], {
    cwd: resolve(__dirname, "../.."),
    stdio: "ignore",
  });
  await eventually(() => existsSync(marker), 120);
  expect(processesOf(join(folder, "one"))).toHaveLength(5);
  parent.kill("SIGKILL");
  await eventually(() => processesOf(folder).length === 0, 10);
});

test("a component that cannot start is named, with the end of its log", async () => {
  const tools = { ...clusterTools(), controlPlane: join(folder, "broken") };
  writeFileSync(
    tools.controlPlane,
    `#!/bin/sh\n[ "$1" = pki ] && exec ${clusterTools().controlPlane} "$@"\necho "no $1 today"\nexit 1\n`,
    { mode: 0o755 },
  );
  await expect(start("one", { tools })).rejects.toThrow(
    /etcd ended before the API server was ready:\n.*no etcd today/,
  );
});
