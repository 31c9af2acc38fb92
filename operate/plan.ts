/** What the engine means to do with one resource, as `pulumi preview --json` tells it (pulumi v3.259.0). */
export interface Step {
  readonly op: string;
  readonly urn: string;
  /** Before the run; absent for what is created. */
  readonly oldState?: ResourceState;
  /** After it; absent for what is deleted. */
  readonly newState?: ResourceState;
  /** Top-level properties that force the replacement, as the provider names them. */
  readonly replaceReasons?: readonly string[];
  /** Changed properties by path. */
  readonly detailedDiff?: Readonly<Record<string, { readonly kind: string }>>;
}

/** A resource in a plan or in a state. Secrets are masked or encrypted by the CLI. */
export interface ResourceState {
  readonly urn: string;
  readonly type: string;
  readonly custom?: boolean;
  /** The provider's id; absent for components. */
  readonly id?: string;
  readonly parent?: string;
  /** URNs of what it was made from. */
  readonly dependencies?: readonly string[];
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  /** Marked for deletion by a run that did not come to it. */
  readonly delete?: boolean;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** A message of the engine, the program or a provider. */
export interface Diagnostic {
  readonly urn?: string;
  readonly message: string;
  readonly severity: string;
}

/** A preview, whether or not it came to its end. */
export interface Plan {
  readonly steps: readonly Step[];
  readonly diagnostics: readonly Diagnostic[];
  /** Numbers by kind of operation: `create`, `update`, `replace`, `delete`, `same`. */
  readonly summary: Readonly<Record<string, number>>;
}

/** The CLI's answer was not what a preview prints. */
export class UnreadablePlan extends Error {}

/**
 * Reads what `pulumi preview --json` printed.
 *
 * @throws UnreadablePlan when it is no preview: the CLI failed before it made one, and says why elsewhere
 */
export function readPlan(text: string): Plan {
  const document = parse(text);
  return {
    steps: document.steps ?? [],
    diagnostics: (document.diagnostics ?? []).map((one) => ({ ...one, message: one.message.trim() })),
    summary: document.changeSummary ?? {},
  };
}

interface PreviewDigest {
  readonly steps?: readonly Step[] | null;
  readonly diagnostics?: readonly Diagnostic[] | null;
  readonly changeSummary?: Readonly<Record<string, number>> | null;
}

function parse(text: string): PreviewDigest {
  try {
    const document = JSON.parse(text) as PreviewDigest | null;
    // A preview that stopped before its first step prints its messages alone.
    if (typeof document === "object" && (document?.steps || document?.diagnostics)) return document;
  } catch {
    // Said below.
  }
  throw new UnreadablePlan("pulumi preview printed no plan");
}

/** Type of a resource out of its URN: the last of the chain of parents' types. */
export function typeOf(urn: string): string {
  return urn.split("::")[2]!.split("$").at(-1)!;
}

/** Logical name of a resource out of its URN. */
export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}
