import { resourceFacts } from "../../simulator/facts";
import { kubernetesReplaceOn } from "./kubernetes";
import type { Compared } from "./side";

/** What a change of one property does to its resource. */
export interface Effect {
  /** `unknown`: nobody looked up what this type's changes do. */
  readonly replaces: "yes" | "no" | "maybe" | "unknown";
  /** Under which condition, or why. */
  readonly why?: string;
}

/** Says what changes of a resource's properties do, from the sources of its provider. */
export interface Rules {
  effectOf(path: string, side: "added" | "removed" | "changed"): Effect;
  /** Why the old one goes before the new one is made; undefined: the new one comes first. */
  readonly deleteBeforeReplace?: string;
}

/** The rules for a resource as it is after the change. */
export function rulesFor(resource: Compared): Rules {
  const rules = providerRules(resource.type);
  return {
    deleteBeforeReplace: resource.deleteBeforeReplace ? "set by the program" : rules.deleteBeforeReplace,
    effectOf(path, side) {
      if (covered(plain(path), resource.replaceOnChanges) || resource.replaceOnChanges.includes("*")) {
        return { replaces: "yes", why: "set by the program (replaceOnChanges)" };
      }
      return rules.effectOf(path, side);
    },
  };
}

function providerRules(type: string): Rules {
  const [pkg] = type.split(":");
  if (pkg === "pulumi" || pkg === "cmb") return { effectOf: () => ({ replaces: "no" }) };
  // terraform-provider-random v3: every argument of random_password carries RequiresReplace.
  if (pkg === "random") return { effectOf: () => ({ replaces: "yes" }) };
  if (pkg === "kubernetes") {
    const on = kubernetesReplaceOn(type);
    return {
      effectOf: (path) => ({ replaces: covered(plain(path), on) ? "yes" : "no" }),
      // pulumi-kubernetes, provider.go (`deleteBeforeReplace`): where the name is given. A release is none of these.
      ...(type === "kubernetes:helm.sh/v3:Release" ? {} : { deleteBeforeReplace: "its name is given" }),
    };
  }
  return factRules(type);
}

function factRules(type: string): Rules {
  const facts = resourceFacts(type);
  if (!facts) return { effectOf: () => ({ replaces: "unknown" }) };
  return {
    deleteBeforeReplace: facts.deleteBeforeReplace,
    effectOf(path, side) {
      const property = plain(path);
      if (covered(property, facts.replaceOn)) return { replaces: "yes" };
      if (side !== "changed" && facts.replaceOnPresence?.some((block) => block === property)) {
        return { replaces: "yes", why: `${property} ${side} as a whole` };
      }
      const condition = Object.entries(facts.replaceWhen ?? {}).find(([one]) => covered(property, [one]));
      if (condition) return { replaces: "maybe", why: condition[1] };
      // A whole block that came or went may hold properties that replace.
      const inside = [...facts.replaceOn, ...Object.keys(facts.replaceWhen ?? {})].filter((one) =>
        one.startsWith(`${property}.`),
      );
      if (side !== "changed" && inside.length > 0) {
        return { replaces: "maybe", why: `it holds ${inside.join(", ")}` };
      }
      return { replaces: "no" };
    },
  };
}

/** A path without the places in lists: `a[0].b` and `a[name=x].b` are `a.b`, as the facts write it. */
function plain(path: string): string {
  return path
    .replaceAll(/\["(?:[^"\\]|\\.)*"\]/g, ".*")
    .replaceAll(/\[[^\]]*\]/g, "")
    .replace(/^\./, "");
}

/** True where a property is one of the list, or lies in one. */
function covered(property: string, list: readonly string[]): boolean {
  return list.some((one) => property === one || property.startsWith(`${one}.`));
}

/** Settings of a provider that a resource takes over when it names none itself. */
const INHERITED = ["region", "project", "zone"] as const;

/** What replaces a resource because its provider now points elsewhere; undefined where nothing does. */
export function replacedByProvider(
  resource: Compared,
  before: Compared | undefined,
  after: Compared | undefined,
): string | undefined {
  const facts = resourceFacts(resource.type);
  if (!facts || !before || !after) return undefined;
  return INHERITED.find(
    (key) =>
      resource.inputs[key] === undefined &&
      (facts.replaceOn.includes(key) || facts.replaceWhen?.[key] !== undefined) &&
      before.inputs[key] !== after.inputs[key],
  );
}
