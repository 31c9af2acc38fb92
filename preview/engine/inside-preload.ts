import type * as grpc from "@grpc/grpc-js";
import { writeSync } from "node:fs";
import { directClient } from "./direct";
import { Graph } from "./graph";
import type { logService } from "./log-service";
import type { monitorService } from "./monitor";
import { deferred, deferredMembers, notInQuickRuns, sdkRequire, standIn } from "./put-off";
import { heardBy, writeTranscript } from "./transcript";

/** Where the transcript goes: a pipe that the runner has opened. */
export const TRANSCRIPT = 3;

/*
 * Loaded into the process that runs the program: the engine is in it, and what no preview uses is not loaded. A
 * preview is short: sending each message through a socket, and reading a compiler that nothing is compiled with, took
 * half of it.
 */

// Functions serialised into cloud functions. Its first step is a debugger's session that hears of every script.
standIn("./runtime/closure/serializeClosure", notInQuickRuns("serializeFunction", "serializeFunctionAsync"));
standIn("./runtime/closure/codePaths", notInQuickRuns("computeCodePaths"));
standIn("./runtime/closure/v8Hooks", () => ({ isInitializedAsync: () => Promise.resolve() }));
// Traces are plain in a quick run.
standIn("source-map-support/register", () => ({}));
// Programs that run programs.
standIn("./automation", deferred);
// Tracing of the runner itself, which is started by a flag that no preview sets.
for (const part of [
  "exporter-zipkin",
  "instrumentation",
  "instrumentation-grpc",
  "resources",
  "sdk-trace-base",
  "sdk-trace-node",
]) {
  standIn(`@opentelemetry/${part}`, deferredMembers);
}

const graph = new Graph(argument("--stack"), argument("--project"));

/** The engine's services, by the name of the client that the SDK makes; loaded when it does. */
const services: Readonly<Record<string, () => grpc.UntypedServiceImplementation>> = {
  ResourceMonitor: () => load<{ monitorService: typeof monitorService }>("./monitor").monitorService(graph),
  Engine: () => load<{ logService: typeof logService }>("./log-service").logService(graph),
};

/** Names and numbers of the codes of errors, as TypeScript compiles an enumeration. */
const { Status } = sdkRequire("@grpc/grpc-js/build/src/constants") as {
  Status: Readonly<Record<string | number, string>>;
};

standIn("@grpc/grpc-js", (loadIt) => {
  const real = deferred(loadIt) as typeof grpc;
  const ours: Record<string | symbol, unknown> = {
    __esModule: true,
    status: Status,
    // Ours ask for none.
    credentials: { createInsecure: () => ({}) },
    makeGenericClientConstructor(definition: grpc.ServiceDefinition, name: string) {
      const service = services[name];
      return function (...args: ConstructorParameters<typeof grpc.Client>) {
        if (service) return directClient(service(), Status);
        return new (real.makeGenericClientConstructor(definition, name))(...args);
      };
    },
  };
  return new Proxy(ours, { get: (target, key) => (key in target ? target[key] : real[key as "Client"]) });
});

function load<Module>(file: string): Module {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- it imports gRPC: after what stands in for that
  return require(file) as Module;
}

process.once("exit", () => {
  const text = Buffer.from(writeTranscript(heardBy(graph)));
  for (let sent = 0; sent < text.length;) sent += writeSync(TRANSCRIPT, text, sent);
});

function argument(name: string): string {
  return process.argv[process.argv.indexOf(name) + 1]!;
}
