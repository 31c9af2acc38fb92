import { type Api, isMissing } from "./api";
import { ApiError } from "./http";
import type { KubernetesObject } from "./types";

interface WatchEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  readonly object: KubernetesObject;
}

/**
 * Keeps up with every object of one kind, and has each of them looked after: `tend` is called when an object appears
 * or changes, one call at a time for each object, always with its newest state. A call that answers a number, or
 * throws, is made again after that many milliseconds (a second after a throw); so are faults of the moment, such as
 * a conflict with another writer, overcome without a word.
 */
export class Watched {
  private readonly objects = new Map<string, KubernetesObject>();
  private readonly busy = new Set<string>();
  private readonly again = new Set<string>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly ending = new AbortController();
  private readonly calls = new Set<Promise<void>>();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly api: Api,
    /** Path of the kind's collection over all namespaces. */
    private readonly path: string,
    private readonly tend: (object: KubernetesObject) => Promise<number | void>,
  ) {}

  /** The objects as last seen. */
  all(): KubernetesObject[] {
    return [...this.objects.values()];
  }

  /** Resolves once every object that there is has been seen. A kind that is not there yet is waited for. */
  async start(): Promise<void> {
    const version = await this.list().catch((error: unknown) => {
      // 429: the API server has just started and still reads what it has of custom kinds.
      if (isMissing(error) || (error as ApiError).code === 429) return undefined;
      throw error;
    });
    this.running = this.follow(version);
  }

  /** Looks after every object again, now: what their state depends on has changed elsewhere. */
  tendAll(): void {
    for (const key of this.objects.keys()) this.look(key);
  }

  async stop(): Promise<void> {
    this.ending.abort();
    for (const timer of this.timers) clearTimeout(timer);
    await this.running;
    await Promise.all(this.calls);
  }

  private async list(): Promise<string> {
    const { items, metadata } = await this.api.get<{
      items: KubernetesObject[];
      metadata: { resourceVersion: string };
    }>(this.path);
    this.objects.clear();
    for (const object of items) this.objects.set(keyOf(object), object);
    this.tendAll();
    return metadata.resourceVersion;
  }

  private async follow(begin: string | undefined): Promise<void> {
    let version = begin;
    while (!this.ending.signal.aborted) {
      try {
        version ??= await this.list();
        version = await this.events(version);
      } catch {
        // Too old a version, or the server is gone: list again, unless this is the end.
        version = undefined;
        await this.pause(500);
      }
    }
  }

  private async events(from: string): Promise<string> {
    let version = from;
    const query = `watch=true&allowWatchBookmarks=true&resourceVersion=${version}`;
    for await (const line of this.api.connection.lines(`${this.path}?${query}`, this.ending.signal)) {
      const { type, object } = JSON.parse(line) as WatchEvent;
      if (type === "ERROR") throw new ApiError(410, "Expired", "the watch has to begin anew");
      version = object.metadata.resourceVersion ?? version;
      if (type === "BOOKMARK") continue;
      const key = keyOf(object);
      if (type === "DELETED") this.objects.delete(key);
      else {
        this.objects.set(key, object);
        this.look(key);
      }
    }
    return version;
  }

  private look(key: string): void {
    if (this.ending.signal.aborted) return;
    if (this.busy.has(key)) {
      this.again.add(key);
      return;
    }
    const object = this.objects.get(key);
    if (!object) return;
    this.busy.add(key);
    const call = this.tend(object)
      .catch(() => 1000)
      .then((wait) => {
        this.busy.delete(key);
        this.calls.delete(call);
        if (this.again.delete(key)) this.look(key);
        else if (typeof wait === "number") this.later(key, wait);
      });
    this.calls.add(call);
  }

  private later(key: string, milliseconds: number): void {
    if (this.ending.signal.aborted) return;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.look(key);
    }, milliseconds);
    this.timers.add(timer);
  }

  private pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.ending.signal.addEventListener("abort", () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}

function keyOf({ metadata }: KubernetesObject): string {
  return `${metadata.namespace ?? ""}/${metadata.name}`;
}
