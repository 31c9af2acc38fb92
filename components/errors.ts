/**
 * A value handed to a component that cannot work, found before anything is registered. The message names the
 * key, the value, the cause and the remedy; the configuration check words the same faults by code before a
 * component ever sees them, so this is what a user of a component on its own meets.
 */
export class InvalidArgsError extends Error {
  constructor(
    /** Argument at fault, as the caller wrote it: `cluster.name`. */
    readonly key: string,
    /** The value at fault, never a secret. */
    readonly value: unknown,
    /** Why it cannot work, with the limit and whose limit it is. */
    readonly reason: string,
    /** What to write instead. */
    readonly remedy: string,
  ) {
    super(`${key} = ${JSON.stringify(value)}: ${reason}. ${remedy}`);
    this.name = "InvalidArgsError";
  }
}
