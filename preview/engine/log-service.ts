import {
  type sendUnaryData,
  type ServerUnaryCall,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import * as proto from "@pulumi/pulumi/proto/engine_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { stripVTControlCharacters } from "node:util";
import type { Graph } from "./graph";
import type { RecordedLog } from "./recording";

const SEVERITIES: Readonly<Record<proto.LogSeverity, RecordedLog["severity"]>> = {
  [proto.LogSeverity.DEBUG]: "debug",
  [proto.LogSeverity.INFO]: "info",
  [proto.LogSeverity.WARNING]: "warning",
  [proto.LogSeverity.ERROR]: "error",
};

/** The engine's other half: it takes the program's messages. Debug messages of the SDK are dropped. */
export function logService(graph: Graph): UntypedServiceImplementation {
  const done = (_call: unknown, callback: sendUnaryData<unknown>, response: unknown): void =>
    callback(null, response);
  return {
    log(call: ServerUnaryCall<proto.LogRequest, Empty>, callback: sendUnaryData<Empty>) {
      const severity = SEVERITIES[call.request.getSeverity()];
      if (severity !== "debug") {
        const message = stripVTControlCharacters(call.request.getMessage()).trimEnd();
        graph.logs.push({ severity, message, urn: call.request.getUrn() || undefined });
      }
      callback(null, new Empty());
    },
    getRootResource(call: unknown, callback: sendUnaryData<unknown>) {
      done(call, callback, new proto.GetRootResourceResponse().setUrn(graph.root?.urn ?? ""));
    },
    setRootResource(call: unknown, callback: sendUnaryData<unknown>) {
      done(call, callback, new proto.SetRootResourceResponse());
    },
    startDebugging(call: unknown, callback: sendUnaryData<unknown>) {
      done(call, callback, new Empty());
    },
    requirePulumiVersion(_call: unknown, callback: sendUnaryData<unknown>) {
      callback({
        code: status.UNIMPLEMENTED,
        details: "the offline preview is no Pulumi CLI and has no version",
      });
    },
  };
}
