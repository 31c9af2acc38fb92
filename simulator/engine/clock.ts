/** Something that is to happen at a virtual second; see {@link VirtualClock.at}. */
export interface Timer {
  cancel(): void;
}

interface Entry {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
  /** Happens when its time comes, but lets no time pass for its sake. */
  readonly background: boolean;
  cancelled: boolean;
}

/**
 * Time of the simulated clouds, in seconds. It stands still while anything real is being done and then jumps to
 * the next thing that is due: an hour of cloud costs as much real time as the computing in it.
 */
export class VirtualClock {
  #now: number;
  #queue: Entry[] = [];
  #order = 0;
  #held = 0;
  #clusterHeld = 0;
  #wanted = 0;
  #touched = 0;
  #turning = false;
  readonly #stepped = new Set<() => void>();

  /**
   * @param start virtual second to begin with, of an earlier run over the same clouds
   * @param quiet resolves once nothing outside has anything left to do: the engine, the program
   */
  constructor(
    start = 0,
    private readonly quiet: () => Promise<void> = nextTurn,
  ) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  /**
   * Calls `run` once virtual time has come to that second; never before the current turn of work is over.
   *
   * @param background true: nobody waits for it. Time passes only while somebody waits for something.
   */
  at(second: number, run: () => void, background = false): Timer {
    const entry: Entry = {
      at: Math.max(second, this.#now),
      order: this.#order++,
      run,
      background,
      cancelled: false,
    };
    this.#queue.push(entry);
    this.#queue.sort((a, b) => a.at - b.at || a.order - b.order);
    void this.#turn();
    return {
      cancel: () => {
        entry.cancelled = true;
        this.#queue = this.#queue.filter((other) => other !== entry);
      },
    };
  }

  sleep(seconds: number): Promise<void> {
    return new Promise((resolve) => this.at(this.#now + seconds, resolve));
  }

  /** Keeps time from passing while real work lasts. Returns what ends it. */
  hold(): () => void {
    this.#held++;
    let open = true;
    return () => {
      if (!open) return;
      open = false;
      this.#held--;
      this.touch();
      void this.#turn();
    };
  }

  /** Keeps time from passing until the work is done. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    const release = this.hold();
    try {
      return await work();
    } finally {
      release();
    }
  }

  /**
   * Keeps time from passing until work in a cluster is done, unless the cluster itself waits for its cloud: see
   * {@link wanted}.
   */
  async duringClusterWork<T>(work: () => Promise<T>): Promise<T> {
    this.#clusterHeld++;
    try {
      return await work();
    } finally {
      this.#clusterHeld--;
      this.touch();
      void this.#turn();
    }
  }

  /** A cluster waits for something that takes virtual time, such as a load balancer. Returns what ends it. */
  wanted(): () => void {
    this.#wanted++;
    void this.#turn();
    let open = true;
    return () => {
      if (open) this.#wanted--;
      open = false;
    };
  }

  /** Something came from outside or went there: what follows from it must be awaited before time goes on. */
  touch(): void {
    this.#touched++;
  }

  /** Called after every step of time. Returns what ends it. */
  onStep(listener: () => void): () => void {
    this.#stepped.add(listener);
    return () => void this.#stepped.delete(listener);
  }

  #standing(): boolean {
    if (this.#held > 0 || this.#queue.length === 0) return true;
    if (this.#wanted > 0) return false;
    return this.#clusterHeld > 0 || this.#queue.every(({ background }) => background);
  }

  async #turn(): Promise<void> {
    if (this.#turning) return;
    this.#turning = true;
    try {
      while (!this.#standing()) {
        const seen = this.#touched;
        await this.quiet();
        if (this.#touched !== seen || this.#standing()) continue;
        this.#step();
        await nextTurn();
      }
    } finally {
      this.#turning = false;
    }
  }

  #step(): void {
    const second = this.#queue[0]?.at;
    if (second === undefined) return;
    this.#now = second;
    const due = this.#queue.filter(({ at }) => at <= second);
    this.#queue = this.#queue.filter(({ at }) => at > second);
    for (const entry of due) if (!entry.cancelled) entry.run();
    for (const listener of this.#stepped) listener();
  }
}

/** Lets everything run that is ready to. */
export async function nextTurn(): Promise<void> {
  for (let round = 0; round < 3; round++) await new Promise((resolve) => setImmediate(resolve));
}
