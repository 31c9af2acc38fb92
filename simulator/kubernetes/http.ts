import { Agent, request } from "node:https";
import type { IncomingMessage } from "node:http";
import type { ApiFailure } from "./types";

/** Where the API server is, and who asks. */
export interface Endpoint {
  readonly port: number;
  readonly caPem: string;
  readonly token: string;
}

/** A refusal of the API server's, or that it could not be reached. */
export class ApiError extends Error implements ApiFailure {
  constructor(
    readonly code: number,
    readonly reason: string,
    message: string,
  ) {
    super(message);
  }
}

/** One request's parts beyond the path. */
export interface Call {
  readonly method?: string;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly signal?: AbortSignal;
}

/** HTTPS to one API server over connections that are kept. Nothing but loopback is ever asked. */
export class Connection {
  private readonly agent: Agent;

  constructor(private readonly endpoint: Endpoint) {
    this.agent = new Agent({ keepAlive: true, ca: endpoint.caPem, maxSockets: 64 });
  }

  /** The answer of a request as JSON; throws an {@link ApiError} for every status from 400 on. */
  async json<T>(path: string, call: Call = {}): Promise<T> {
    const text = await readAll(await this.open(path, call));
    return JSON.parse(text) as T;
  }

  /** The answer of a request as plain text. */
  async text(path: string): Promise<string> {
    return readAll(await this.open(path, {}));
  }

  /** The lines of an answer that never ends, until the signal or the server ends it. */
  async *lines(path: string, signal: AbortSignal): AsyncGenerator<string> {
    const answer = await this.open(path, { signal });
    let rest = "";
    for await (const chunk of answer.setEncoding("utf8")) {
      const lines = (rest + String(chunk)).split("\n");
      rest = lines.pop() ?? "";
      yield* lines.filter(Boolean);
    }
  }

  close(): void {
    this.agent.destroy();
  }

  private async open(
    path: string,
    { method = "GET", body, contentType, signal }: Call,
  ): Promise<IncomingMessage> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers: Record<string, string> = {
      accept: "application/json",
      authorization: `Bearer ${this.endpoint.token}`,
    };
    if (text !== undefined) {
      headers["content-type"] = contentType ?? "application/json";
      headers["content-length"] = String(Buffer.byteLength(text));
    }
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = request(
        { host: "127.0.0.1", port: this.endpoint.port, path, method, headers, agent: this.agent, signal },
        resolve,
      );
      sent.on("error", (error) => reject(new ApiError(0, "Unreachable", error.message)));
      sent.end(text);
    });
    const code = answer.statusCode ?? 0;
    if (code >= 400) throw failure(code, await readAll(answer));
    return answer;
  }
}

function failure(code: number, text: string): ApiError {
  try {
    const { reason, message } = JSON.parse(text) as { reason?: string; message?: string };
    return new ApiError(code, reason ?? "Unknown", message ?? text);
  } catch {
    return new ApiError(code, "Unknown", text.trim());
  }
}

async function readAll(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
