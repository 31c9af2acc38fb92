import type { Stored } from "./store";
import {
  CloudError,
  type CloudObject,
  type CloudView,
  type Properties,
  type ResourceModel,
} from "../models/model";
import type { Json } from "../../preview/engine/values";
import { eventually, lookUp, type Simulation, type Waiting } from "./view";

/** One resource that a provider works on, as the cloud sees it. */
export interface Target {
  readonly urn: string;
  readonly model: ResourceModel;
  readonly cloud: CloudView;
  readonly waiting: Waiting;
  /** Seconds after which the program wants the operation given up; 0: the provider's own limit. */
  readonly timeout: number;
}

/** A creation that left something behind although it failed. */
export class PartialCreation extends Error {
  constructor(
    readonly object: CloudObject,
    readonly reason: string,
  ) {
    super(reason);
  }
}

/** Seconds between two tries of a provider, at most; something that changes in the cloud is noticed at once. */
const RETRY_INTERVAL = 10;

/** Virtual seconds of an update whose model says nothing. */
const UPDATE_SECONDS = 2;

/** What happens to things in the cloud: the part of every provider that is the same for all types. */
export class Lifecycle {
  constructor(private readonly simulation: Simulation) {}

  /**
   * @throws CloudError when nothing was made, PartialCreation when something was
   */
  async create(target: Target, inputs: Record<string, Json>, extra: Properties): Promise<CloudObject> {
    const { model, cloud, urn } = target;
    const object = await this.retrying(target, async () => {
      this.#assertNeeds(model, inputs, cloud);
      await model.accept?.(inputs, cloud);
      const uniqueName = model.uniqueName?.(inputs, cloud);
      const id = model.id(inputs, cloud);
      const taken = this.simulation.store.get(model.type, cloud.place, id)?.object;
      const adopted = taken && model.adopts?.(inputs, taken) ? taken : undefined;
      if (!adopted) this.#assertFree(model, inputs, uniqueName, model.settingOf ? undefined : taken);
      const made: CloudObject = {
        kind: model.type,
        id,
        place: cloud.place,
        uniqueName,
        status: "creating",
        properties: { ...adopted?.properties, ...inputs, ...extra },
        visibleAt: cloud.now() + (model.visibleAfter ?? 0) + model.durations.create,
        createdAt: adopted?.createdAt ?? cloud.now(),
      };
      this.simulation.store.put({
        object: made,
        urn,
        inputs: Object.keys(inputs),
        given: structuredClone(inputs),
      });
      return made;
    });
    try {
      Object.assign(object.properties, await model.outputs?.(inputs, cloud, object.id), extra);
      await cloud.sleep(model.durations.create);
      await this.retrying(target, async () => model.created?.(object, cloud));
    } catch (error) {
      object.status = "failed";
      this.simulation.store.changed();
      throw new PartialCreation(object, (error as Error).message);
    }
    object.status = "active";
    const visibleAt = cloud.now() + (model.visibleAfter ?? 0);
    cloud.put({ ...object, visibleAt });
    return this.simulation.store.get(object.kind, object.place, object.id)?.object ?? object;
  }

  async update(
    target: Target,
    stored: Stored,
    news: Record<string, Json>,
    extra: Properties,
  ): Promise<CloudObject> {
    const { model, cloud } = target;
    const { object } = stored;
    object.status = "updating";
    try {
      await this.retrying(target, async () => model.updating?.(object, news, cloud));
      await cloud.sleep(model.durations.update ?? UPDATE_SECONDS);
      for (const name of [...(stored.inputs ?? []), "tags"])
        if (!(name in news)) delete object.properties[name];
      Object.assign(object.properties, news, extra);
      stored.inputs = Object.keys(news);
      stored.given = structuredClone(news);
    } finally {
      object.status = "active";
      this.simulation.store.changed();
    }
    return object;
  }

  /** @throws CloudError when the cloud refuses. A thing that is not there is no fault. */
  async remove(target: Target, stored: Stored | undefined): Promise<void> {
    if (!stored || target.model.forgets?.(stored.object)) return;
    const { model, cloud } = target;
    const { object } = stored;
    await this.retrying(target, () => {
      const [blocker] = model.blockers?.(object, cloud) ?? [];
      return blocker ? Promise.reject(blocker) : Promise.resolve();
    });
    const before = object.status;
    object.status = "deleting";
    this.simulation.store.changed();
    try {
      await this.retrying(target, async () => model.deleting?.(object, cloud));
    } catch (error) {
      object.status = before;
      this.simulation.store.changed();
      throw error;
    }
    await cloud.sleep(model.durations.delete);
    const left = this.simulation.store.get(object.kind, object.place, object.id);
    if (left) this.simulation.store.remove(left);
  }

  /** The thing as it is now, or undefined where it is gone (or is a setting of something that is gone). */
  read(model: ResourceModel, cloud: CloudView, id: string, inputs?: Properties): Stored | undefined {
    const { store } = this.simulation;
    const known = store.get(model.type, cloud.place, id);
    const candidates = known
      ? [known.object]
      : [
          ...store
            .ofKind(model.type)
            .flatMap(({ object }) => (model.importId?.(object) === id ? [object] : [])),
          ...lookUp(store, model.type, id, cloud.place).filter((object) => object.id === id),
        ];
    const [object] = candidates.filter(({ status }) => status !== "deleting");
    if (!object) return undefined;
    const owner = model.settingOf?.({ ...inputs, ...object.properties });
    if (owner && !cloud.find(owner.kind, owner.address)) return undefined;
    return store.get(object.kind, object.place, object.id);
  }

  /** Does something again while the provider itself would, in virtual time. */
  async retrying<T>({ cloud, waiting, timeout }: Target, work: () => Promise<T>): Promise<T> {
    const began = cloud.now();
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof CloudError)) throw error;
        const limit = error.retriedFor > 0 && timeout > 0 ? timeout : error.retriedFor;
        const left = began + limit - cloud.now();
        if (left <= 0) throw error;
        const before = cloud.now();
        await this.#change(Math.min(left, RETRY_INTERVAL));
        waiting.seconds += cloud.now() - before;
      }
    }
  }

  async #change(seconds: number): Promise<void> {
    let looks = 0;
    await eventually(this.simulation, () => looks++ > 0, seconds);
    // Whatever caused the change is to finish its turn first.
    await this.simulation.clock.sleep(0);
  }

  #assertNeeds(model: ResourceModel, inputs: Properties, cloud: CloudView): void {
    for (const { kind, address, property, error } of model.needs?.(inputs, cloud) ?? []) {
      if (cloud.find(kind, address)) continue;
      throw (
        error ?? new CloudError("NotFound", `${property}: there is no ${kind.split(":").at(-1)} ${address}`)
      );
    }
  }

  #assertFree(
    model: ResourceModel,
    inputs: Properties,
    uniqueName: string | undefined,
    sameId: CloudObject | undefined,
  ): void {
    const named = this.simulation.store
      .ofKind(model.type)
      .find(({ object }) => uniqueName !== undefined && object.uniqueName === uniqueName);
    const holder = named?.object ?? sameId;
    if (holder) throw model.nameTaken?.(inputs) ?? alreadyExists(holder);
  }
}

function alreadyExists({ kind, id }: CloudObject): CloudError {
  return new CloudError("AlreadyExists", `${kind.split(":").at(-1)} ${id} already exists`);
}
