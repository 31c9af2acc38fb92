import { Server, status } from "@grpc/grpc-js";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { Graph } from "./graph";
import { logService } from "./log-service";
import { startEngine } from "./server";

type Answer = (error: unknown, response?: { getUrn(): string }) => void;
type Method = (call: unknown, callback: Answer) => void;

/** Calls a method of the log service of `graph`; its error and its answer. */
function ask(graph: Graph, method: string, request?: LogRequest) {
  let result: { error: unknown; response?: { getUrn(): string } } | undefined;
  const service = logService(graph) as unknown as Record<string, Method>;
  service[method]!({ request }, (error, response) => (result = { error, response }));
  return result!;
}

const said = (severity: LogSeverity, message: string, urn = "") =>
  new LogRequest().setSeverity(severity).setMessage(message).setUrn(urn);

test("a message is kept with its severity and the resource it is about, without a terminal's codes", () => {
  const graph = new Graph("dev", "p");
  ask(graph, "log", said(LogSeverity.WARNING, "\u001b[31mmind\u001b[0m\n", "urn:x"));
  ask(graph, "log", said(LogSeverity.ERROR, "no"));
  expect(graph.logs).toEqual([
    { severity: "warning", message: "mind", urn: "urn:x" },
    { severity: "error", message: "no", urn: undefined },
  ]);
});

test("debug messages of the SDK are answered and dropped", () => {
  const graph = new Graph("dev", "p");
  expect(ask(graph, "log", said(LogSeverity.DEBUG, "noise")).error).toBeNull();
  expect(graph.logs).toEqual([]);
});

test("the root resource is the stack once it is registered, and none before", () => {
  const graph = new Graph("dev", "p");
  expect(ask(graph, "getRootResource").response!.getUrn()).toBe("");
  Object.defineProperty(graph, "root", { value: { urn: "urn:stack" } });
  expect(ask(graph, "getRootResource").response!.getUrn()).toBe("urn:stack");
});

test("setting the root and starting a debugger are answered; a version of the CLI is not claimed", () => {
  const graph = new Graph("dev", "p");
  expect(ask(graph, "setRootResource").error).toBeNull();
  expect(ask(graph, "startDebugging").error).toBeNull();
  expect(ask(graph, "requirePulumiVersion").error).toMatchObject({ code: status.UNIMPLEMENTED });
});

test("the engine listens on the loopback interface only, on a port of its own", async () => {
  const engine = await startEngine(new Graph("dev", "p"));
  expect(engine.address).toMatch(/^127\.0\.0\.1:[1-9]\d*$/);
  engine.close();
});

test("an engine that cannot listen says why", async () => {
  const bind = jest.spyOn(Server.prototype, "bindAsync");
  bind.mockImplementation((_address, _credentials, callback) => callback(new Error("no port is free"), 0));
  await expect(startEngine(new Graph("dev", "p"))).rejects.toThrow("no port is free");
  bind.mockRestore();
});
