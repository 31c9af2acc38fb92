import * as debuggable from "@pulumi/pulumi/runtime/debuggable";

type DebuggablePromise = (promise: Promise<unknown>, about: unknown) => Promise<unknown>;

/**
 * From here on the SDK notes no stack for its promises (`@pulumi/pulumi/runtime/debuggable.js`): jest maps each frame of
 * each to its source, which takes more time than all else that a recorded program does. Other errors keep theirs.
 */
export function dropPromiseStacks(): void {
  const sdk = debuggable as unknown as { debuggablePromise: DebuggablePromise };
  const { debuggablePromise } = sdk;
  sdk.debuggablePromise = (promise, about) => {
    const frames = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      return debuggablePromise(promise, about);
    } finally {
      Error.stackTraceLimit = frames;
    }
  };
}
