import type { GrantReport } from "../report/grants";

/** Something that a right is about, as a box of the picture. */
export interface Target {
  readonly label: string;
  readonly detail: string;
}

/** Patterns of user buckets are many: one box stands for all. */
const PATTERN = /^[a-z]+-\*/;

/** What a right is about: its things by their short names, or the cloud itself where it names none. */
export function targetsOf({ on, actions, verbs }: GrantReport): Target[] {
  const patterns = on.filter((name) => PATTERN.test(name));
  const others = on.filter((name) => !PATTERN.test(name));
  const found = others.map((name) => ({ label: labelOf(name, actions), detail: serviceOf(actions) }));
  if (patterns.length > 2) {
    found.push({ label: "users' buckets", detail: "by name patterns" });
  } else found.push(...patterns.map((label) => ({ label, detail: "" })));
  if (found.length > 0) return distinct(found);
  return [{ label: placeOf(actions, verbs), detail: "" }];
}

function labelOf(name: string, actions: readonly string[]): string {
  if (name === "anything") return placeOf(actions, []);
  return /^project /.test(name) ? "the project" : name;
}

/** Where a right holds that names no thing: the zone, or a service of the account. */
function placeOf(actions: readonly string[], verbs: readonly string[]): string {
  if (verbs.some((verb) => verb.includes("DNS"))) return "the DNS zone";
  const services = [...new Set(actions.map((action) => /^([a-z0-9-]+):[A-Za-z*]+$/.exec(action)?.[1]))];
  const [service] = services.filter((one) => one !== undefined && one !== "arn");
  return service === undefined ? "the account" : `${service} in the account`;
}

/** What the things are of: `s3`, `eks`; empty where the actions do not tell. */
function serviceOf(actions: readonly string[]): string {
  const service = /^([a-z0-9-]+)[:.]/.exec(actions[0] ?? "")?.[1] ?? "";
  return service === "arn" ? "" : service;
}

function distinct(targets: readonly Target[]): Target[] {
  return targets.filter((one, i) => targets.findIndex(({ label }) => label === one.label) === i);
}
