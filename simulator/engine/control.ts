import { connect } from "node:net";
import type { CloudObject } from "../models/model";
import type { Json } from "../../preview/engine/values";
import type { FaultRule, Faults } from "./faults";
import { pushImage } from "./images";
import { Lifecycle } from "./lifecycle";
import type { Stored } from "./store";
import type { Invocation, Operation } from "./timeline";
import type { World } from "./simulated-provider";
import { viewOf, type Waiting } from "./view";

/** A thing by its kind, and id or other address. */
export interface Address {
  readonly kind: string;
  readonly id: string;
}

/** What can be asked of running clouds, and done to them behind the engine's back. */
export interface CloudControl {
  /** Everything that exists; of one kind when it is named. */
  list(kind?: string): Promise<readonly Stored[]>;
  /** Changes properties of a thing, as somebody in the console would; null takes one away. */
  set(address: Address, properties: Readonly<Record<string, Json>>): Promise<void>;
  /** Takes a thing away, whatever still needs it. */
  delete(address: Address): Promise<void>;
  /**
   * Deletes a thing as somebody with the cloud's console would, and waits until it is gone: what goes with it goes (the
   * control plane of a cluster stops), and what the cloud refuses is refused.
   */
  end(address: Address): Promise<void>;
  /** Puts a thing there that no program made: somebody else's bucket of the wanted name. */
  put(object: Partial<CloudObject> & Pick<CloudObject, "kind" | "id">): Promise<void>;
  /** Replaces the script of faults. */
  faults(rules: readonly FaultRule[]): Promise<void>;
  /** Faults of the script that have happened so far. */
  happened(): Promise<Faults["happened"]>;
  /** False: everybody's credentials have expired. */
  credentials(valid: boolean): Promise<void>;
  /** Puts an image into a simulated registry: `<repository>:<tag>`, `<repository>@<digest>`. */
  push(image: string): Promise<void>;
  images(): Promise<readonly string[]>;
  operations(): Promise<readonly Operation[]>;
  /** Questions that programs have asked since the clouds' process began, previews' among them. */
  invocations(): Promise<readonly Invocation[]>;
  /** Virtual seconds since the simulation began. */
  now(): Promise<number>;
  /** Lets virtual time pass, and what happens by itself in it. */
  pass(seconds: number): Promise<void>;
  /** Kubeconfigs of the clusters that run, with all rights, by the cluster's id. */
  kubeconfigs(): Promise<Readonly<Record<string, string>>>;
}

/** Name and parameters of a request. */
export interface ControlRequest {
  readonly command: keyof CloudControl;
  readonly parameters: readonly unknown[];
}

/** The same in the process that holds the clouds, where most of it is done at once. */
export type Commands = {
  readonly [K in keyof CloudControl]: (
    this: void,
    ...parameters: Parameters<CloudControl[K]>
  ) => ReturnType<CloudControl[K]> | Awaited<ReturnType<CloudControl[K]>>;
};

/** Carries commands out in the process that holds the clouds. */
export function controlOf(world: World, kubeconfigs: () => Promise<Record<string, string>>): Commands {
  const { store, faults, timeline, clock } = world;
  const find = ({ kind, id }: Address): Stored => {
    const found = store
      .ofKind(kind)
      .find(({ object }) => object.id === id || object.properties["name"] === id);
    if (!found) throw new Error(`there is no ${kind} ${id}`);
    return found;
  };
  return {
    list: (kind) => (kind === undefined ? store.all() : store.ofKind(kind)),
    set: (address, properties) => {
      const { object } = find(address);
      for (const [key, value] of Object.entries(properties)) {
        if (value === null) delete object.properties[key];
        else object.properties[key] = value;
      }
      store.changed();
    },
    delete: (address) => store.remove(find(address)),
    end: (address) => endAs(world, find(address)),
    put: (object) =>
      store.put({
        object: {
          place: "elsewhere",
          status: "active",
          properties: {},
          visibleAt: 0,
          createdAt: clock.now(),
          ...object,
        },
      }),
    faults: (rules) => faults.set(rules),
    happened: () => faults.happened,
    credentials: (valid) => void (faults.credentialsValid = valid),
    push: (image) => pushImage(store, image),
    images: () => [...store.images],
    operations: () => timeline.operations,
    invocations: () => timeline.invocations,
    now: () => clock.now(),
    pass: (seconds) => clock.sleep(seconds),
    kubeconfigs: () => kubeconfigs(),
  };
}

async function endAs(world: World, stored: Stored): Promise<void> {
  const { kind, id, place } = stored.object;
  const model = world.models[kind];
  if (!model) throw new Error(`${kind} comes and goes with other things`);
  const [owner = "", region = ""] = place.split("/");
  const google = kind.startsWith("gcp:");
  const context = { account: google ? "" : owner, project: google ? owner : "", region };
  const waiting: Waiting = { seconds: 0, awaited: new Set() };
  const cloud = viewOf(world, context, `console/${kind}/${id}/${world.clock.now()}`, waiting);
  await new Lifecycle(world).remove({ urn: "", model, cloud, waiting, timeout: 0 }, stored);
}

/** Commands by name, for requests from outside. */
const COMMANDS: readonly (keyof CloudControl)[] = [
  ...(["list", "set", "delete", "end", "put", "faults", "happened", "credentials"] as const),
  ...(["push", "images", "operations", "invocations", "now", "pass", "kubeconfigs"] as const),
];

/** Answers one request, as JSON: `{ "result": … }` or `{ "error": "…" }`. */
export async function answerControl(control: Commands, text: string): Promise<string> {
  try {
    const { command, parameters } = JSON.parse(text) as ControlRequest;
    if (!(COMMANDS as readonly string[]).includes(command)) throw new Error(`unknown command ${command}`);
    const run = control[command] as (this: void, ...args: readonly unknown[]) => unknown;
    return JSON.stringify({ result: (await run(...parameters)) ?? null });
  } catch (error) {
    return JSON.stringify({ error: (error as Error).message });
  }
}

/** The clouds that a daemon on this port holds. */
export function connectCloud(port: number): CloudControl {
  const ask = async (command: keyof CloudControl, parameters: readonly unknown[]): Promise<unknown> => {
    const text = await exchange(port, `control ${JSON.stringify({ command, parameters })}\n`);
    const { result, error } = JSON.parse(text) as { result?: unknown; error?: string };
    if (error !== undefined) throw new Error(error);
    return result ?? undefined;
  };
  const entries = COMMANDS.map((command) => [
    command,
    (...parameters: unknown[]) => ask(command, parameters),
  ]);
  return Object.fromEntries(entries) as CloudControl;
}

function exchange(port: number, line: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(line));
    socket.setEncoding("utf8");
    socket.on("data", (text: string) => (answer += text));
    socket.once("error", reject).once("close", () => resolve(answer));
  });
}
