import { existsSync, readFileSync, statSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { previewStack } from "../engine";
import { type ConfigReport, reportOf } from "../report/build";
import { DOCUMENT_VERSION, previewDocument, type StackReport } from "../report/document";
import { listStacks, projectName, readStackFile, StackFileError, toStackConfig } from "../stack-file";
import type { Base } from ".";
import { checkOfRevision } from "./check-revision";
import { namedPlan } from "./rights";
import { storedSecrets } from "./secrets";
import { sideOfRecording, sideOfReport } from "./side";
import { layOut, RevisionError, type Worktree } from "./worktree";

/** Plans to compare with, by stack. */
export interface Bases {
  /** Stacks that the base has. */
  readonly stacks: readonly string[];
  /** True where its program can be run once more, to read what waits for an id; a document has none. */
  readonly readable: boolean;
  of(stack: string): Promise<Base>;
  /** Takes away what was laid out for the comparison. */
  close(): void;
}

/**
 * What `--against` names: a document of `--json`, or else a revision that git knows.
 *
 * @throws RevisionError when it is neither, and for a document that is not one
 */
export function openBase(root: string, cwd: string, against: string): Bases {
  const path = isAbsolute(against) ? against : join(cwd, against);
  if (existsSync(path) && statSync(path).isFile()) return fromDocument(path, against);
  return fromRevision(layOut(root, against), against);
}

function fromDocument(path: string, label: string): Bases {
  const document = readDocument(path, label);
  return {
    stacks: document.map(({ stack }) => stack),
    readable: false,
    of: (stack) => {
      const report = document.find((one) => one.stack === stack);
      return Promise.resolve({
        label,
        side: report && sideOfReport(report),
        checked: true,
        warnings: ["a document does not hold secrets: whether the value of one changed cannot be told"],
      });
    },
    close: () => undefined,
  };
}

function readDocument(path: string, label: string): readonly StackReport[] {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, "utf8"));
  } catch {
    throw new RevisionError(`${label} is no JSON document: make one with npm run preview -- --json`);
  }
  const version = (json as { version?: unknown } | null)?.version;
  const parsed = previewDocument.safeParse(json);
  if (parsed.success) return parsed.data.stacks;
  const [issue] = parsed.error.issues;
  const why =
    typeof version === "number" && version !== DOCUMENT_VERSION
      ? `it has version ${version}, this preview reads ${DOCUMENT_VERSION}`
      : `${issue!.path.join(".") || "the whole"}: ${issue!.message}`;
  throw new RevisionError(`${label} is no document of npm run preview -- --json: ${why}`);
}

function fromRevision(tree: Worktree, revision: string): Bases {
  const short = tree.commit.slice(0, 9);
  const label = revision.startsWith(short) ? short : `${revision} (${short})`;
  const stacks = listStacks(tree.root);
  return {
    stacks,
    readable: true,
    of: async (stack) => {
      if (!stacks.includes(stack)) return { label, side: undefined, checked: true, warnings: [] };
      const { report, recording, checked } = await planOf(tree.root, stack);
      const warnings = [
        tree.otherPackages &&
          "the base asks for other packages (package-lock.json): it is planned with those here",
        !checked && "the base's own check of its configuration could not be asked: faults are not compared",
      ].filter((one) => one !== false);
      const secrets = storedSecrets(tree.root, stack);
      const plan = recording && (await namedPlan(tree.root, recording));
      const side = recording ? sideOfRecording(report, recording, plan) : sideOfReport(report);
      return { label, side, checked, warnings, secrets };
    },
    close: () => tree.remove(),
  };
}

const UNCHECKED: ConfigReport = { faults: [], findings: [], toSupply: [] };

/** That revision's program and stack file; engine and report are those of the present, so that these do not differ. */
async function planOf(root: string, stack: string) {
  try {
    const config = toStackConfig(readStackFile(root, stack).settings);
    const own = checkOfRevision(root, config);
    const recording = await previewStack({ root, stack });
    return { report: reportOf(recording, own ?? UNCHECKED), recording, checked: own !== undefined };
  } catch (error) {
    if (!(error instanceof StackFileError)) throw error;
    const failed = { stack, project: "", resources: [], outputs: {}, logs: [], invokes: [] };
    const report = reportOf({ ...failed, exit: "refused", error: error.message }, UNCHECKED);
    return { report: { ...report, project: safeProject(root) }, recording: undefined, checked: false };
  }
}

function safeProject(root: string): string {
  try {
    return projectName(root);
  } catch {
    return "";
  }
}
