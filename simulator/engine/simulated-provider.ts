import { resourceFacts } from "../facts";
import type { CheckFailure, InvokeModel, ResourceModel } from "../models/model";
import { previewOutputs } from "../../preview/engine/models";
import { isMap, type Json, UNKNOWN, type ValueMap } from "../../preview/engine/values";
import { checkInputs, DEFAULTS } from "./check";
import { type Difference, difference } from "./diff";
import type { Faults } from "./faults";
import { Lifecycle, PartialCreation, type Target } from "./lifecycle";
import { currentInputs, markSecret, same, toPlain, withSecretsOf, withUnknown } from "./properties";
import { type Credentials, type ProviderConfig, readConfig } from "./provider-config";
import { taggedOutputs, taggingProperties } from "./tagging";
import type { OperationKind, Timeline } from "./timeline";
import { type Simulation, viewOf, type Waiting } from "./view";

/** What all providers of one simulation share. */
export interface World extends Simulation {
  readonly faults: Faults;
  readonly timeline: Timeline;
  readonly models: Readonly<Record<string, ResourceModel>>;
  readonly invokes: Readonly<Record<string, InvokeModel>>;
  readonly credentials: Credentials;
}

/** One resource in a request. */
export interface Named {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** Seconds that the program allows; 0: no limit of its own. */
  readonly timeout: number;
}

/** A thing as a provider answers it. */
export interface Answer {
  readonly id: string;
  readonly properties: ValueMap;
}

/** The engine is told that the creation failed, and that there is something all the same. */
export class InitFailed extends Error {
  constructor(
    readonly answer: Answer,
    readonly inputs: ValueMap,
    reason: string,
  ) {
    super(reason);
  }
}

/** Virtual seconds of a read. */
const READ_SECONDS = 0.5;
/** What a provider waits altogether when it is asked to slow down. */
const THROTTLED_SECONDS = 15;

/** A provider for AWS or Google on the simulated cloud: everything but the wire. */
export class SimulatedProvider {
  #config: ProviderConfig | undefined;
  readonly #lifecycle: Lifecycle;

  /** @param kill ends the engine that uses this provider, as a lost machine would */
  constructor(
    private readonly world: World,
    private readonly packageName: string,
    private readonly environment: Readonly<Record<string, string | undefined>>,
    private readonly kill: () => void,
  ) {
    this.#lifecycle = new Lifecycle(world);
  }

  configure(args: ValueMap): void {
    const config = readConfig(
      this.packageName,
      toPlain(args).properties,
      this.environment,
      this.world.credentials,
    );
    this.#assertCredentials();
    this.#config = config;
  }

  check(
    resource: Named,
    news: ValueMap,
    olds: ValueMap,
    seed: string,
  ): { inputs: ValueMap; failures: readonly CheckFailure[] } {
    const model = this.#model(resource.type);
    return checkInputs(resource.type, news, olds, { logical: resource.name, seed }, model);
  }

  diff(
    resource: Named,
    request: { oldInputs: ValueMap; olds: ValueMap; news: ValueMap; ignoreChanges: readonly string[] },
  ): Difference {
    const found = difference(
      { ...request, type: resource.type, region: this.#ready().region },
      this.#model(resource.type),
    );
    const tagging = taggingProperties(resource.type);
    if (!tagging || found.changes.length > 0) return found;
    const { properties, unknown } = toPlain(request.news);
    if (tagging.inputs.some((input) => unknown.has(input))) return found;
    const after = this.#tags(resource.type, properties)[tagging.output];
    if (same(request.olds[tagging.output], after)) return found;
    return {
      changes: [{ path: tagging.output, kind: "update", replaces: false }],
      deleteBeforeReplace: false,
    };
  }

  /** What a creation or update would answer, as far as it is known before. */
  preview(resource: Named, news: ValueMap, olds?: ValueMap, oldInputs: ValueMap = {}): ValueMap {
    const facts = resourceFacts(resource.type);
    const inputs = withoutDefaults(news);
    if (olds) return { ...this.#kept(resource.type, olds, news), ...withComputed(inputs, oldInputs, olds) };
    const computed = [...(facts?.computed ?? []), ...(facts?.computedIfUnset ?? [])];
    return computed.reduce(withUnknown, previewOutputs(resource.type, inputs));
  }

  async create(resource: Named, inputs: ValueMap): Promise<Answer> {
    return this.#operation(
      resource,
      "create",
      async (target) => {
        const { properties } = toPlain(withoutDefaults(inputs));
        const made = await this.#lifecycle.create(target, properties, this.#tags(resource.type, properties));
        return this.#answer(resource.type, made.id, made.properties, inputs);
      },
      inputs,
    );
  }

  async update(resource: Named, id: string, news: ValueMap): Promise<Answer> {
    return this.#operation(resource, "update", async (target) => {
      const stored = this.#lifecycle.read(target.model, target.cloud, id);
      if (!stored) throw new Error(`${resource.type} ${id} does not exist (any more)`);
      const { properties } = toPlain(withoutDefaults(news));
      const object = await this.#lifecycle.update(
        target,
        stored,
        properties,
        this.#tags(resource.type, properties),
      );
      return this.#answer(resource.type, id, object.properties, news);
    });
  }

  async delete(resource: Named, id: string): Promise<void> {
    await this.#operation(resource, "delete", async (target) =>
      this.#lifecycle.remove(target, this.#lifecycle.read(target.model, target.cloud, id)),
    );
  }

  /** Undefined: there is no such thing. */
  async read(
    resource: Named,
    id: string,
    inputs: ValueMap,
    state: ValueMap,
  ): Promise<(Answer & { inputs: ValueMap }) | undefined> {
    return this.#operation(resource, "read", async ({ cloud, model }) => {
      await cloud.sleep(READ_SECONDS);
      const stored = this.#lifecycle.read(model, cloud, id, toPlain(state).properties);
      if (!stored) return undefined;
      const { properties } = stored.object;
      const given =
        Object.keys(inputs).length > 0
          ? withoutDefaults(inputs)
          : (stored.given ?? pick(properties, stored.inputs ?? inputNames(resource.type, properties)));
      const current = currentInputs(given, properties);
      const likeness = { ...state, ...inputs };
      const answer = this.#answer(resource.type, stored.object.id, properties, likeness);
      const kept: ValueMap = inputs[DEFAULTS] === undefined ? {} : { [DEFAULTS]: inputs[DEFAULTS] };
      return { ...answer, inputs: { ...(withSecretsOf(current, inputs) as ValueMap), ...kept } };
    });
  }

  async invoke(token: string, args: ValueMap): Promise<ValueMap> {
    const model = this.world.invokes[token];
    if (!model) throw new Error(`the simulator has no model of the function ${token}`);
    this.world.timeline.invocations.push({ token, region: this.#ready().region });
    this.#assertCredentials();
    const cloud = viewOf(this.world, this.#ready(), token);
    return await model(toPlain(args).properties, cloud);
  }

  #model(type: string): ResourceModel {
    const model = this.world.models[type];
    if (!model) throw new Error(`the simulator has no model of ${type}`);
    return model;
  }

  #ready(): ProviderConfig {
    if (!this.#config) throw new Error(`the ${this.packageName} provider was not configured`);
    return this.#config;
  }

  #assertCredentials(): void {
    if (this.world.faults.credentialsValid) return;
    throw new Error(
      this.packageName === "gcp"
        ? 'oauth2: "invalid_grant" "reauth related error (invalid_rapt)": credentials have expired'
        : "operation error STS: GetCallerIdentity, https response error StatusCode: 403, api error ExpiredToken: The security token included in the request is expired",
    );
  }

  #tags(type: string, inputs: Record<string, Json>): Record<string, Json> {
    return taggedOutputs(type, inputs, this.#ready().defaults);
  }

  /** The old state without what the new inputs drop, and with unknowns for what changes along with them. */
  #kept(type: string, olds: ValueMap, news: ValueMap): ValueMap {
    const changing = Object.entries(this.#model(type).changesWith ?? {})
      .filter(([property]) => !same(olds[property], news[property]))
      .flatMap(([, outputs]) => outputs);
    const tagging = taggingProperties(type);
    const { properties, unknown } = toPlain(withoutDefaults(news));
    const tags =
      tagging && !tagging.inputs.some((input) => unknown.has(input)) ? this.#tags(type, properties) : {};
    return { ...olds, ...tags, ...Object.fromEntries(changing.map((output) => [output, UNKNOWN])) };
  }

  #answer(type: string, id: string, properties: Record<string, Json>, like: ValueMap): Answer {
    // A secret tag is secret in what the tags become, too.
    const tagging = taggingProperties(type);
    const tags = tagging?.inputs.map((input) => like[input]).find((value) => value !== undefined) ?? null;
    const alike = tagging ? { ...like, [tagging.output]: tags, pulumiLabels: tags } : like;
    const marked = withSecretsOf(structuredClone(properties), alike) as ValueMap;
    return { id, properties: markSecret(marked, resourceFacts(type)?.secret ?? []) };
  }

  async #operation<T>(
    resource: Named,
    kind: OperationKind,
    work: (target: Target) => Promise<T>,
    inputs: ValueMap = {},
  ): Promise<T> {
    const { clock, timeline, faults } = this.world;
    const model = this.#model(resource.type);
    const waiting: Waiting = { seconds: 0, awaited: new Set() };
    const operation = timeline.begin({ urn: resource.urn, type: resource.type, kind, start: clock.now() });
    const cloud = viewOf(this.world, this.#ready(), `${resource.urn}/${operation.order}`, waiting);
    const target: Target = { urn: resource.urn, model, cloud, waiting, timeout: resource.timeout };
    let failed: string | undefined;
    try {
      const fault = faults.next(resource.urn, kind);
      this.#assertCredentials();
      if (fault?.kind === "hang") return await new Promise<never>(() => undefined);
      if (fault?.kind === "kill") this.kill();
      if (fault?.kind === "before") throw new Error(fault.message);
      if (fault?.kind === "throttle") await cloud.sleep(THROTTLED_SECONDS);
      const answer = await work(target);
      if (kind === "create") operation.needed = this.#needed(target, inputs);
      if (fault?.kind === "partial" && kind === "create")
        throw new InitFailed(answer as Answer, inputs, fault.message);
      if (fault?.kind === "after") throw new Error(fault.message);
      if (fault?.kind === "kill-after") {
        this.kill();
        return await new Promise<never>(() => undefined);
      }
      return answer;
    } catch (error) {
      failed = (error as Error).message;
      if (!(error instanceof PartialCreation)) throw error;
      throw new InitFailed(
        this.#answer(resource.type, error.object.id, error.object.properties, inputs),
        inputs,
        error.reason,
      );
    } finally {
      operation.work = clock.now() - operation.start - waiting.seconds;
      timeline.finish(operation, clock.now(), failed);
    }
  }

  /** URNs of what a creation could not have done without. */
  #needed({ model, cloud, waiting }: Target, inputs: ValueMap): string[] {
    const { properties } = toPlain(withoutDefaults(inputs));
    const needs = model.needs?.(properties, cloud) ?? [];
    const objects = [...needs.map(({ kind, address }) => cloud.find(kind, address)), ...waiting.awaited];
    const urns = objects.map(
      (object) => object && this.world.store.get(object.kind, object.place, object.id)?.urn,
    );
    return [...new Set(urns.filter((urn) => urn !== undefined))];
  }
}

/** New inputs with what the cloud itself has added inside their blocks: a cluster's endpoint in its settings. */
function withComputed(news: ValueMap, oldInputs: ValueMap, olds: ValueMap): ValueMap {
  const entries = Object.entries(news).map(([key, value]) => {
    const [old, given] = [olds[key], oldInputs[key]];
    if (!isMap(value) || !isMap(old)) return [key, value] as const;
    const before = isMap(given) ? given : {};
    const added = Object.entries(old).filter(([name]) => !(name in value) && !(name in before));
    return [key, { ...Object.fromEntries(added), ...withComputed(value, before, old) }] as const;
  });
  return Object.fromEntries(entries);
}

function pick(properties: Record<string, Json>, names: readonly string[]): ValueMap {
  return Object.fromEntries(
    names.flatMap((name) => (properties[name] === undefined ? [] : [[name, properties[name]]])),
  );
}

function withoutDefaults(inputs: ValueMap): ValueMap {
  return Object.fromEntries(Object.entries(inputs).filter(([key]) => key !== DEFAULTS));
}

/** Inputs of a thing that nobody's program made: all of its properties that are not output only. */
function inputNames(type: string, properties: Record<string, Json>): string[] {
  const computed = new Set(resourceFacts(type)?.computed ?? []);
  return Object.keys(properties).filter((name) => !computed.has(name));
}
