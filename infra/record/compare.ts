import { NAMESPACE, readPath, removeCommand, setCommand } from "../config/keys";
import type { Fact, StackFacts } from "./facts";
import { rules } from "./rules";

/**
 * A change that a live stack refuses. A code is never reused: people search for it.
 *
 * `CMB-S001` another cloud; `CMB-S002` a value that is fixed once the stack runs; `CMB-S003` a record that cannot
 * be read.
 */
export interface Refusal {
  readonly code: "CMB-S001" | "CMB-S002" | "CMB-S003";
  /** Key as the Pulumi CLI takes it. */
  readonly key: string;
  /** What the configuration says now, as JSON. */
  readonly value: string;
  readonly cause: string;
  /** What to do: back to what it was, and the way that moves. */
  readonly fix: string;
}

const MOVE =
  "to move: a second stack with its own clusterName, copy the data, point the domain there, retire this one (docs/state.md, Moving)";

/**
 * Compares what a stack runs on with what its configuration now says.
 *
 * @param recorded facts of the last run; what it does not know is not compared
 * @param wanted facts of the configuration
 * @requirement P7
 */
export function refusals(recorded: StackFacts, wanted: StackFacts): Refusal[] {
  const { cloud } = recorded;
  if (cloud !== undefined && cloud !== wanted["cloud"]) return [anotherCloud(recorded, wanted)];
  return Object.entries(rules).flatMap(([key, { loss, harmless }]): Refusal[] => {
    const [before, after] = [recorded[key], wanted[key]];
    if (before === undefined || after === undefined || same(before, after)) return [];
    if (harmless?.(before, after)) return [];
    return [
      {
        code: "CMB-S002",
        key: `${NAMESPACE}:${key}`,
        value: JSON.stringify(after),
        cause: `this stack was made with ${JSON.stringify(before)}; ${loss}`,
        fix: `${restore(key, before)}; ${MOVE}`,
      },
    ];
  });
}

function anotherCloud(recorded: StackFacts, wanted: StackFacts): Refusal {
  const cloud = String(recorded["cloud"]);
  const { clusterName: name } = recorded;
  const place = recorded[cloud === "gcp" ? "gcp.project" : "aws.accountId"];
  const runs = [
    ...(name === undefined ? [] : [`cluster ${String(name)}`]),
    ...(place === undefined ? [] : [`in ${String(place)}`]),
  ].join(" ");
  return {
    code: "CMB-S001",
    key: `${NAMESPACE}:cloud`,
    value: JSON.stringify(wanted["cloud"]),
    cause:
      `this stack runs, or keeps data, on ${cloud}${runs && ` (${runs})`}; on another cloud everything it has would be ` +
      "deleted, and what holds data has no way there",
    fix: `${setCommand(["cloud"], cloud)}; ${MOVE}`,
  };
}

function same(a: Fact, b: Fact): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The command that puts the former value back; the CLI sets lists entry by entry, over what is there. */
function restore(key: string, before: Fact): string {
  const path = readPath(key);
  if (typeof before === "string") return setCommand(path, before);
  return [removeCommand(path), ...before.map((entry, i) => setCommand([...path, i], entry))].join(" && ");
}

/** As a person reads it: three lines each, in the shape of the configuration's faults. */
export function renderRefusals(list: readonly Refusal[]): string {
  const indent = " ".repeat("CMB-S000  ".length);
  return list
    .map(({ code, key, value, cause, fix }) =>
      [`${code}  ${key} = ${value}`, `${indent}${cause}`, `${indent}fix: ${fix}`].join("\n"),
    )
    .join("\n");
}
