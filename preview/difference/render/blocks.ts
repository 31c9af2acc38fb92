import { dollars, signed } from "../../../cost/money";
import { listed } from "../../report/words";
import type { Changes, Difference, GrantChange, PropertyChange, ResourceChange } from "../document";

/** One thing to tell, and what belongs to it. */
export interface Row {
  /** `+` comes, `-` goes, `~` changes, `±` is replaced, `>` moves, `!` needs a decision. */
  readonly mark: "+" | "-" | "~" | "±" | ">" | "!" | "$";
  readonly head: string;
  readonly details: readonly string[];
}

/** A part of the report with its title. */
export interface Block {
  readonly title: string;
  /** True for what a reviewer must not miss. */
  readonly grave: boolean;
  readonly rows: readonly Row[];
}

/** One line on the whole. */
export function headline({ state, changes }: Difference): string {
  if (state === "no base") return "the base cannot be previewed: nothing is compared";
  if (state === "no plan") return "this plan has no sound end: nothing is compared";
  const prefix = state === "compared" ? "" : `${state}: `;
  const blind = changes!.unseen === undefined ? "" : " that can be seen: not all rights can be read here";
  const words = Object.entries(WORDS)
    .filter(([action]) => (changes!.counts[action] ?? 0) > 0)
    .map(([action, word]) => `${changes!.counts[action]} ${word}`);
  return prefix + (words.length > 0 ? words.join(", ") : `no resource changes${blind}`);
}

const WORDS: Readonly<Record<ResourceChange["action"], string>> = {
  create: "to create",
  update: "to update",
  replace: "to replace",
  "maybe-replace": "to update or replace",
  delete: "to delete",
  move: "moved by an alias",
};

const MARKS: Readonly<Record<ResourceChange["action"], Row["mark"]>> = {
  create: "+",
  update: "~",
  replace: "±",
  "maybe-replace": "±",
  delete: "-",
  move: ">",
};

/** Everything there is to tell, the gravest first. */
export function blocksOf({ changes, warnings, reason }: Difference): Block[] {
  const told = changes ? blocksOfChanges(changes) : [];
  const why: Row[] = (reason ?? "")
    .split("\n")
    .filter((line) => line !== "")
    .map((head) => row("!", head));
  return [
    { title: "Why nothing is compared", grave: true, rows: why },
    ...told,
    {
      title: "Limits of this comparison",
      grave: changes?.unseen !== undefined,
      rows: [...unseenRows(changes?.unseen), ...warnings.map((one) => row("!", one))],
    },
  ]
    .filter(({ rows }) => rows.length > 0)
    .map((block) => ({ ...block, title: counted(block) }));
}

function unseenRows(unseen: readonly string[] = []): Row[] {
  if (unseen.length === 0) return [];
  const what =
    "known only after up on both sides, though rights depend on it: whether it changed is not seen";
  return [row("!", what, unseen)];
}

/** How many rows there are, where that says something. */
function counted({ title, rows }: Block): string {
  return rows.some(({ mark }) => mark === "$") ? title : `${title} (${rows.length})`;
}

function row(mark: Row["mark"], head: string, details: readonly (string | undefined)[] = []): Row {
  return { mark, head, details: details.filter((one) => one !== undefined) };
}

function blocksOfChanges(changes: Changes): Block[] {
  const own = changes.resources.filter(({ custom, action }) => custom || action === "move");
  const by = (...actions: ResourceChange["action"][]) =>
    own.filter(({ action }) => actions.includes(action)).map(resourceRow);
  const { data, exposure, grants, findings } = changes;
  const block = (title: string, rows: readonly Row[], grave = false): Block => ({ title, grave, rows });
  return [
    block(
      "Moved without an alias: deleted and made anew",
      changes.resources.flatMap((one) => (one.hint ? [row("!", `${titled(one)} ${one.hint}`)] : [])),
      true,
    ),
    block(
      "This change loses data",
      data.lostNow.map(({ name, holds, kept }) =>
        row("!", `${name}: ${holds}${kept === "no" ? "" : ", if it is replaced"}`),
      ),
      true,
    ),
    block(
      "The engine will refuse",
      changes.resources.flatMap((one) => (one.refused ? [row("!", `${titled(one)}: ${one.refused}`)] : [])),
      true,
    ),
    block(
      "A destroy would newly lose",
      data.newlyLost.map(({ name, holds }) => row("!", `${name}: ${holds}`)),
      true,
    ),
    block(
      "Newly reachable",
      exposure.gained.map(({ what, who }) => row("+", `${what}: ${who}`)),
      true,
    ),
    block(
      "Reachable otherwise",
      exposure.changed.map(({ what, who, was }) => row("~", `${what}: ${who}`, [`was ${was}`])),
      true,
    ),
    block("Rights gained", grants.gained.map(grantRow("+")), true),
    block(costTitle(changes), costRows(changes)),
    block("Replaced", by("replace")),
    block("Deleted", by("delete")),
    block("Updated, or replaced under a condition", by("maybe-replace")),
    block("Updated", by("update")),
    block("Created", by("create")),
    block("Moved by an alias, nothing else", by("move")),
    block(
      "No longer reachable",
      exposure.lost.map(({ what, who }) => row("-", `${what}: ${who}`)),
    ),
    block("Rights lost", grants.lost.map(grantRow("-"))),
    block(
      "A destroy would newly keep",
      data.newlyKept.map(({ name, holds }) => row("+", `${name}: ${holds}`)),
    ),
    block(
      "Findings, new",
      (findings?.new ?? []).map((one) => row("+", findingText(one))),
    ),
    block(
      "Findings, gone",
      (findings?.gone ?? []).map((one) => row("-", findingText(one))),
    ),
    block(
      "Secret settings",
      changes.secretSettings.map((one) => row("~", `${one}: changed, secret`)),
    ),
    block(
      "Outputs",
      changes.outputs.map((one) => row("~", propertyText({ ...one, secret: false }))),
    ),
  ];
}

function costTitle({ cost }: Changes): string {
  return cost
    ? `Cost, US$ a month: ${signed(cost.totals.fixed.difference)} fixed, ${signed(cost.totals.use.difference)} of assumed use, ${signed(cost.totals.maximum.difference)} at most`
    : "Cost";
}

function costRows({ cost }: Changes): Row[] {
  if (!cost) return [];
  const { totals, lines, unpriced } = cost;
  const from = ({ base, head }: typeof totals.fixed) => `${dollars(base)} → ${dollars(head)}`;
  const changed = Object.values(totals).some(({ difference }) => Math.abs(difference) >= 0.005);
  return [
    ...(changed
      ? [row("$", `fixed ${from(totals.fixed)}, with every pool at its maximum ${from(totals.maximum)}`)]
      : []),
    ...lines.map(({ group, what, least, most }) =>
      row(
        "$",
        `${group}, ${what}: ${signed(least.difference)}${
          Math.abs(most.difference - least.difference) < 0.005 ? "" : `, at most ${signed(most.difference)}`
        }`,
      ),
    ),
    ...unpriced.gained.map((key) => row("!", `no price is known of ${key}: the difference is too low by it`)),
    ...unpriced.lost.map((key) => row("!", `${key}, of which no price is known, goes`)),
  ];
}

function findingText({
  kind,
  code,
  key,
  text,
}: {
  kind: string;
  code: string;
  key: string;
  text: string;
}): string {
  return `${kind} ${code} ${key}: ${text}`;
}

/** `aws s3 Bucket cmb-buckets-database` */
function titled({ type, name }: ResourceChange): string {
  const [pkg, , kind] = type.split(":");
  return /^(cmb|pulumi):/.test(type) ? `${type} ${name}` : `${pkg} ${kind} ${name}`;
}

function resourceRow(change: ResourceChange): Row {
  const causes = change.properties.filter(({ replaces }) => replaces === "yes" || replaces === "maybe");
  const first = causes.length > 0 ? causes : change.properties;
  const others = change.properties.filter((one) => !first.includes(one));
  return row(MARKS[change.action], titled(change), [
    change.movedFrom && `moved by an alias from ${change.movedFrom.split("::").slice(2).join("::")}`,
    ...[...first, ...others].map((one) => propertyText(one)),
    change.deleteFirst && `deleted before the new one is made: ${change.deleteFirst}`,
    change.refused,
    change.leaves,
    change.loses && `what it holds is lost: ${change.loses}`,
  ]);
}

function grantRow(mark: Row["mark"]) {
  return ({ who, words, actions, resources, condition }: GrantChange): Row =>
    row(mark, `${who} ${words}`, [
      `actions: ${abridged(actions)}`,
      resources.length > 0 ? `on: ${abridged(resources)}` : undefined,
      condition && `condition: ${clipped(condition, 200)}`,
    ]);
}

function abridged(items: readonly string[]): string {
  return items.length > 6 ? `${items.slice(0, 5).join(", ")} and ${items.length - 5} more` : listed(items);
}

type Told = Pick<PropertyChange, "path" | "secret"> & Partial<PropertyChange>;

/** `bucket: "a" → "b" (replaces)` */
export function propertyText(change: Told): string {
  const { path, before, after, secret, replaces, why, ignored } = change;
  const values = secret
    ? "changed, secret"
    : before === undefined
      ? `+ ${valueText(after)}`
      : after === undefined
        ? `- ${valueText(before)}`
        : `${valueText(before)} → ${valueText(after)}`;
  const effect = ignored
    ? "ignored: the program says so"
    : replaces === "yes"
      ? `replaces${why ? `: ${why}` : ""}`
      : replaces === "maybe"
        ? `replaces if: ${why}`
        : replaces === "unknown"
          ? "whether this replaces it is not known"
          : undefined;
  return `${path}: ${values}${effect ? ` (${effect})` : ""}`;
}

const WIDEST = 160;

function valueText(value: unknown): string {
  return clipped(typeof value === "string" && /^from /.test(value) ? value : JSON.stringify(value), WIDEST);
}

function clipped(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text;
}
