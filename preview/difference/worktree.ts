import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";

/** A revision that git does not have, or cannot lay out; worded for the person who named it. */
export class RevisionError extends Error {}

/** A revision laid out in a folder of its own for the time of a comparison. */
export interface Worktree {
  /** Folder of the project in that revision: where its Pulumi.yaml is. */
  readonly root: string;
  readonly commit: string;
  /** True where that revision asks for other packages than are installed here. */
  readonly otherPackages: boolean;
  /** Takes it away again. */
  remove(): void;
}

/**
 * Lays out a revision beside the present one, under `.cache/`, with the packages that are installed here: nothing
 * is fetched.
 *
 * @throws RevisionError for a revision that git does not know
 */
export function layOut(root: string, revision: string): Worktree {
  const commit = commitOf(root, revision);
  const prefix = git(root, ["rev-parse", "--show-prefix"]).trim();
  const parent = join(root, ".cache", "against");
  mkdirSync(parent, { recursive: true });
  // A name of the commit's own lets what was compiled be found again; a second run at the same time has another.
  const plain = join(parent, commit.slice(0, 12));
  const folder = existsSync(plain) ? mkdtempSync(`${plain}-`) : plain;
  rmSync(folder, { recursive: true, force: true });
  const remove = () => {
    spawnSync("git", ["worktree", "remove", "--force", folder], { cwd: root });
    rmSync(folder, { recursive: true, force: true });
    spawnSync("git", ["worktree", "prune"], { cwd: root });
  };
  try {
    git(root, ["worktree", "add", "--detach", "--quiet", folder, commit]);
    const project = join(folder, prefix);
    if (!existsSync(join(project, "Pulumi.yaml"))) {
      throw new RevisionError(`${revision} has no Pulumi.yaml in ${prefix || "its root"}`);
    }
    if (!existsSync(join(project, "node_modules"))) {
      symlinkSync(join(root, "node_modules"), join(project, "node_modules"));
    }
    return { root: project, commit, otherPackages: lockOf(project) !== lockOf(root), remove };
  } catch (error) {
    remove();
    throw error;
  }
}

function commitOf(root: string, revision: string): string {
  // A revision that begins with a dash would be an option.
  if (revision.startsWith("-")) throw new RevisionError(`"${revision}" is no revision`);
  const found = spawnSync("git", ["rev-parse", "--verify", "--quiet", `${revision}^{commit}`], {
    cwd: root,
    encoding: "utf8",
  });
  if (found.error) throw new RevisionError(`git is not at hand: ${found.error.message}`);
  if (found.status === 0) return found.stdout.trim();
  const shallow = spawnSync("git", ["rev-parse", "--is-shallow-repository"], { cwd: root, encoding: "utf8" });
  const remedy = shallow.stdout?.trim() === "true" ? "; this clone is shallow: git fetch --unshallow" : "";
  throw new RevisionError(`"${revision}" is neither a file nor a revision that git knows here${remedy}`);
}

function git(root: string, args: readonly string[]): string {
  const done = spawnSync("git", args, { cwd: root, encoding: "utf8" });
  if (done.status === 0) return done.stdout;
  throw new RevisionError(`git ${args[0]} failed: ${(done.stderr ?? "").trim()}`);
}

function lockOf(project: string): string {
  const path = join(project, "package-lock.json");
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}
