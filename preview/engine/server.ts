import { Server, ServerCredentials, type ServiceDefinition } from "@grpc/grpc-js";
import * as engineGrpc from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as resourceGrpc from "@pulumi/pulumi/proto/resource_grpc_pb";
import type { Graph } from "./graph";
import { logService } from "./log-service";
import { monitorService } from "./monitor";

/** Largest message either way; the SDK's own limit (pulumi, sdk/nodejs/runtime/settings.ts). */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;

/** An engine that listens on this machine only. */
export interface EngineServer {
  /** `127.0.0.1:<port>`. */
  readonly address: string;
  /** Ends all connections at once. */
  close(): void;
}

/** Serves one run of the program from `graph`, on a free port of the loopback interface. */
export async function startEngine(graph: Graph): Promise<EngineServer> {
  const server = new Server({ "grpc.max_receive_message_length": MAX_MESSAGE_BYTES });
  server.addService(definitionIn(resourceGrpc, "ResourceMonitorService"), monitorService(graph));
  server.addService(definitionIn(engineGrpc, "EngineService"), logService(graph));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { address: `127.0.0.1:${port}`, close: () => server.forceShutdown() };
}

/** The generated typings of the protocol do not export the definitions that the modules do. */
function definitionIn(module: object, name: string): ServiceDefinition {
  return (module as Record<string, ServiceDefinition>)[name]!;
}
