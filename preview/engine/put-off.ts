import { createRequire, Module } from "node:module";

type Exports = Record<string | symbol, unknown>;

/** Finds modules as the SDK does. */
export const sdkRequire = createRequire(require.resolve("@pulumi/pulumi/package.json"));

/**
 * Gives whoever requires a module of the SDK, or of what it stands on, something else instead. To be called before
 * the module is loaded.
 *
 * @param instead makes the replacement out of a function that loads the module itself
 */
export function standIn(request: string, instead: (load: () => Exports) => object): void {
  const file = sdkRequire.resolve(request);
  const load = () => {
    delete require.cache[file];
    return sdkRequire(request) as Exports;
  };
  const module = new Module(file);
  require.cache[file] = Object.assign(module, { filename: file, loaded: true, exports: instead(load) });
}

/** A module that is loaded once something of it is asked for. */
export function deferred(load: () => Exports): object {
  let loaded: Exports | undefined;
  const real = () => (loaded ??= load());
  return new Proxy(
    {},
    {
      // Compiled imports ask for this, and would copy a module that is not one of their own.
      get: (_target, key) => (key === "__esModule" ? true : real()[key]),
      has: (_target, key) => key in real(),
      ownKeys: () => Reflect.ownKeys(real()),
      getOwnPropertyDescriptor: (_target, key) => {
        const descriptor = Reflect.getOwnPropertyDescriptor(real(), key);
        return descriptor && { ...descriptor, configurable: true };
      },
    },
  );
}

/** A module whose functions and classes load it once they are called: for who takes them apart at once. */
export function deferredMembers(load: () => Exports): object {
  const real = deferred(load) as Exports;
  type Callable = (...args: unknown[]) => object;
  type Class = new (...args: unknown[]) => object;
  const member = (key: string) =>
    new Proxy(function () {}, {
      apply: (_target, self, args) => Reflect.apply(real[key] as Callable, self, args),
      construct: (_target, args: unknown[]) => new (real[key] as Class)(...args),
      get: (_target, of) => (real[key] as Exports)[of],
    });
  return new Proxy({}, { get: (_target, key) => (key === "__esModule" ? true : member(String(key))) });
}

/** A module whose functions end the process: the preview then runs again, with the module itself. */
export function notInQuickRuns(...functions: readonly string[]): () => object {
  const end = () => process.exit(1);
  return () => Object.fromEntries(functions.map((name) => [name, end]));
}
