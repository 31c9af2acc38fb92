import { refusals, renderRefusals } from "../infra/record/compare";
import { outOfBounds, renderBounds } from "./bounds";
import { renderStaleLogin, staleLogin } from "./credentials";
import { askForImages, renderMissingImages } from "./images";
import { judge, type Verdict } from "./judge";
import { EXIT, parseOptions, type Options, UsageError } from "./options";
import type { Diagnostic, Plan } from "./plan";
import { PulumiFailed, PulumiStack, type SavedPlan } from "./pulumi";
import { recordedIn } from "./state";
import { renderVerdict } from "./verdict-text";
import { agreed, type World } from "./world";

/** What `--json` prints. */
export interface UpDocument extends Verdict {
  readonly stack: string;
  /** Numbers by kind of operation. */
  readonly summary: Readonly<Record<string, number>>;
  /** `refused` by the gate, `failed` before or while it was applied, `checked` without being applied. */
  readonly result: "applied" | "checked" | "refused" | "declined" | "failed";
  /** What went wrong, as it was told. */
  readonly error?: string;
}

/**
 * `npm run up`: the gate. Configuration and budget first, then a preview whose plan is judged, then exactly that plan.
 * Nothing is touched before the last.
 *
 * @requirement O5
 */
export async function upCommand(args: readonly string[], world: World): Promise<number> {
  const options = parseOptions("up", args);
  const faults = world.configFaults(options.stack);
  // Faults of a stack that is to be another one help nobody: what it is bound to is told instead.
  const moved = faults === "" ? "" : await switchedCloud(options.stack, world);
  const refusal = moved || faults || (await world.overBudget(options.stack));
  if (refusal !== "") {
    world.err(`${refusal.trimEnd()}\n`);
    return EXIT.refused;
  }
  const stack = new PulumiStack(options.stack, world.root, world.run);
  world.err(`${options.stack}: asking the cloud what is there, and planning; nothing is changed yet\n`);
  return stack.preview(async (saved) => {
    const verdict = judge(saved.plan, options.allow);
    const finish = finisher(options, saved.plan, verdict, world);
    if (!saved.complete) return finish("failed", whyIncomplete(saved.plan));
    world.err(renderVerdict(verdict, options.stack));
    if (verdict.refused.length > 0) return finish("refused");
    const bounds = renderBounds(outOfBounds(saved.plan), options.stack);
    if (bounds !== "") return finish("refused", bounds);
    if (verdict.unused.length > 0) {
      throw new UsageError(`--allow ${verdict.unused.join(", ")}: nothing of that name is lost in this plan`);
    }
    const images = await askForImages(saved.plan, world.run);
    for (const line of images.unanswered) world.err(`an image could not be asked for: ${line}\n`);
    const missing = renderMissingImages(images, options.stack);
    if (missing !== "") return finish("refused", missing);
    world.err(`${summaryLine(saved.plan)}\n`);
    if (options.check) return finish("checked");
    if (!(await agreed(world, options.yes, `Apply this to ${options.stack}?`, "yes")))
      return finish("declined");
    return finish(...(await apply(stack, saved, options)));
  });
}

async function switchedCloud(name: string, world: World): Promise<string> {
  const cloud = world.wantedCloud(name);
  if (cloud === undefined) return "";
  try {
    const recorded = recordedIn(await new PulumiStack(name, world.root, world.run).state()) ?? {};
    return renderRefusals(refusals(recorded, { ...recorded, cloud }));
  } catch (error) {
    // A stack that was not made yet: its faults are all there is to tell.
    if (error instanceof PulumiFailed) return "";
    throw error;
  }
}

type Outcome = [result: UpDocument["result"], error?: string];

async function apply(stack: PulumiStack, saved: SavedPlan, options: Options): Promise<Outcome> {
  const { code, stdout, stderr } = await stack.apply(saved, options.json ? "reported" : "shown");
  if (code === 0) return ["applied"];
  const said = stdout + stderr;
  if (/violates plan/.test(said)) {
    return [
      "failed",
      "what is there has changed since the plan was made, and the run stopped at it; plan again: " +
        `npm run up -- ${stack.stack}`,
    ];
  }
  const stale = staleLogin(said);
  const hint = stale ? `your log-in ran out on the way (${stale.said}): ${stale.renew}; then ` : "";
  return ["failed", `the run stopped half-way; ${hint}the same command goes on from there`];
}

function whyIncomplete({ diagnostics }: Plan): string {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  // A log-in that ran out is told once for each resource.
  const text = [...new Set(errors.map(worded))].join("\n");
  const stale = staleLogin(text);
  if (stale) return renderStaleLogin(stale);
  return `the preview stopped, nothing was touched\n${text || "pulumi preview says no more"}`;
}

function worded({ urn, message }: Diagnostic): string {
  const text = message.replace(/^error: /, "");
  return urn === undefined ? text : `${urn.split("::").at(-1)}: ${text}`;
}

/** Ends the command: the document where it was asked for, the exit code. */
function finisher({ stack, json }: Options, { summary }: Plan, verdict: Verdict, world: World) {
  return (result: UpDocument["result"], error?: string): number => {
    if (error !== undefined) world.err(`${error}\n`);
    const document: UpDocument = {
      stack,
      result,
      summary,
      ...verdict,
      ...(error !== undefined && { error }),
    };
    if (json) world.out(`${JSON.stringify(document, null, 2)}\n`);
    return result === "applied" || result === "checked" ? EXIT.ok : EXIT.refused;
  };
}

/** `12 to create, 3 to update`, and nothing of what stays as it is. */
export function summaryLine({ summary }: Plan): string {
  const parts = Object.entries(summary)
    .filter(([op, count]) => op !== "same" && count > 0)
    .map(([op, count]) => `${count} to ${op}`);
  return parts.length === 0 ? "nothing to change" : parts.join(", ");
}
