import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type CloudControl, connectCloud } from "./engine/control";
import type { Stored } from "./engine/store";
import type { ExportedState } from "./state";
import { strays } from "./strays";
import { timelineText } from "./timeline-text";

const USAGE = `Looks at simulated clouds that run, and changes them behind the engine's back.

  tsx simulator/cli.ts <folder> list [kind]            what exists
  tsx simulator/cli.ts <folder> show <id>              one thing, whole (secrets of the simulation included)
  tsx simulator/cli.ts <folder> set <kind> <id> <json> changes properties; null takes one away
  tsx simulator/cli.ts <folder> delete <kind> <id>     takes a thing away, whatever needs it
  tsx simulator/cli.ts <folder> push <image>           puts an image into a registry
  tsx simulator/cli.ts <folder> pass <seconds>         lets virtual time pass
  tsx simulator/cli.ts <folder> timeline               what took how long, and the chain that decided it
  tsx simulator/cli.ts <folder> strays <state.json>    what exists and is in no exported state (pulumi stack export)

<folder> is that of the lab, or of the clouds in it.`;

/** Carries one command out and returns what it prints. */
export async function run(cloud: CloudControl, [command = "", ...args]: readonly string[]): Promise<string> {
  const [first = "", second = "", third = "{}"] = args;
  switch (command) {
    case "list":
      return (await cloud.list(first || undefined)).map(line).join("\n");
    case "show": {
      const found = (await cloud.list()).filter(({ object }) => object.id === first);
      if (found.length === 0) throw new Error(`there is no thing with the id ${first}`);
      return JSON.stringify(found, null, 2);
    }
    case "set":
      await cloud.set({ kind: first, id: second }, JSON.parse(third) as never);
      return `${first} ${second} was changed`;
    case "delete":
      await cloud.delete({ kind: first, id: second });
      return `${first} ${second} was taken away`;
    case "push":
      await cloud.push(first);
      return `${first} is in its registry`;
    case "pass":
      await cloud.pass(Number(first));
      return `it is second ${await cloud.now()}`;
    case "timeline":
      return timelineText(await cloud.operations());
    case "strays": {
      const state = JSON.parse(readFileSync(first, "utf8")) as ExportedState;
      const found = strays(await cloud.list(), state);
      return found.length === 0 ? "nothing exists that the state does not know" : found.map(line).join("\n");
    }
    default:
      throw new Error(USAGE);
  }
}

function line({ object, urn }: Stored): string {
  return [object.kind, object.id, object.status, object.place, urn ?? "(came by itself)"].join("  ");
}

/** The running clouds of a folder. */
export function openFolder(folder: string): CloudControl {
  for (const path of [join(folder, "clouds", "daemon.json"), join(folder, "daemon.json")]) {
    try {
      return connectCloud((JSON.parse(readFileSync(path, "utf8")) as { port: number }).port);
    } catch {
      // The other place is looked at, too.
    }
  }
  throw new Error(`no clouds run in ${folder}`);
}

if (require.main === module) {
  const [folder, ...words] = process.argv.slice(2);
  void (async () => run(openFolder(folder ?? ""), words))().then(
    (text) => process.stdout.write(`${text}\n`),
    (error: Error) => {
      process.stderr.write(`${error.message}\n`);
      process.exitCode = 1;
    },
  );
}
