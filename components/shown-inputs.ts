/**
 * A component's arguments as its own inputs, for the reader of a preview: all but `transform`, whose functions
 * cannot be shown.
 */
export function shown<T extends object>(args: T): Omit<T, "transform"> {
  return Object.fromEntries(Object.entries(args).filter(([key]) => key !== "transform")) as Omit<
    T,
    "transform"
  >;
}
