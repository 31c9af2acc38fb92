import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { leftovers, strays } from "../strays";
import { CloudError, type CloudObject, type ClusterHands } from "../models/model";
import { VirtualClock } from "./clock";
import { Store } from "./store";
import { type Simulation, viewOf, type Waiting } from "./view";

const clusters = {} as ClusterHands;
const thing = (kind: string, id: string, more: Partial<CloudObject> = {}): CloudObject => ({
  kind,
  id,
  place: "111122223333/us-east-1",
  status: "active",
  properties: {},
  visibleAt: 0,
  createdAt: 0,
  ...more,
});

function simulation(folder?: string): Simulation {
  const clock = new VirtualClock();
  return { clock, store: new Store(folder, () => clock.now()), clusters, seed: "s" };
}
const context = { account: "111122223333", region: "us-east-1", project: "" };

test("what exists lies in a file, and is there again when the file is read", () => {
  const folder = mkdtempSync(join(tmpdir(), "store-"));
  const { store } = simulation(folder);
  store.put({ object: thing("k", "a"), urn: "u" });
  store.images.add("r:v1");
  store.flush();
  expect(readFileSync(join(folder, "objects.json"), "utf8")).toContain('"id": "a"');
  const again = simulation(folder).store;
  expect(again.all()).toEqual([{ object: thing("k", "a"), urn: "u" }]);
  expect(again.images.has("r:v1")).toBe(true);
  rmSync(folder, { recursive: true });
});

test("a thing is found by id, ARN or name, in its own place first; not before others see it, nor while it goes", () => {
  const world = simulation();
  const view = viewOf(world, context, "op");
  view.put(thing("k", "x", { place: "111122223333/eu-west-1", properties: { name: "n" } }));
  view.put(thing("k", "y", { properties: { name: "n", arn: "arn:y" } }));
  view.put(thing("k", "later", { visibleAt: 10 }));
  view.put(thing("k", "going", { status: "deleting" }));
  expect(view.find("k", "n")?.id).toBe("y");
  expect(view.find("k", "arn:y")?.id).toBe("y");
  expect(view.find("k", "x")?.id).toBe("x");
  expect(view.find("k", "")).toBeUndefined();
  expect(view.find("k", "later")).toBeUndefined();
  expect(view.find("k", "going")).toBeUndefined();
  expect(view.list("k")).toHaveLength(4);
  view.remove("k", "y");
  expect(view.list("k")).toHaveLength(3);
});

test("waiting ends when something changes, names what ended it, and counts as waiting", async () => {
  const world = simulation();
  const waiting: Waiting = { seconds: 0, awaited: new Set() };
  const view = viewOf(world, context, "op", waiting);
  const other = viewOf(world, context, "other");
  const nodes = (async () => {
    await other.sleep(120);
    other.put(thing("node", "n"));
  })();
  await view.until(() => view.list("node").length > 0, 1200, new CloudError("Timeout", "no nodes"));
  await nodes;
  expect(world.clock.now()).toBe(120);
  expect(waiting.seconds).toBe(120);
  expect([...waiting.awaited].map(({ id }) => id)).toEqual(["n"]);
});

test("waiting in vain takes all its time and throws what the cloud says", async () => {
  const world = simulation();
  const view = viewOf(world, context, "op");
  await expect(view.until(() => false, 1200, new CloudError("Timeout", "no nodes"))).rejects.toThrow(
    "Timeout: no nodes",
  );
  expect(world.clock.now()).toBe(1200);
});

test("a thing that becomes visible later wakes whoever waits for it", async () => {
  const world = simulation();
  const view = viewOf(world, context, "op");
  view.put(thing("role", "r", { visibleAt: 8 }));
  await view.until(() => view.find("role", "r") !== undefined, 60, new CloudError("NoSuchEntity", "r"));
  expect(world.clock.now()).toBe(8);
});

test("made-up ids follow from the operation, not from what else happens", () => {
  const [one, two] = [simulation(), simulation()];
  viewOf(two, context, "something else").hex(17);
  expect(viewOf(one, context, "op").hex(17)).toBe(viewOf(two, context, "op").hex(17));
  const view = viewOf(one, context, "op");
  expect(view.hex(17)).not.toBe(view.hex(17));
  expect(view.hex(100)).toMatch(/^[0-9a-f]{100}$/);
});

test("a stray was made by a program and is in no state; what came by itself counts among what is left", () => {
  const things = [
    { object: thing("k", "known"), urn: "u1" },
    { object: thing("k", "stray"), urn: "u2" },
    { object: thing("hidden", "eni") },
  ];
  const state = { deployment: { resources: [{ type: "k", id: "known", urn: "u1" }] } };
  expect(strays(things, state).map(({ object }) => object.id)).toEqual(["stray"]);
  expect(leftovers(things, state).map(({ object }) => object.id)).toEqual(["stray", "eni"]);
});
