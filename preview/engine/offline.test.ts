import type { Socket } from "node:net";
import { refuseConnections } from "./offline";

const calls: unknown[][] = [];
const prototype = {
  connect(...args: unknown[]) {
    calls.push(args);
    return this;
  },
};
refuseConnections(prototype as unknown as Socket);
const connect = prototype.connect.bind(prototype) as (...args: unknown[]) => unknown;

beforeEach(() => (calls.length = 0));

test.each([
  ["a host and a port", [443, "example.com"]],
  ["options", [{ port: 443, host: "10.0.0.1" }]],
  ["the list that net.connect hands on", [[{ port: 443, host: "metadata.google.internal" }, null]]],
])("%s elsewhere: refused, and nothing is tried", (_what, args) => {
  expect(() => connect(...args)).toThrow("the offline preview lets no connection out");
  expect(calls).toEqual([]);
});

test.each([
  ["this machine by address", [443, "127.0.0.1"]],
  ["this machine by name", [{ port: 443, host: "localhost" }]],
  ["a port alone", [{ port: 443 }]],
  ["a socket file", [{ path: "/run/x.sock" }]],
  ["a port and a callback", [443, () => undefined]],
])("%s: let through unchanged", (_what, args) => {
  connect(...args);
  expect(calls).toEqual([args]);
});
