import { status, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { directClient } from "./direct";

type Ask = (request: unknown, callback: (error: unknown, response?: unknown) => void) => void;

const service = {
  echo: ({ request }: { request: unknown }, callback: (error: unknown, response?: unknown) => void) =>
    callback(null, request),
  refuse: (_call: unknown, callback: (error: unknown) => void) =>
    callback({ code: status.INVALID_ARGUMENT, details: "not this" }),
  silent: (_call: unknown, callback: (error: unknown) => void) => callback({ code: status.UNIMPLEMENTED }),
} as unknown as UntypedServiceImplementation;

const client = directClient(service, status) as Record<"echo" | "refuse" | "silent", Ask> & { close(): void };
const answer = (ask: Ask, request?: unknown) =>
  new Promise<{ error: unknown; response?: unknown }>((resolve) =>
    ask(request, (error, response) => resolve({ error, response })),
  );

test("the service gets the caller's own message and the caller the service's own answer, after it is done", async () => {
  const message = { of: "mine" };
  const order: string[] = [];
  const answered = new Promise((resolve) =>
    client.echo(message, (_error, response) => {
      order.push("answered");
      resolve(response);
    }),
  );
  order.push("done");
  expect(await answered).toBe(message);
  expect(order).toEqual(["done", "answered"]);
});

test("an error is worded as gRPC's client does, with its code and details", async () => {
  const { error } = await answer(client.refuse);
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({
    code: status.INVALID_ARGUMENT,
    details: "not this",
    message: "3 INVALID_ARGUMENT: not this",
  });
  expect((await answer(client.silent)).error).toMatchObject({ message: "12 UNIMPLEMENTED: ", details: "" });
});

test("a client is closed without more ado", () => {
  expect(() => client.close()).not.toThrow();
});
