import type { Api } from "./api";
import { ApiError } from "./http";
import type { KubernetesObject } from "./types";
import { Watched } from "./watch";

const object = (name: string, resourceVersion = "1"): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Thing",
  metadata: { name, namespace: "ns", resourceVersion },
});

/** An API server with one kind, whose watches the test feeds. */
class FakeServer {
  items: KubernetesObject[] = [];
  /** Thrown by lists while it is set. */
  failure: Error | undefined;
  lists = 0;
  private readonly lines: string[] = [];
  private wake: () => void = () => undefined;
  private broken = false;

  readonly api = {
    get: () => {
      this.lists += 1;
      if (this.failure) return Promise.reject(this.failure);
      return Promise.resolve({ items: this.items, metadata: { resourceVersion: "1" } });
    },
    connection: { lines: (_: string, signal: AbortSignal) => this.stream(signal) },
  } as unknown as Api;

  send(type: string, changed: KubernetesObject): void {
    this.lines.push(JSON.stringify({ type, object: changed }));
    this.wake();
  }

  breakOff(): void {
    this.broken = true;
    this.wake();
  }

  private async *stream(signal: AbortSignal): AsyncGenerator<string> {
    this.broken = false;
    while (!signal.aborted && !this.broken) {
      const line = this.lines.shift();
      if (line !== undefined) yield line;
      else {
        await new Promise<void>((resolve) => {
          this.wake = resolve;
          signal.addEventListener("abort", () => resolve());
        });
      }
    }
    if (this.broken) throw new Error("connection lost");
  }
}

const settle = (milliseconds = 20) => new Promise((resolve) => setTimeout(resolve, milliseconds));

let server: FakeServer;
let tended: string[];
let watched: Watched | undefined;
beforeEach(() => {
  server = new FakeServer();
  tended = [];
});
afterEach(() => watched?.stop());

const watch = (tend: (object: KubernetesObject) => Promise<number | void>) =>
  (watched = new Watched(server.api, "/api/v1/things", async (each) => {
    tended.push(`${each.metadata.name}@${each.metadata.resourceVersion}`);
    return tend(each);
  }));

test("what is there and what comes is looked after; what is deleted is forgotten", async () => {
  server.items = [object("a")];
  const things = watch(() => Promise.resolve());
  await things.start();
  server.send("ADDED", object("b", "2"));
  server.send("BOOKMARK", object("", "3"));
  server.send("DELETED", object("a", "4"));
  await settle();
  expect(tended).toEqual(["a@1", "b@2"]);
  expect(things.all().map(({ metadata }) => metadata.name)).toEqual(["b"]);
  things.tendAll();
  await settle();
  expect(tended).toEqual(["a@1", "b@2", "b@2"]);
});

test("one call at a time for each object; changes in between come as one, with the newest state", async () => {
  let finish: () => void = () => undefined;
  server.items = [object("a")];
  await watch(() => new Promise<void>((resolve) => (finish = resolve))).start();
  for (const version of ["2", "3", "4"]) server.send("MODIFIED", object("a", version));
  await settle();
  expect(tended).toEqual(["a@1"]);
  finish();
  await settle();
  expect(tended).toEqual(["a@1", "a@4"]);
  finish();
});

test("a call that asks for it, or throws, is made again; one that is content is not", async () => {
  server.items = [object("again"), object("broken"), object("content")];
  let calls = 0;
  await watch(({ metadata: { name } }) => {
    if (name === "broken") return Promise.reject(new Error("conflict"));
    return Promise.resolve(name === "again" && calls++ < 2 ? 10 : undefined);
  }).start();
  await settle(1200);
  const count = (name: string) => tended.filter((each) => each.startsWith(name)).length;
  expect({ again: count("again"), broken: count("broken"), content: count("content") }).toEqual({
    again: 3,
    broken: 2,
    content: 1,
  });
});

test("a lost connection is made anew, with a list: nothing that changed in between is missed", async () => {
  server.items = [object("a")];
  await watch(() => Promise.resolve()).start();
  await settle();
  server.items = [object("b", "9")];
  server.breakOff();
  await settle(700);
  expect(tended).toEqual(["a@1", "b@9"]);
  expect(server.lists).toBe(2);
});

test("an expired watch lists again", async () => {
  await watch(() => Promise.resolve()).start();
  server.send("ERROR", object("status"));
  await settle(700);
  expect(server.lists).toBe(2);
});

test("a kind that is not there yet is waited for; any other refusal is an error", async () => {
  server.failure = new ApiError(404, "NotFound", "no such kind");
  await watch(() => Promise.resolve()).start();
  server.items = [object("a")];
  server.failure = undefined;
  await settle(700);
  expect(tended).toEqual(["a@1"]);
  await watched?.stop();
  server.failure = new ApiError(403, "Forbidden", "not yours");
  await expect(watch(() => Promise.resolve()).start()).rejects.toThrow("not yours");
});

test("after the stop nothing is looked after any more", async () => {
  server.items = [object("a")];
  const things = watch(() => Promise.resolve(5));
  await things.start();
  await things.stop();
  const before = tended.length;
  server.send("ADDED", object("b"));
  things.tendAll();
  await settle(50);
  expect(tended).toHaveLength(before);
});
