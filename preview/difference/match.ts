import { makeUrn, parseUrn } from "../engine/urn";
import type { Compared } from "./side";

/** A resource before and after; the URNs differ where an alias joins them. */
export interface Pair {
  readonly before: Compared;
  readonly after: Compared;
}

/** Which resource is which. */
export interface Matching {
  readonly pairs: readonly Pair[];
  readonly added: readonly Compared[];
  readonly removed: readonly Compared[];
  /** What a URN before is called after; the same where nothing stands for it. */
  readonly renamed: (urn: string) => string;
}

/**
 * Joins resources as the genuine engine does: by URN, else by an alias, the resource's own or one that follows
 * from a parent's (pulumi v3.259.0, pkg/resource/deploy/step_generator.go: `generateAliases`,
 * sdk/go/common/resource/urn: `InheritedChildAlias`). A resource that moved without one is not joined: the
 * engine deletes it and makes another.
 */
export function match(before: readonly Compared[], after: readonly Compared[]): Matching {
  const old = new Map(before.map((resource) => [resource.urn, resource]));
  const taken = new Set(after.map(({ urn }) => urn).filter((urn) => old.has(urn)));
  const aliases = allAliases(after);
  const pairs: Pair[] = [];
  const added: Compared[] = [];
  for (const resource of after) {
    const known =
      old.get(resource.urn) ??
      [...(aliases.get(resource.urn) ?? [])]
        .filter((urn) => old.has(urn) && !taken.has(urn))
        .map((urn) => old.get(urn)!)[0];
    if (known === undefined) added.push(resource);
    else {
      taken.add(known.urn);
      pairs.push({ before: known, after: resource });
    }
  }
  const names = new Map(pairs.map((pair) => [pair.before.urn, pair.after.urn]));
  return {
    pairs,
    added,
    removed: before.filter(({ urn }) => !taken.has(urn)),
    renamed: (urn) => names.get(urn) ?? urn,
  };
}

/** All other URNs of every resource. A parent stands before its children in either plan. */
function allAliases(resources: readonly Compared[]): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const resource of resources) {
    const own = new Set(ownAliases(resource));
    const parentName = resource.parent === undefined ? "" : parseUrn(resource.parent).name;
    for (const parentAlias of found.get(resource.parent ?? "") ?? []) {
      // A child whose name begins with its parent's is taken to have been renamed with it.
      const old = parseUrn(parentAlias).name;
      const name = resource.name.startsWith(parentName)
        ? old + resource.name.slice(parentName.length)
        : resource.name;
      const { stack, project } = parseUrn(resource.urn);
      own.add(makeUrn(stack, project, parentAlias, resource.type, name));
      for (const alias of resource.aliases) {
        if (typeof alias !== "string" && alias.parentUrn === undefined && !alias.noParent) {
          own.add(aliasUrn(resource, { ...alias, parentUrn: parentAlias }));
        }
      }
    }
    found.set(resource.urn, own);
  }
  return found;
}

type AliasSpec = Exclude<Compared["aliases"][number], string>;

function ownAliases(resource: Compared): string[] {
  return resource.aliases.map((alias) => (typeof alias === "string" ? alias : aliasUrn(resource, alias)));
}

function aliasUrn(resource: Compared, alias: AliasSpec): string {
  const own = parseUrn(resource.urn);
  return makeUrn(
    alias.stack ?? own.stack,
    alias.project ?? own.project,
    alias.noParent ? undefined : (alias.parentUrn ?? resource.parent),
    alias.type ?? resource.type,
    alias.name ?? resource.name,
  );
}
