/**
 * Keeps stack traces as Node writes them, whoever wants to translate them to lines of the source. The SDK takes a
 * whole trace for every resource to see where it was made, which this preview does not record.
 */
Object.defineProperty(Error, "prepareStackTrace", {
  get: () => undefined,
  set() {
    // Stays as it is.
  },
});
