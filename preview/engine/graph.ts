import type { RecordedInvoke, RecordedLog, RecordedResource } from "./recording";
import { STACK_TYPE } from "./urn";
import type { ValueMap } from "./values";

/** An error that the engine itself raises: worded for the person who runs the preview, without a stack trace. */
export class EngineRefusal extends Error {}

/** A registration before inheritance: what was left open may come from the parent. */
export type Registration = Omit<RecordedResource, "protect" | "retainOnDelete" | "outputs"> & {
  readonly protect: boolean | undefined;
  readonly retainOnDelete: boolean | undefined;
};

/** How the engine in this process answers: switched before the program starts. */
export const answers = {
  /** True: what only the cloud knows has a name (stand-ins.ts). False: it is unknown, as in a genuine preview. */
  named: false,
};

/** What has been registered so far in one run of the program. */
export class Graph {
  readonly #resources = new Map<string, RecordedResource>();
  readonly #answers = new Map<string, ValueMap>();
  readonly logs: RecordedLog[] = [];
  readonly invokes: RecordedInvoke[] = [];
  /** What the engine refused, in order. */
  readonly refusals: string[] = [];

  constructor(
    readonly stack: string,
    readonly project: string,
  ) {}

  get resources(): RecordedResource[] {
    return [...this.#resources.values()];
  }

  /** The stack's own component, once it is registered. */
  get root(): RecordedResource | undefined {
    return this.resources.find((resource) => resource.type === STACK_TYPE);
  }

  /**
   * Files a resource. What it leaves open of protect, retainOnDelete, deletedWith and providers it takes from its
   * parent, as the genuine engine does (pulumi v3.259.0, pkg/resource/deploy/source_eval.go: `inheritFromParent`,
   * `resolveProvider`, `componentProviders`). The SDK does so too, but not for a remote component.
   *
   * @throws EngineRefusal when the URN is taken
   */
  register(registration: Registration): RecordedResource {
    if (this.#resources.has(registration.urn)) {
      throw new EngineRefusal(`Duplicate resource URN '${registration.urn}'; try giving it a unique name`);
    }
    const parent = registration.parent === undefined ? undefined : this.#resources.get(registration.parent);
    if (registration.parent !== undefined && parent === undefined) {
      throw new EngineRefusal(
        `'${registration.urn}' names a parent that is not registered: '${registration.parent}'`,
      );
    }
    const resource: RecordedResource = {
      ...registration,
      protect: registration.protect ?? parent?.protect ?? false,
      retainOnDelete: registration.retainOnDelete ?? parent?.retainOnDelete ?? false,
      deletedWith: registration.deletedWith ?? parent?.deletedWith,
      provider: registration.provider ?? providerFor(registration, parent),
      providers: registration.custom
        ? registration.providers
        : { ...parent?.providers, ...registration.providers },
      outputs: {},
    };
    this.#resources.set(resource.urn, resource);
    return resource;
  }

  /** Remembers what the engine answered for a resource, for references that are resolved later. */
  answer(urn: string, state: ValueMap): void {
    this.#answers.set(urn, state);
  }

  /** What was answered so far, by URN. */
  get answers(): ReadonlyMap<string, ValueMap> {
    return this.#answers;
  }

  /** @throws EngineRefusal when there is no such resource */
  stateOf(urn: string): ValueMap {
    const state = this.#answers.get(urn);
    if (!state) throw new EngineRefusal(`unknown resource '${urn}'`);
    return state;
  }

  /** Files what a component, or the stack, gives as its outputs. */
  setOutputs(urn: string, outputs: ValueMap): void {
    const resource = this.#resources.get(urn);
    if (!resource) throw new EngineRefusal(`outputs of an unknown resource '${urn}'`);
    resource.outputs = outputs;
    this.#answers.set(urn, outputs);
  }
}

/** The provider that a custom resource finds at its parent; a provider itself has none. */
function providerFor(registration: Registration, parent: RecordedResource | undefined): string | undefined {
  const [pkg = ""] = registration.type.split(":");
  return registration.custom && pkg !== "pulumi" ? parent?.providers[pkg] : undefined;
}
