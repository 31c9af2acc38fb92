/**
 * Changes the arguments of one child before it is registered: the way out where a component lacks an option. It
 * gets what the component chose and returns what is registered; what it breaks is not caught here.
 */
export type Transform<T> = (args: T) => T;

/** The arguments, after the caller's transform where there is one. */
export function transformed<T>(transform: Transform<T> | undefined, args: T): T {
  return transform ? transform(args) : args;
}
