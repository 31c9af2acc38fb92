import { StackFileError } from "../preview/stack-file";
import { destroyCommand } from "./destroy";
import { failoverCommand, reattachCommand } from "./failover";
import { keptCommand } from "./kept";
import { type CommandName, EXIT, usages, UsageError } from "./options";
import { pruneCopiesCommand } from "./prune-copies";
import { restoreDrillCommand } from "./restore-drill";
import { sleepCommand, wakeCommand } from "./sleep";
import { renderStaleLogin, staleLogin } from "./credentials";
import { PulumiFailed } from "./pulumi";
import { straysCommand } from "./strays";
import { upCommand } from "./up";
import { Refused, type World } from "./world";

const commands: Readonly<Record<CommandName, (args: readonly string[], world: World) => Promise<number>>> = {
  up: upCommand,
  destroy: destroyCommand,
  kept: keptCommand,
  strays: straysCommand,
  sleep: sleepCommand,
  wake: wakeCommand,
  "restore-drill": restoreDrillCommand,
  failover: failoverCommand,
  reattach: reattachCommand,
  "prune-copies": pruneCopiesCommand,
};

/** Runs one of the commands and words what it throws. Returns the exit code. */
export async function main([name, ...args]: readonly string[], world: World): Promise<number> {
  try {
    if (!isCommand(name)) throw new UsageError(Object.values(usages).join("\n"));
    if (args.includes("--help") || args.includes("-h")) {
      world.out(`${usages[name]}\n`);
      return EXIT.ok;
    }
    return await commands[name](args, world);
  } catch (error) {
    world.err(`${worded(error)}\n`);
    return error instanceof UsageError ? EXIT.usage : EXIT.refused;
  }
}

function isCommand(name: string | undefined): name is CommandName {
  return name !== undefined && name in commands;
}

/** @throws whatever is no foreseen end of a command */
function worded(error: unknown): string {
  if (error instanceof PulumiFailed) {
    if (error.finished.code === 127) return "there is no pulumi on PATH: https://www.pulumi.com/docs/install";
    const stale = staleLogin(error.finished.stderr + error.finished.stdout);
    return stale ? renderStaleLogin(stale) : error.message;
  }
  const foreseen = [UsageError, StackFileError, Refused];
  if (foreseen.some((kind) => error instanceof kind)) return (error as Error).message;
  throw error;
}
