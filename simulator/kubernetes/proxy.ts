import { readFileSync } from "node:fs";
import { createServer as createHttpServer, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { packCharts } from "./chart-packages";
import { repositoryAnswers, repositoryHosts, repositoryServer } from "./chart-server";
import { pki } from "./pki";
import type { ChartProxy, ProxyOptions } from "./proxy-types";

/**
 * Starts the proxy and the chart repositories behind it, both on loopback. A Go client with its
 * {@link ChartProxy.environment} finds there what the program's charts and kubeconfigs name, so the program runs
 * unchanged, and nothing leaves the machine. (On macOS Go does not read SSL_CERT_FILE: the authority would have to
 * be trusted by the system.)
 *
 * @throws when the charts cannot be packed
 */
export async function startProxy(options: ProxyOptions): Promise<ChartProxy> {
  const { authority, controlPlane, helm, folder } = options;
  const served: string[] = [];
  const refused: string[] = [];
  const hosts = repositoryHosts();
  const server = ["--server", `charts=${hosts.join(",")}`];
  await pki(controlPlane, "--folder", authority, ...server);
  const repositories = createHttpsServer(
    { cert: readFileSync(join(authority, "charts.crt")), key: readFileSync(join(authority, "charts.key")) },
    repositoryServer(repositoryAnswers(packCharts(helm, folder)), (address) => served.push(address)),
  );
  const repositoriesPort = await listen(repositories);
  const ports = new Map(hosts.map((host) => [host, repositoriesPort]));
  const sockets = new Set<Duplex>();

  const proxy = createHttpServer((request, response) => {
    // Plain HTTP through the proxy: nothing of the program speaks it.
    refused.push(request.headers.host ?? request.url ?? "");
    response.writeHead(403).end("no way out of the simulation\n");
  });
  proxy.on("connect", (request, client: Duplex, head: Buffer) => {
    const [host = "", port] = (request.url ?? "").split(":");
    const target = ports.get(host.toLowerCase());
    client.on("error", () => client.destroy());
    if (target === undefined) {
      refused.push(`${host}:${port}`);
      client.end("HTTP/1.1 403 Forbidden\r\n\r\nno way out of the simulation\n");
      return;
    }
    tunnel(client, head, target, sockets);
  });
  const port = await listen(proxy);
  const address = `http://127.0.0.1:${port}`;
  return {
    environment: {
      HTTPS_PROXY: address,
      HTTP_PROXY: address,
      NO_PROXY: "127.0.0.1,localhost",
      SSL_CERT_FILE: join(authority, "ca.crt"),
    },
    map: (host, to) => void ports.set(host.toLowerCase(), to),
    unmap: (host) => void ports.delete(host.toLowerCase()),
    refused,
    served,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await Promise.all([close(proxy), close(repositories)]);
    },
  };
}

function tunnel(client: Duplex, head: Buffer, port: number, sockets: Set<Duplex>): void {
  const upstream: Socket = connect(port, "127.0.0.1", () => {
    client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    upstream.write(head);
    upstream.pipe(client).pipe(upstream);
  });
  for (const [one, other] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    sockets.add(one);
    one.on("error", () => other.destroy());
    one.on("close", () => {
      sockets.delete(one);
      other.destroy();
    });
  }
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
