import type { StackReport } from "../document";
import { costSummary } from "./cost";
import { summariseGrants } from "../grants/summary";
import { count } from "../words";
import { hanging, longest, WIDTH, wrap, wrapList } from "./layout";
import type { Paint } from "./paint";

const NO_BREAK = "\u00a0";

const CLOUDS = { aws: "AWS", gcp: "Google Cloud" } as const;

/**
 * The report of one stack on a page: what is made, what it costs, who may do what, what is open, what a destroy
 * leaves.
 *
 * @param today what the prices' age is told from
 */
export function summary(report: StackReport, paint: Paint, today = new Date()): string {
  const lines = report.findings.length > 0 ? faulty(report, paint) : [heading(report, paint)];
  if (report.error !== undefined) lines.push("", ...report.error.split("\n").map((line) => paint.red(line)));
  if (report.exit === "ok") lines.push(...body(report, paint, today));
  return `${lines.join("\n")}\n`;
}

function faulty(report: StackReport, paint: Paint): string[] {
  const many = count(report.findings.length, "fault");
  return [paint.bold(report.stack) + paint.red(`   ${many} of configuration, nothing was planned`)];
}

function heading(report: StackReport, paint: Paint): string {
  const { stack, cloud, region, profile, exit } = report;
  const place = [cloud && CLOUDS[cloud], region].filter(Boolean).join(" ");
  const what = exit === "ok" ? "preview, nothing is created" : exit;
  const middle = [place, profile && `profile ${profile}`, what].filter(Boolean).join(" · ");
  const total = exit === "ok" ? count(report.count, "resource") : "";
  const gap = " ".repeat(Math.max(2, WIDTH - stack.length - 3 - middle.length - total.length));
  return `${paint.bold(stack)}   ${exit === "ok" ? middle : paint.red(middle)}${total && gap + paint.bold(total)}`;
}

function body(report: StackReport, paint: Paint, today: Date): string[] {
  return [
    ...sections(report, paint),
    ...(report.cost ? costSummary(report.cost, paint, today) : []),
    ...grants(report, paint),
    ...exposure(report, paint),
    ...data(report, paint),
    ...supplies(report, paint),
    ...remarks(report, paint),
  ];
}

function sections({ sections }: StackReport, paint: Paint): string[] {
  const label = longest(sections.map(({ name }) => name)) + 2;
  const number = longest(sections.map(({ count: n }) => String(n)));
  const width = WIDTH - 2 - label - 2 - number;
  return sections.flatMap(({ name, fact, count: n }) =>
    wrapList(fact, width).map((line, i) =>
      i === 0
        ? `  ${paint.cyan(name.padEnd(label))}${line.padEnd(width)}  ${String(n).padStart(number)}`
        : `  ${" ".repeat(label)}${line}`,
    ),
  );
}

function block(
  title: string,
  paint: Paint,
  rows: readonly (readonly [label: string, text: string])[],
): string[] {
  if (rows.length === 0) return [];
  const label = Math.min(longest(rows.map(([name]) => name)), 38);
  return [
    "",
    `  ${paint.bold(title)}`,
    ...rows.flatMap(([name, text]) => {
      if (name.length > label) return [`    ${name}`, ...hanging(" ".repeat(6 + label), text)];
      return hanging(`    ${name.padEnd(label)}  `, text);
    }),
  ];
}

/** Sentences, the subject apart by colour: in columns the longest name would leave them no room. */
function grants(report: StackReport, paint: Paint): string[] {
  const rows = summariseGrants(report.grants);
  if (rows.length === 0) return [];
  return [
    "",
    `  ${paint.bold(`Grants (${rows.length})`)}`,
    ...rows.flatMap(({ who, words }) => {
      // The name stays whole: spaces in it must not be where a line breaks.
      const held = who.replaceAll(" ", NO_BREAK);
      const [first, ...more] = wrap(`${held}  ${words}`, WIDTH - 6).map((line) =>
        line.replaceAll(NO_BREAK, " "),
      );
      return [`    ${paint.cyan(who)}${first!.slice(who.length)}`, ...more.map((line) => `      ${line}`)];
    }),
  ];
}

function exposure(report: StackReport, paint: Paint): string[] {
  const open = report.exposure.filter(({ internet }) => internet);
  const inside = report.exposure.filter(({ internet }) => !internet);
  const rows = (list: typeof open) => list.map(({ what, who }) => [what, who] as const);
  return [
    ...block(`Reachable from the internet (${open.length})`, paint, rows(open)),
    ...block(`Reachable from inside (${inside.length})`, paint, rows(inside)),
  ];
}

function data(report: StackReport, paint: Paint): string[] {
  if (report.data.length === 0) return [];
  const kept = report.data.filter((one) => one.kept !== "no");
  const lost = report.data.filter((one) => one.kept === "no");
  const row = ({ name, holds, kept: how }: (typeof kept)[number]) =>
    [name, how === "no" ? `${holds}: lost` : `${holds}: ${how}`] as const;
  const title = `A destroy would keep (${kept.length}), would lose (${lost.length})`;
  return block(lost.length > 0 ? paint.yellow(title) : title, paint, [...kept, ...lost].map(row));
}

/** Aligned columns of code, key and text, each row's commands below it and never broken: they are for copying. */
function table(
  title: string,
  paint: Paint,
  rows: readonly { code: string; key: string; text: string; command?: string }[],
): string[] {
  if (rows.length === 0) return [];
  const code = longest(rows.map((row) => row.code)) + 2;
  const key = longest(rows.map((row) => row.key)) + 2;
  return [
    "",
    `  ${paint.bold(title)}`,
    ...rows.flatMap((row) => [
      ...hanging(`    ${row.code.padEnd(code)}${row.key.padEnd(key)}`, row.text),
      ...(row.command ? [paint.cyan(`    ${" ".repeat(code)}${row.command}`)] : []),
    ]),
  ];
}

/** A setting without the project's name before it, which all have. */
function shortKey(key: string, { project }: StackReport): string {
  return key.startsWith(`${project}:`) ? key.slice(project.length + 1) : key;
}

function supplies(report: StackReport, paint: Paint): string[] {
  const rows = report.toSupply.map(({ code, key, cause, fix }) => {
    return { code, key: shortKey(key, report), text: cause, command: fix };
  });
  const waits = report.application === "waits for images";
  const images =
    "  Images not named yet: the application waits (output imageCommands tells how to push them)";
  return [
    ...table(paint.yellow(`To supply before up (${rows.length})`), paint, rows),
    ...(waits ? ["", paint.yellow(images)] : []),
  ];
}

function remarks(report: StackReport, paint: Paint): string[] {
  const rows = report.notes.map(({ code, key, message }) => {
    return { code, key: shortKey(key, report), text: message };
  });
  const logged = report.logs.filter(({ severity }) => severity !== "error");
  return [
    ...table(`Remarks (${rows.length})`, paint, rows),
    ...block(
      `Said by the program (${logged.length})`,
      paint,
      logged.map(({ severity, message }) => [severity, message] as const),
    ),
  ].map((line) => paint.dim(line));
}
