import {
  Metadata,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  type ServiceError,
  status,
} from "@grpc/grpc-js";
import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import * as providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { encodeMap, type ValueMap } from "../../preview/engine/values";

/** Largest message either way; the SDK's own limit (pulumi, sdk/nodejs/runtime/settings.ts). */
export const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;

/** A server on a free port of the loopback interface. */
export interface RunningServer {
  readonly port: number;
  close(): void;
}

/** The provider protocol, whose generated typings do not export what the module does. */
export function providerDefinition(): ServiceDefinition {
  return (providerGrpc as unknown as Record<string, ServiceDefinition>)["ResourceProviderService"]!;
}

/** Serves one instance of a provider. */
export async function serve(
  service: UntypedServiceImplementation,
  definition: ServiceDefinition = providerDefinition(),
): Promise<RunningServer> {
  const server = new Server({
    "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
    "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
  });
  server.addService(definition, service);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { port, close: () => server.forceShutdown() };
}

/** What ends a request: an error or an answer. */
export type Callback<T> = (error: Partial<ServiceError> | null, response?: T) => void;

/** What an older plugin answers to a method it does not have; the engine then does without. */
export function unimplemented(method: string): Partial<ServiceError> {
  return { code: status.UNIMPLEMENTED, details: `${method} is not implemented`, message: method };
}

/** A refusal, for the engine to show. */
export function failure(message: string): Partial<ServiceError> {
  return { code: status.UNKNOWN, details: message, message };
}

/**
 * Tells the engine that something exists although its creation failed (pulumirpc.ErrorResourceInitFailed in the
 * details of the status, as in sdk/nodejs/provider/server.ts: `grpcResponseFromError`).
 */
export function initFailure(
  reason: string,
  id: string,
  properties: ValueMap,
  inputs: ValueMap,
): Partial<ServiceError> {
  const detail = new proto.ErrorResourceInitFailed()
    .setId(id)
    .setProperties(Struct.fromJavaScript(encodeMap(properties)))
    .setInputs(Struct.fromJavaScript(encodeMap(inputs)))
    .setReasonsList([reason]);
  const packed = new Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  // addDetails answers what was added.
  const details = new Status().setCode(status.UNKNOWN).setMessage(reason);
  details.addDetails(packed);
  const metadata = new Metadata();
  metadata.set("grpc-status-details-bin", Buffer.from(details.serializeBinary()));
  return { code: status.UNKNOWN, details: reason, message: reason, metadata };
}
