import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CloudObject } from "../models/model";
import type { Json } from "../../preview/engine/values";

/** A thing together with what the simulation alone knows of it. */
export interface Stored {
  readonly object: CloudObject;
  /** URN of the resource that made it; absent for what came with another, or was put there by hand. */
  readonly urn?: string;
  /** Names of the inputs it has now: a read answers these as inputs. */
  inputs?: readonly string[];
  /**
   * The inputs it was last given. An import reads back what was given inside a block, and not what the cloud has added
   * there: of that the genuine provider makes no difference (optional and computed in its schema).
   */
  given?: Readonly<Record<string, Json>>;
}

/** What the file of a simulation holds beside the things. */
export interface Remembered {
  /** Virtual second of the last write. */
  readonly now: number;
  readonly objects: readonly Stored[];
  /** Images by registry repository and tag or digest, see the command `push`. */
  readonly images: readonly string[];
  /** What else was counted or set by models and tests. */
  readonly notes: Readonly<Record<string, Json>>;
}

/**
 * Everything that exists in the simulated clouds. It lies in memory and, at every change, in a file that a person
 * can read: `objects.json` in the folder of the simulation. Secrets of the simulation are in it in the clear.
 */
export class Store {
  readonly #objects = new Map<string, Stored>();
  readonly #listeners = new Set<() => void>();
  readonly images = new Set<string>();
  readonly notes: Record<string, Json> = {};
  /** Virtual second at which the file was last written, when there was one. */
  readonly startsAt: number = 0;
  #dirty: NodeJS.Timeout | undefined;

  /** @param folder where the file lies; none: nothing is written */
  constructor(
    private readonly folder: string | undefined,
    private readonly now: () => number,
  ) {
    const known = folder === undefined ? undefined : read(join(folder, FILE));
    if (!known) return;
    this.startsAt = known.now;
    for (const stored of known.objects) this.#objects.set(keyOf(stored.object), stored);
    for (const image of known.images) this.images.add(image);
    Object.assign(this.notes, known.notes);
  }

  all(): readonly Stored[] {
    return [...this.#objects.values()];
  }

  ofKind(kind: string): readonly Stored[] {
    return this.all().filter(({ object }) => object.kind === kind);
  }

  get(kind: string, place: string, id: string): Stored | undefined {
    return this.#objects.get(keyOf({ kind, place, id }));
  }

  put(stored: Stored): void {
    this.#objects.set(keyOf(stored.object), stored);
    this.changed();
  }

  remove(stored: Stored): void {
    this.#objects.delete(keyOf(stored.object));
    this.changed();
  }

  /** Calls `listener` after every change. Returns what ends it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** To be called after a thing was changed in place. */
  changed(): void {
    for (const listener of [...this.#listeners]) listener();
    if (this.folder === undefined) return;
    this.#dirty ??= setTimeout(() => this.flush(), 20).unref();
  }

  /** Writes the file now. */
  flush(): void {
    clearTimeout(this.#dirty);
    this.#dirty = undefined;
    if (this.folder === undefined) return;
    mkdirSync(this.folder, { recursive: true });
    const remembered: Remembered = {
      now: this.now(),
      objects: this.all(),
      images: [...this.images],
      notes: this.notes,
    };
    const partial = join(this.folder, `${FILE}.partial`);
    writeFileSync(partial, `${JSON.stringify(remembered, null, 2)}\n`);
    renameSync(partial, join(this.folder, FILE));
  }
}

const FILE = "objects.json";

function keyOf({ kind, place, id }: Pick<CloudObject, "kind" | "place" | "id">): string {
  return `${kind}\n${place}\n${id}`;
}

function read(path: string): Remembered | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
  return JSON.parse(text) as Remembered;
}
