import type { ResourceReport, StackReport } from "../document";
import { WIDTH } from "./layout";
import type { Paint } from "./paint";

/** Inputs that say little about a resource or repeat what its place in the tree says. */
export const UNTOLD = new Set([
  "tags",
  "tagsAll",
  "labels",
  "region",
  "project",
  "description",
  "metadata",
  "apiVersion",
  "kind",
]);

/** Every resource under its component, with the inputs that matter, in the order of registration. */
export function tree(report: StackReport, paint: Paint): string {
  const children = new Map<string | undefined, ResourceReport[]>();
  for (const resource of report.resources) {
    children.set(resource.parent, [...(children.get(resource.parent) ?? []), resource]);
  }
  const lines: string[] = [];
  const walk = (resource: ResourceReport, indent: string): void => {
    lines.push(line(resource, indent, paint));
    const own = children.get(resource.urn) ?? [];
    own.forEach((child) => walk(child, `${indent}  `));
  };
  (children.get(undefined) ?? []).forEach((root) => walk(root, "  "));
  return `${lines.join("\n")}\n`;
}

function line(resource: ResourceReport, indent: string, paint: Paint): string {
  const type = resource.type.startsWith("cmb:") ? resource.type : shortType(resource.type);
  const marks = [resource.protect && "protected", resource.retainOnDelete && "retained"].filter(
    (mark) => mark !== false,
  );
  const facts = Object.entries(resource.inputs)
    .filter(([key, value]) => !UNTOLD.has(key) && !JSON.stringify(value).includes("[unknown]"))
    .sort(([a], [b]) => rank(a) - rank(b))
    .map(([key, value]) => `${key}=${brief(value)}`);
  const head = `${indent}${type} ${resource.name}`;
  const room = WIDTH - head.length - marks.join(" ").length - 3;
  return [
    indent + (resource.custom ? type : paint.cyan(type)) + " " + paint.bold(resource.name),
    marks.length > 0 ? paint.green(marks.join(" ")) : "",
    paint.dim(fitting(facts, room)),
  ]
    .filter((part) => part !== "")
    .join("  ");
}

/** Short names first, documents last, the rest as the program gave it. */
export function rank(key: string): number {
  if (/^(name|bucket|cidrBlock|chart)$/.test(key)) return 0;
  return /policy|document|values/i.test(key) ? 2 : 1;
}

/** `aws:ec2/natGateway:NatGateway` is `aws NatGateway`. */
function shortType(type: string): string {
  const [pkg, , name] = type.split(":");
  return type.startsWith("pulumi:") ? type : `${pkg} ${name}`;
}

/** As many facts as fit on the line, whole ones only. */
function fitting(facts: readonly string[], room: number): string {
  let text = "";
  for (const fact of facts) {
    const longer = text === "" ? fact : `${text} ${fact}`;
    if (longer.length > room) return text === "" ? "" : text;
    text = longer;
  }
  return text;
}

function brief(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 37)}…` : text;
}
