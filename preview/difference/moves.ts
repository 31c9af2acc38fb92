import { parseUrn } from "../engine/urn";
import type { Matching } from "./match";
import type { Compared } from "./side";
import { compareValues } from "./values";

/**
 * What would have made one resource of two: where one goes and one of its kind comes that is the same but for
 * its name or its parent, nothing was moved, it is deleted and made anew. The alias that moves it, in words.
 */
export function aliasHint(added: Compared, { removed, added: all, renamed }: Matching): string | undefined {
  const candidates = removed.filter((one) => one.type === added.type && isAlike(one, added));
  const [gone] = candidates.filter(({ name }) => name === added.name).concat(candidates);
  // A component's children follow it: the hint stands once, at the top of what moved.
  const follows = all.some((one) => one.urn === added.parent && removed.some((old) => old.type === one.type));
  if (!gone || follows) return undefined;
  const [old, own] = [parseUrn(gone.urn), parseUrn(added.urn)];
  const sameParent = (gone.parent && renamed(gone.parent)) === added.parent;
  const fields = [
    old.name === own.name ? "" : `name: ${JSON.stringify(old.name)}`,
    sameParent ? "" : parentField(gone),
  ].filter((field) => field !== "");
  return `looks like ${gone.name} moved without an alias: it is deleted and made anew; aliases: [{ ${fields.join(", ")} }] would keep it`;
}

function parentField({ parent }: Compared): string {
  const isStack = parent !== undefined && parseUrn(parent).qualifiedType === "pulumi:pulumi:Stack";
  return parent === undefined || isStack
    ? "parent: pulumi.rootStackResource"
    : `parent: ${JSON.stringify(parent)}`;
}

/** The same name, or the same inputs. */
function isAlike(gone: Compared, added: Compared): boolean {
  if (gone.name === added.name) return true;
  return Object.keys(added.inputs).length > 0 && compareValues(gone.inputs, added.inputs).length === 0;
}
