/**
 * Stands in for the other cloud's SDK in a cloud's own test project (jest.config.js): a component that reaches
 * for it fails at once, instead of working in tests and loading 40 MB of another cloud in production.
 */
throw new Error("this code must not load the SDK of the other cloud: only components/<cloud>/ may import it");
