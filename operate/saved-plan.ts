import { readFileSync, writeFileSync } from "node:fs";

/** Marks of the engine in a plan file (sdk/go/common/resource/properties.go). */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const REFERENCE = "5cf8f73096256a8f31e491e813e4eb8e";
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/**
 * A saved plan in which a reference to a resource that is yet to be made is unknown, as every other value of it is.
 *
 * The engine writes such a reference down with an empty id, and then refuses its own plan, since by the time it
 * comes to it the resource has one: `violates plan: properties changed: ++serviceRole[…]` (pulumi v3.259.0, seen at
 * the EKS component, which takes its role as a resource). What may be done with which resource stays in the plan.
 */
export function withOpenReferences(plan: unknown): unknown {
  if (Array.isArray(plan)) return plan.map(withOpenReferences);
  if (typeof plan !== "object" || plan === null) return plan;
  const fields = plan as Readonly<Record<string, unknown>>;
  if (fields[SIGNATURE] === REFERENCE && fields["id"] === "") return UNKNOWN;
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, withOpenReferences(value)]));
}

/** {@link withOpenReferences} on a plan file, in place. */
export function openReferences(file: string): void {
  const plan = JSON.parse(readFileSync(file, "utf8")) as unknown;
  writeFileSync(file, JSON.stringify(withOpenReferences(plan)), { mode: 0o600 });
}
