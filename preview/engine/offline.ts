import type { Socket } from "node:net";

const LOOPBACK = new Set(["localhost", "127.0.0.1", "::1"]);

/**
 * Keeps the program from reaching out: a connection to anything but this machine fails. Loaded into the
 * process that runs the program, so that "no network" is enforced and not hoped for.
 */
export function refuseConnections(prototype: Pick<Socket, "connect">): void {
  const connect = prototype.connect as (this: Socket, ...args: unknown[]) => Socket;
  prototype.connect = function (this: Socket, ...args: unknown[]): Socket {
    const host = targetHost(args);
    if (host !== undefined && !LOOPBACK.has(host)) {
      throw new Error(`the offline preview lets no connection out: the program tried to reach ${host}`);
    }
    return connect.apply(this, args);
  };
}

/** Host of `connect(options)`, `connect(port, host)` or `connect(path)`; undefined for this machine. */
function targetHost(args: unknown[]): string | undefined {
  // net.connect hands its own arguments on as one list.
  const [first, second] = (Array.isArray(args[0]) ? args[0] : args) as unknown[];
  if (typeof first === "object" && first !== null) return (first as { host?: string }).host;
  return typeof second === "string" ? second : undefined;
}
