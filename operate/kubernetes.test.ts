import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { kubeconfigOf } from "./fixtures/stack";
import { scripted } from "./fixtures/world";
import { ClusterSilent, listThrough, reach } from "./kubernetes";

const token = { stdout: '{"kind":"ExecCredential","status":{"token":"t0"}}' };
let server: Server;
let address: string;
const seen: { path?: string; bearer?: string }[] = [];
const changes: { line: string; type?: string; body: string }[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    seen.push({ path: request.url, bearer: request.headers.authorization });
    if (request.method !== "GET") {
      let body = "";
      request.on("data", (part: Buffer) => (body += part.toString()));
      request.on("end", () => {
        changes.push({
          line: `${request.method} ${request.url}`,
          type: request.headers["content-type"],
          body,
        });
        response.writeHead(request.url!.includes("gone") ? 404 : 200).end('{"metadata":{"name":"made"}}');
      });
    } else if (request.url === "/gone") response.writeHead(404).end("{}");
    else if (request.url === "/refused") response.writeHead(403).end("forbidden to you");
    else response.end('{"items":[{"metadata":{"name":"a"}}]}');
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

// TLS and a cluster's own authority are not shown here, but by the runs on a genuine API server.
test("a list is read with the token that the kubeconfig's own command makes", async () => {
  const world = scripted({ "token --now": token });
  const items = await listThrough(kubeconfigOf(address), world.run)("/api/v1/pods?labelSelector=a%3Db");
  expect(items.map(({ metadata }) => metadata.name)).toEqual(["a"]);
  expect(seen.at(-1)).toEqual({ path: "/api/v1/pods?labelSelector=a%3Db", bearer: "Bearer t0" });
  expect(world.calls[0]!.options.environment?.["KUBERNETES_EXEC_INFO"]).toContain("ExecCredential");
});

test("no token, a refusal and no server are all a silent cluster, in the words of whoever spoke", async () => {
  const list = (url: string, answer: object = token) =>
    listThrough(kubeconfigOf(url), scripted({ token: answer }).run);
  await expect(list(address, { code: 1, stderr: "Token has expired\n" })("/x")).rejects.toThrow(
    "token: Token has expired",
  );
  await expect(list(address)("/refused")).rejects.toThrow(/^127\.0\.0\.1:\d+: HTTP 403 forbidden to you$/);
  await expect(list("http://127.0.0.1:1")("/x")).rejects.toBeInstanceOf(ClusterSilent);
  await expect(list("https://127.0.0.1:1")("/x")).rejects.toBeInstanceOf(ClusterSilent);
});

test("an object is made, changed by a merge patch, and deleted, with or without grace", async () => {
  const api = reach(kubeconfigOf(address), scripted({ token }).run);
  expect((await api.create("/made", { kind: "X" })).metadata.name).toBe("made");
  await api.change("/x", { spec: { replicas: 0 } });
  await api.remove("/x");
  await api.remove("/x", 0);
  expect(changes).toEqual([
    { line: "POST /made", type: "application/json", body: '{"kind":"X"}' },
    { line: "PATCH /x", type: "application/merge-patch+json", body: '{"spec":{"replicas":0}}' },
    { line: "DELETE /x", type: "application/json", body: "{}" },
    { line: "DELETE /x", type: "application/json", body: '{"gracePeriodSeconds":0}' },
  ]);
});

test("what is not there is none, and gone already; it can neither be listed nor changed nor made there", async () => {
  const api = reach(kubeconfigOf(address), scripted({ token }).run);
  expect(await api.get("/gone")).toBeUndefined();
  await api.remove("/gone");
  await expect(api.list("/gone")).rejects.toThrow(/there is no \/gone$/);
  await expect(api.change("/gone", {})).rejects.toThrow(/there is no \/gone$/);
  await expect(api.create("/gone", {})).rejects.toThrow("HTTP 404");
});
