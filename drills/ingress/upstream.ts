import { createServer, type IncomingHttpHeaders } from "node:http";
import { networkInterfaces } from "node:os";
import type { AddressInfo, Socket } from "node:net";

/** What a server behind the ingress saw of a request. */
export interface Seen {
  readonly server: string;
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: number;
}

/** A server behind the ingress: it answers with what it saw, and sends back what comes over an upgraded connection. */
export interface Upstream {
  readonly port: number;
  close(): Promise<void>;
}

/** Starts one on every address of this machine, since an EndpointSlice may not name the loopback one. */
export async function startUpstream(name: string): Promise<Upstream> {
  const open = new Set<Socket>();
  const server = createServer((request, response) => {
    let bytes = 0;
    request.on("data", (chunk: Buffer) => (bytes += chunk.length));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      const seen: Seen = { server: name, method, url, headers, bytes };
      response.setHeader("content-type", "application/json").end(JSON.stringify(seen));
    });
  });
  server.on("upgrade", (_request, socket: Socket, head) => {
    socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
    if (head.length > 0) socket.write(head);
    socket.on("error", () => undefined).pipe(socket);
  });
  server.on("connection", (socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "0.0.0.0", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        open.forEach((socket) => socket.destroy());
        server.close(() => resolve());
      }),
  };
}

/** An address of this machine that pods could have: not the loopback one, which the API server refuses. */
export function ownAddress(): string | undefined {
  return Object.values(networkInterfaces())
    .flatMap((addresses = []) => addresses)
    .find(
      ({ family, internal, address }) => family === "IPv4" && !internal && !address.startsWith("169.254."),
    )?.address;
}
