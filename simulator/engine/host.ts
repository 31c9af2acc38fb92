import { readFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import type { RunningServer } from "./grpc";

/** A plugin that the engine wants, as the script on PATH announces it. */
export interface PluginRequest {
  readonly packageName: string;
  /** Process of the script. */
  readonly pid: number;
  /** Process that started it: the engine. */
  readonly engine: number;
  /** Address of the engine's own service, the plugin's first argument. */
  readonly engineAddress: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** A cloud's command-line tool that somebody runs. */
export interface ToolRequest {
  readonly name: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** What a command-line tool prints. */
export interface ToolAnswer {
  readonly code: number;
  readonly stdout?: string;
  readonly stderr?: string;
}

/** What the host asks of the rest. */
export interface HostServices {
  plugin(request: PluginRequest): Promise<RunningServer>;
  tool(request: ToolRequest): Promise<ToolAnswer>;
  control(text: string): Promise<string>;
  /** Something came from outside. */
  touch(): void;
}

/**
 * The one door of the process that holds the clouds: the scripts on PATH knock here. A plugin's script keeps its
 * connection for as long as the engine lets it live; when it goes, that instance of the provider goes.
 */
export async function startHost(services: HostServices): Promise<{ port: number; close(): void }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => socket.destroy());
    void answer(socket, services);
  });
  return {
    port: await listen(server),
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

async function answer(socket: Socket, services: HostServices): Promise<void> {
  services.touch();
  const line = await firstLine(socket);
  const [what = "", ...rest] = line.split(" ");
  try {
    if (what === "control")
      return void socket.end(`${await services.control(line.slice("control ".length))}\n`);
    if (what === "tool") return void socket.end(wire(await services.tool(toolRequest(rest))));
    if (what === "plugin") return await servePlugin(socket, services, rest);
    socket.end();
  } catch (error) {
    process.stderr.write(`${line}: ${(error as Error).stack}\n`);
    socket.destroy();
  } finally {
    services.touch();
  }
}

async function servePlugin(socket: Socket, services: HostServices, words: readonly string[]): Promise<void> {
  const [packageName = "", pid = "0", engine = "0", engineAddress = ""] = words;
  const running = await services.plugin({
    packageName,
    pid: Number(pid),
    engine: Number(engine),
    engineAddress,
    environment: environmentOf(pid),
  });
  if (socket.destroyed) return running.close();
  socket.once("close", () => running.close());
  socket.write(`${running.port}\n`);
}

function toolRequest([name = "", pid = "0"]: readonly string[]): ToolRequest {
  // The first two words are the shell and the path of the script.
  const args = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(2, -1);
  return { name, args, environment: environmentOf(pid) };
}

function environmentOf(pid: string): Record<string, string> {
  const entries = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").filter(Boolean);
  return Object.fromEntries(
    entries.map((entry) => [entry.split("=", 1)[0]!, entry.slice(entry.indexOf("=") + 1)]),
  );
}

/** Exit code, then lines that begin with the number of the stream they belong to. */
function wire({ code, stdout = "", stderr = "" }: ToolAnswer): string {
  const lines = (stream: number, text: string) =>
    text === "" ? "" : `${text.replace(/\n$/, "").replace(/^/gm, String(stream))}\n`;
  return `${code}\n${lines(1, stdout)}${lines(2, stderr)}`;
}

function firstLine(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    const take = (chunk: Buffer) => {
      text += chunk.toString("utf8");
      if (!text.includes("\n")) return;
      socket.off("data", take);
      resolve(text.split("\n")[0]!);
    };
    socket.on("data", take).once("close", () => resolve(text));
  });
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
}
