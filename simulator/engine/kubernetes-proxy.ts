import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { Client, credentials, type ServiceError, type UntypedServiceImplementation } from "@grpc/grpc-js";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import {
  type Callback,
  failure,
  MAX_MESSAGE_BYTES,
  providerDefinition,
  type RunningServer,
  serve,
} from "./grpc";
import type { PluginRequest } from "./host";
import { DELETE_TIMEOUT, namespaceName, needsToEnd } from "./namespace-ends";
import { countsNodes, kubernetesNeeds, nameMade } from "./kubernetes-needs";
import { kubernetesSeconds } from "./kubernetes-times";
import { mapOf } from "./provider-service";
import type { World } from "./simulated-provider";
import type { OperationKind } from "./timeline";

/** How the genuine plugin is run. */
export interface KubernetesPlugin {
  /** Path of the executable. */
  readonly path: string;
  /** Leads it to the clusters, and nowhere else. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Methods that change something, by the name on the wire. */
const OPERATIONS: Readonly<Record<string, { kind: OperationKind; read: (bytes: Buffer) => Request }>> = {
  Create: { kind: "create", read: (bytes) => proto.CreateRequest.deserializeBinary(bytes) },
  Update: { kind: "update", read: (bytes) => proto.UpdateRequest.deserializeBinary(bytes) },
  Delete: { kind: "delete", read: (bytes) => proto.DeleteRequest.deserializeBinary(bytes) },
};

type Request = proto.CreateRequest | proto.UpdateRequest | proto.DeleteRequest;
type Raw = (bytes: Buffer) => Promise<Buffer>;

/**
 * The genuine Kubernetes plugin behind a server that passes every request on as it is. Of what changes something
 * it reads the URN, so that faults, virtual time and the timeline cover Kubernetes too. While a request is under
 * way virtual time stands still; then it takes what such a thing typically takes.
 */
export async function kubernetesServer(
  plugin: KubernetesPlugin,
  request: PluginRequest,
  world: World,
  kill: () => void,
): Promise<RunningServer> {
  const child = spawn(plugin.path, [request.engineAddress], {
    env: { ...request.environment, ...plugin.environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const port = await firstLine(child);
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
    "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
    "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
  });
  const service: UntypedServiceImplementation = {};
  const definition = Object.fromEntries(
    Object.entries(providerDefinition()).map(([name, method]) => {
      const pass: Raw = (bytes) => passOn(client, method.path, bytes);
      const wire = method.path.split("/").at(-1)!;
      service[name] = ({ request: bytes }: { request: Buffer }, callback: Callback<Buffer>) => {
        world.clock.touch();
        handle(wire, bytes, pass, world, kill)
          .then(
            (answer) => callback(null, answer),
            (error: ServiceError) => callback(error),
          )
          .finally(() => world.clock.touch());
      };
      return [name, { ...method, ...asBytes }];
    }),
  );
  const server = await serve(service, definition);
  return {
    port: server.port,
    close: () => {
      server.close();
      client.close();
      child.kill("SIGKILL");
    },
  };
}

const asBytes = {
  requestSerialize: (bytes: Buffer) => bytes,
  requestDeserialize: (bytes: Buffer) => bytes,
  responseSerialize: (bytes: Buffer) => bytes,
  responseDeserialize: (bytes: Buffer) => bytes,
};

/** Names of what was made in clusters, by URN; see kubernetesNeeds. */
const names = new Map<string, string>();

async function handle(
  wire: string,
  bytes: Buffer,
  pass: Raw,
  world: World,
  kill: () => void,
): Promise<Buffer> {
  const { clock, faults, timeline } = world;
  const operation = OPERATIONS[wire];
  const request = operation?.read(bytes);
  if (!operation || !request || ("getPreview" in request && request.getPreview()))
    return clock.duringClusterWork(() => pass(bytes));
  const urn = request.getUrn();
  const type = urn.split("::")[2]!.split("$").at(-1)!;
  const entry = timeline.begin({ urn, type, kind: operation.kind, start: clock.now(), estimated: true });
  let failed: string | undefined;
  try {
    const fault = faults.next(urn, operation.kind);
    if (!faults.credentialsValid)
      throw asError("Unauthorized: the server has asked for the client to provide credentials");
    if (fault?.kind === "hang") return await new Promise<never>(() => undefined);
    if (fault?.kind === "kill") kill();
    if (fault?.kind === "before" || fault?.kind === "throttle") throw asError(fault.message);
    if (operation.kind === "delete" && type === NAMESPACE) entry.needed = await untilItCanEnd(request, world);
    const answer = await clock.duringClusterWork(() => pass(bytes));
    // What it waited for in the cloud counts: it takes the longer of both.
    const due = entry.start + kubernetesSeconds(type, operation.kind, propertiesOf(request));
    await clock.sleep(Math.max(0, due - clock.now()));
    if (operation.kind === "create") {
      const properties = propertiesOf(request);
      const hasNodes = (pool: string) =>
        world.store.all().some(({ urn: made, object }) => made === pool && countsNodes(object.properties));
      entry.needed = kubernetesNeeds(timeline, type, properties, names, hasNodes);
      const name = nameMade(type, properties);
      if (name !== undefined) names.set(urn, name);
    }
    if (fault?.kind === "after" || fault?.kind === "partial") throw asError(fault.message);
    if (fault?.kind === "kill-after") {
      kill();
      return await new Promise<never>(() => undefined);
    }
    return answer;
  } catch (error) {
    failed = (error as ServiceError).details ?? String(error);
    throw error;
  } finally {
    entry.work = clock.now() - entry.start;
    timeline.finish(entry, clock.now(), failed);
  }
}

const NAMESPACE = "kubernetes:core/v1:Namespace";

/** URNs of what a namespace needs to end, once all of it is there. */
async function untilItCanEnd(request: Request, { clock, store }: World): Promise<string[]> {
  const name = namespaceName(propertiesOf(request));
  const began = clock.now();
  for (;;) {
    const needs = needsToEnd(store, name);
    const missing = needs.find(({ there }) => !there);
    if (!missing) return needs.flatMap(({ urn }) => urn ?? []);
    if (clock.now() >= began + DELETE_TIMEOUT)
      throw asError(`timed out waiting for Namespace "${name}" to be deleted: ${missing.message}`);
    await clock.sleep(RETRY_SECONDS);
  }
}

/** Virtual seconds between two looks. */
const RETRY_SECONDS = 30;

function asError(message: string): Error {
  return Object.assign(new Error(message), failure(message));
}

function propertiesOf(request: Request): ReturnType<typeof mapOf> {
  if (request instanceof proto.UpdateRequest) return mapOf(request.getNews());
  return mapOf(request.getProperties());
}

function passOn(client: Client, path: string, bytes: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) =>
    client.makeUnaryRequest(
      path,
      asBytes.requestSerialize,
      asBytes.responseDeserialize,
      bytes,
      (error, answer) => (error ? reject(error) : resolve(answer!)),
    ),
  );
}

/** The port, which a plugin prints first. What else it prints goes nowhere. */
async function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const lines = createInterface(child.stdout!);
    lines.once("line", (line) => resolve(line.trim()));
    lines.on("line", () => undefined);
    child
      .once("error", reject)
      .once("exit", (code) => reject(new Error(`the Kubernetes plugin ended with ${code}`)));
  });
}
