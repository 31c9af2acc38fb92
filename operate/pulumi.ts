import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Finished, Run, RunOptions } from "./process";
import { type Plan, readPlan, type ResourceState } from "./plan";
import { openPlan } from "./saved-plan";

/** A preview that was judged, and can be applied as it was judged. */
export interface SavedPlan {
  readonly plan: Plan;
  /** False where the preview did not come to its end; there is then nothing to apply. */
  readonly complete: boolean;
  readonly file: string;
}

/** The state of a stack, as `pulumi stack export` writes it: its secrets stay encrypted. */
export interface State {
  readonly resources: readonly ResourceState[];
  /** Operations that a killed run left open. */
  readonly pending: number;
}

/** A run of the CLI that gave no answer; the text is the CLI's own. */
export class PulumiFailed extends Error {
  constructor(
    readonly command: string,
    readonly finished: Finished,
  ) {
    super(`pulumi ${command}: ${lastLines(finished)}`);
  }
}

/**
 * Operations at a time. Each of them waits for its cloud and computes nothing; by itself the CLI takes four for each
 * processor of the machine (v3.259.0, cmd/pulumi/operations/up.go), on which the time of a destroy would then depend.
 */
const AT_ONCE = ["--parallel", "32"] as const;

/** One stack, through the Pulumi CLI on PATH. */
export class PulumiStack {
  constructor(
    readonly stack: string,
    private readonly root: string,
    private readonly run: Run,
  ) {}

  /**
   * Plans a run and keeps the plan. Protection is left out of account, so that the plan is whole: the judge looks
   * at it, and the run that applies the plan observes it again.
   */
  async preview(work: (saved: SavedPlan) => Promise<number>): Promise<number> {
    const folder = mkdtempSync(join(tmpdir(), "cmbcluster-plan-"));
    const file = join(folder, "plan.json");
    try {
      const args = ["preview", "--json", "--save-plan", file, "--ignore-protect"];
      const finished = await this.pulumi(args, "captured");
      const plan = this.read(finished);
      if (existsSync(file)) openPlan(file);
      return await work({ plan, complete: finished.code === 0, file });
    } finally {
      // It holds the configuration, secrets encrypted.
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** Applies exactly a plan: what differs from it by now is refused by the engine when it comes to it. */
  apply({ file }: SavedPlan, output: RunOptions["output"]): Promise<Finished> {
    return this.pulumi(["up", "--plan", file, "--skip-preview", "--yes", ...AT_ONCE], output);
  }

  /** Destroys what is not protected; what was said beforehand has been agreed to. */
  destroy(flags: readonly string[], output: RunOptions["output"]): Promise<Finished> {
    const args = ["destroy", "--exclude-protected", "--skip-preview", "--yes", ...AT_ONCE, ...flags];
    return this.pulumi(args, output);
  }

  /** @throws PulumiFailed where there is no such stack, or no way to it */
  async state(): Promise<State> {
    const finished = await this.pulumi(["stack", "export"], "captured");
    if (finished.code !== 0) throw new PulumiFailed("stack export", finished);
    const { deployment } = JSON.parse(finished.stdout) as {
      readonly deployment: { readonly resources?: ResourceState[]; readonly pending_operations?: unknown[] };
    };
    return { resources: deployment.resources ?? [], pending: deployment.pending_operations?.length ?? 0 };
  }

  /** An output in the clear; undefined where the stack has none of the name. */
  async secretOutput(name: string): Promise<string | undefined> {
    const finished = await this.pulumi(["stack", "output", name, "--show-secrets"], "captured");
    return finished.code === 0 ? finished.stdout.trim() : undefined;
  }

  /** Any other command about the stack. */
  command(
    args: readonly string[],
    output: RunOptions["output"] = "captured",
    environment = {},
  ): Promise<Finished> {
    return this.pulumi(args, output, environment);
  }

  private pulumi(args: readonly string[], output: RunOptions["output"], environment = {}): Promise<Finished> {
    return this.run("pulumi", [...args, "--stack", this.stack, "--non-interactive"], {
      cwd: this.root,
      // Saved plans are experimental in the CLI (v3.259.0, cmd/pulumi/operations/up.go).
      environment: { PULUMI_EXPERIMENTAL: "true", PULUMI_SKIP_UPDATE_CHECK: "true", ...environment },
      output,
    });
  }

  private read(finished: Finished): Plan {
    try {
      return readPlan(finished.stdout);
    } catch {
      throw new PulumiFailed("preview", finished);
    }
  }
}

function lastLines({ stdout, stderr }: Finished): string {
  const lines = (stderr.trim() || stdout.trim()).split("\n");
  return lines.slice(-12).join("\n");
}
