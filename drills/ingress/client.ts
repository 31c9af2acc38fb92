import { request as requestPlain } from "node:http";
import { request } from "node:https";
import { connect as connectPlain, type Socket } from "node:net";
import { connect, type PeerCertificate, type TLSSocket } from "node:tls";
import type { Seen } from "./upstream";

/** What a browser is told. */
export interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
}

/** What is behind the ingress saw, out of an answer. */
export const seen = ({ text }: Answer) => JSON.parse(text) as Seen;

/** Asks an entry point as a browser would that looked a host's name up. */
export interface Browser {
  readonly port: number;
  /** The authority it trusts. */
  readonly ca: string;
}

/** One request over TLS, the certificate verified for the host's name. */
export function ask(
  { port, ca }: Browser,
  host: string,
  path = "/",
  options: { readonly headers?: Readonly<Record<string, string>>; readonly body?: Buffer } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const method = options.body ? "POST" : "GET";
    const headers = { host, ...options.headers };
    const sent = request(
      { host: "127.0.0.1", port, servername: host, ca, path, method, headers, agent: false },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
        );
      },
    );
    // A server that has heard enough may close before all was sent.
    sent.on("error", reject);
    sent.end(options.body);
  });
}

/** One request without TLS: its status, and where it is sent on to. */
export function askPlain(
  port: number,
  host: string,
  path: string,
): Promise<{ status?: number; location?: string }> {
  return new Promise((resolve, reject) => {
    const sent = requestPlain({ host: "127.0.0.1", port, path, headers: { host }, agent: false });
    sent.on("response", (response) => {
      response.resume();
      resolve({ status: response.statusCode, location: response.headers.location });
    });
    sent.on("error", reject).end();
  });
}

/** The certificate that is shown for a host's name. */
export async function certificateFor(browser: Browser, host: string): Promise<PeerCertificate> {
  const socket = await secure(browser, host);
  const certificate = socket.getPeerCertificate();
  socket.destroy();
  return certificate;
}

/** A connection over TLS, verified; through a load balancer that writes a PROXY header where one is given. */
export function secure({ port, ca }: Browser, host: string, proxyHeader?: Buffer): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const plain: Socket = connectPlain(port, "127.0.0.1", () => {
      if (proxyHeader) plain.write(proxyHeader);
      const socket = connect({ socket: plain, servername: host, ca }, () => resolve(socket));
      socket.on("error", reject);
    });
    plain.on("error", reject);
  });
}

/** A request over a connection that is open already, and the whole answer as text. */
export function askOver(socket: TLSSocket, host: string, headers = ""): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    socket.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    socket.on("close", () => resolve(text));
    socket.write(`GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${headers}\r\n`);
  });
}

/** Version 2 of the PROXY protocol, for a client over TCP and IPv4 (haproxy.org, proxy-protocol.txt, section 2.2). */
export function proxyV2(client: string): Buffer {
  const signature = Buffer.from([0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a]);
  const bytes = (address: string) => Buffer.from(address.split(".").map(Number));
  const ports = Buffer.from([0xc0, 0x00, 0x01, 0xbb]);
  const addresses = Buffer.concat([bytes(client), bytes("192.0.2.10"), ports]);
  return Buffer.concat([signature, Buffer.from([0x21, 0x11, 0x00, addresses.length]), addresses]);
}

/** An upgraded connection on which what is sent comes back. */
export class Echo {
  private constructor(private readonly socket: TLSSocket) {}

  static async open(browser: Browser, host: string): Promise<Echo> {
    const socket = await secure(browser, host);
    const upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13";
    const key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
    socket.write(`GET /api/kernels/1/channels HTTP/1.1\r\nHost: ${host}\r\n${upgrade}\r\n${key}\r\n\r\n`);
    const head = await new Promise<string>((resolve) => socket.once("data", (data) => resolve(String(data))));
    if (!head.startsWith("HTTP/1.1 101")) throw new Error(head);
    return new Echo(socket);
  }

  /** Is what is sent sent back? */
  says(word: string): Promise<boolean> {
    return new Promise((resolve) => {
      if (this.socket.destroyed || this.socket.readableEnded) return resolve(false);
      const done = (said: boolean) => {
        clearTimeout(end);
        this.socket.off("data", heard).off("close", closed);
        resolve(said);
      };
      const heard = (data: Buffer) => done(String(data).includes(word));
      const closed = () => done(false);
      const end = setTimeout(closed, 2000);
      this.socket.on("data", heard).on("close", closed);
      this.socket.write(word);
    });
  }

  close(): void {
    this.socket.destroy();
  }
}
