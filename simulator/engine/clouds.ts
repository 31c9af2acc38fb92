import { join } from "node:path";
import type { ClusterHands, InvokeModel, ResourceModel } from "../models/model";
import { nextTurn, VirtualClock } from "./clock";
import { type Commands, answerControl, controlOf } from "./control";
import { Faults } from "./faults";
import { type RunningServer, serve } from "./grpc";
import { type PluginRequest, startHost, type ToolAnswer, type ToolRequest } from "./host";
import { groupOf, Idleness } from "./idleness";
import { providerService } from "./provider-service";
import { randomService } from "./random-provider";
import { SimulatedProvider, type World } from "./simulated-provider";
import { Store } from "./store";
import { Timeline } from "./timeline";

/** What clouds are simulated with. */
export interface CloudOptions {
  /** Folder of the state: `objects.json`, `operations.jsonl`. What lies there from an earlier run goes on. */
  readonly folder: string;
  readonly models: Readonly<Record<string, ResourceModel>>;
  readonly invokes: Readonly<Record<string, InvokeModel>>;
  /** Changes every made-up id. Left out: `seed`. */
  readonly seed?: string;
  /** AWS account of the credentials. Left out: whichever the program allows. */
  readonly account?: string;
  /**
   * True: time jumps as soon as the clouds themselves have nothing to do, whatever the engine is at. Runs are
   * quicker, and the timeline means nothing.
   */
  readonly instant?: boolean;
  /** Left out: clusters are records only, and nothing answers behind their names. */
  readonly clusters?: ClusterHands;
  /** Kubeconfigs of running clusters by id. */
  readonly kubeconfigs?: () => Promise<Record<string, string>>;
  /** Serves the packages `eks` and `kubernetes`; without it they are refused. */
  readonly otherPlugin?: (request: PluginRequest, world: World, kill: () => void) => Promise<RunningServer>;
  /** Answers the clouds' command-line tools. */
  readonly tool?: (request: ToolRequest, world: World) => Promise<ToolAnswer>;
}

/** Clouds that run in this process. */
export interface RunningClouds {
  /** Where the scripts on PATH knock. */
  readonly port: number;
  readonly world: World;
  readonly control: Commands;
  close(): void;
}

/** Versions that the providers say they are: what the program's SDKs ask for. */
const VERSIONS: Readonly<Record<string, string>> = { aws: "7.48.0", gcp: "9.37.0" };

/** Starts the clouds. They end with {@link RunningClouds.close}, and their state stays in the folder. */
export async function startClouds(options: CloudOptions): Promise<RunningClouds> {
  const idleness = new Idleness();
  // The store tells the time that the file knows, and asks the clock for it from then on.
  const store: Store = new Store(options.folder, () => time.now());
  const time = new VirtualClock(store.startsAt, options.instant ? nextTurn : () => idleness.quiet());
  const world: World = {
    clock: time,
    store,
    clusters: held(time, options.clusters ?? noClusters),
    seed: options.seed ?? "seed",
    faults: new Faults(),
    timeline: new Timeline(join(options.folder)),
    models: options.models,
    invokes: options.invokes,
    credentials: { account: options.account },
  };
  const control = controlOf(world, options.kubeconfigs ?? (() => Promise.resolve({})));
  const touch = () => time.touch();
  const drawn = new Map<string, number>();
  const draw = (urn: string): string => {
    drawn.set(urn, (drawn.get(urn) ?? 0) + 1);
    return `${world.seed}/${urn}/${drawn.get(urn)}`;
  };

  const plugin = async (request: PluginRequest): Promise<RunningServer> => {
    idleness.watch(request.engine);
    idleness.ignore(request.pid);
    const { packageName } = request;
    if (packageName === "random") return serve(randomService(draw, touch));
    const kill = () => killGroup(request.engine);
    const version = VERSIONS[packageName];
    if (version === undefined) {
      if (!options.otherPlugin) throw new Error(`no plugin for ${packageName}`);
      return options.otherPlugin(request, world, kill);
    }
    const provider = new SimulatedProvider(world, packageName, request.environment, kill);
    return serve(providerService(provider, packageName, version, touch));
  };
  const host = await startHost({
    plugin: (request) => time.during(() => plugin(request)),
    // A plugin that starts, a tool that answers: the engine waits for them and looks idle.
    tool: (request) =>
      time.during(
        () => options.tool?.(request, world) ?? Promise.resolve({ code: 127, stderr: "not simulated" }),
      ),
    control: (text) => answerControl(control, text),
    touch,
  });
  return {
    port: host.port,
    world,
    control,
    close: () => {
      host.close();
      store.flush();
    },
  };
}

/** Ends the engine and all it has started, at once; never this process's own group. */
function killGroup(pid: number): void {
  const group = groupOf(pid);
  if (group === undefined || group === groupOf(process.pid)) process.kill(pid, "SIGKILL");
  else process.kill(-group, "SIGKILL");
}

const noClusters: ClusterHands = {
  create: () =>
    Promise.resolve({ caPem: "-----BEGIN CERTIFICATE-----\nsimulated\n-----END CERTIFICATE-----\n" }),
  remove: () => Promise.resolve(),
  setNodes: () => Promise.resolve(),
  removeNodes: () => Promise.resolve(),
  apply: () => Promise.resolve(),
};

/** What happens in a real cluster takes real time, during which virtual time stands still. */
function held(clock: VirtualClock, hands: ClusterHands): ClusterHands {
  return {
    create: (...args) => clock.during(() => hands.create(...args)),
    remove: (...args) => clock.during(() => hands.remove(...args)),
    setNodes: (...args) => clock.during(() => hands.setNodes(...args)),
    removeNodes: (...args) => clock.during(() => hands.removeNodes(...args)),
    apply: (...args) => clock.during(() => hands.apply(...args)),
  };
}
