import type { CostDocument } from "../../../cost/document";
import { dollars, signed } from "../../../cost/money";
import { abridged, count } from "../words";
import { hanging, longest, wrap, WIDTH } from "./layout";
import type { Paint } from "./paint";

/** The one line of the summary: what is owed, what it can become, and what is not in it. */
export function costSummary(cost: CostDocument, paint: Paint, today: Date): string[] {
  const { fixed, use, maximum, credit } = cost.totals;
  const parts = [
    `US$ ${dollars(fixed)} a month fixed`,
    ...(use > 0 ? [`+ ${dollars(use)} of assumed use`] : []),
    ...(credit > 0 ? [`(${dollars(fixed - credit)} where the billing account's GKE credit is free)`] : []),
    `; ${dollars(maximum)} with every pool at its maximum; ${agesOf(cost, today)}`,
  ];
  const lines = hanging("  cost          ", parts.join(" ").replaceAll(" ;", ";"));
  return [
    paint.bold(lines[0]!),
    ...lines.slice(1),
    ...warnings(cost).flatMap((text) => hanging("                ", text).map((line) => paint.yellow(line))),
    ...verdict(cost, paint),
  ];
}

function warnings({ unpriced, unknownTypes }: CostDocument): string[] {
  const holes = [...new Set([...unpriced.map(({ key }) => key), ...unknownTypes])];
  return holes.length === 0 ? [] : [`too low by what has no price: ${abridged(holes)}`];
}

function verdict({ budget }: CostDocument, paint: Paint): string[] {
  if (!budget) return [];
  const what = budget.against === "fixed" ? "the fixed cost" : "the maximum";
  const limit = `the budget of ${dollars(budget.monthly)}`;
  const cost = `${what} is ${dollars(budget.cost)}`;
  const rows = {
    within: [`within ${limit}: ${cost}`],
    over: [`over ${limit}: ${cost}, ${dollars(budget.cost - budget.monthly)} too much`, ...budget.lines],
    unknown: [`cannot be held against ${limit}: no price for ${budget.unpriced.join(", ")}`],
  }[budget.verdict];
  const tint = (row: string) => (budget.verdict === "within" ? paint.green(row) : paint.red(row));
  return rows
    .flatMap((row, i) => hanging(i === 0 ? "                " : "                  ", row))
    .map(tint);
}

/** `list prices of 2025-09 to 2026-10, the oldest 14 months old`. */
function agesOf({ prices, lines }: CostDocument, today: Date): string {
  const unverified = lines.some(({ price }) => price.unverified !== undefined);
  const doubt = unverified ? ", some not confirmed" : "";
  if (!prices) return "no price known";
  const months = monthsSince(prices.from, today);
  return `list prices of ${prices.from} to ${prices.to}, the oldest ${count(months, "month")} old${doubt}`;
}

function monthsSince(month: string, today: Date): number {
  const [year, number] = month.split("-").map(Number);
  return Math.max(0, (today.getUTCFullYear() - year!) * 12 + today.getUTCMonth() + 1 - number!);
}

/** The whole bill: `--cost`. */
export function costTable(cost: CostDocument, paint: Paint): string {
  return `${[
    ...bill(cost, paint),
    ...creditRows(cost, paint),
    ...units(cost, paint),
    ...alternatives(cost, paint),
    ...outside(cost, paint),
  ].join("\n")}\n`;
}

function bill({ lines, totals }: CostDocument, paint: Paint): string[] {
  const rows = lines.map(({ group, what, basis, fixed, price, ...line }) => ({
    group,
    what: `${what}${price.unverified === undefined ? "" : " (not confirmed)"}`,
    basis: fixed ? basis : `~ ${basis}`,
    least: dollars(line.monthly),
    most: dollars(line.monthlyAtMost),
  }));
  const money = Math.max(9, longest(rows.map(({ most }) => most)), dollars(totals.maximum).length);
  const group = longest(rows.map((row) => row.group)) + 2;
  const room = WIDTH - 4 - group - 2 * (money + 2);
  const head = `    ${"".padEnd(group + room)}${"minimum".padStart(money + 2)}${"maximum".padStart(money + 2)}`;
  const sum = (label: string, least: string, most: string) =>
    paint.bold(`    ${label.padEnd(group + room)}${least.padStart(money + 2)}${most.padStart(money + 2)}`);
  return [
    `  ${paint.bold("US$ a month of 730 hours, the dearest first")}; ~ is use that is assumed`,
    paint.dim(head),
    ...rows.flatMap((row) => {
      const [first = "", ...more] = wrap(`${row.what}: ${row.basis}`, room - 1);
      const amounts = row.least.padStart(money + 2) + row.most.padStart(money + 2);
      return [
        `    ${paint.cyan(row.group.padEnd(group))}${first.padEnd(room)}${amounts}`,
        ...more.map((text) => `    ${" ".repeat(group)}${text}`),
      ];
    }),
    sum("fixed", dollars(totals.fixed), ""),
    sum("  of that the platform, without users' nodes", dollars(totals.platform), ""),
    sum("with assumed use", dollars(totals.fixed + totals.use), dollars(totals.maximum)),
  ];
}

function creditRows({ credits }: CostDocument, paint: Paint): string[] {
  if (credits.length === 0) return [];
  return [
    "",
    `  ${paint.bold("May be free, and is not deducted above: shared with the rest of its account")}`,
    ...credits.flatMap(({ what, per, amount }) =>
      hanging(`    ${signed(-amount).padStart(10)}  `, `${what}, per ${per}`),
    ),
  ];
}

function units({ units }: CostDocument, paint: Paint): string[] {
  if (units.length === 0) return [];
  return [
    "",
    `  ${paint.bold("By use")}`,
    ...units.flatMap(({ what, unit, least, most, basis }) =>
      hanging("    ", `${what}, an ${unit}: ${least.toFixed(3)} to ${most.toFixed(3)} (${basis})`),
    ),
  ];
}

function alternatives({ alternatives }: CostDocument, paint: Paint): string[] {
  if (!alternatives || alternatives.length === 0) return [];
  return [
    "",
    `  ${paint.bold("What would lower it, each planned and priced")}`,
    ...alternatives.flatMap(({ what, givesUp, difference, maximumDifference }) =>
      hanging(
        `    ${signed(difference).padStart(10)}  `,
        `${what}; gives up: ${givesUp}${
          Math.abs(maximumDifference - difference) < 0.005
            ? ""
            : ` (${signed(maximumDifference)} at the maxima)`
        }`,
      ),
    ),
  ];
}

function outside({ free, unpriced, unknownTypes }: CostDocument, paint: Paint): string[] {
  const resources = free.reduce((sum, { count: n }) => sum + n, 0);
  return [
    ...(unpriced.length + unknownTypes.length > 0
      ? [
          "",
          `  ${paint.yellow("No price known: the sums are too low by it")}`,
          ...unpriced.flatMap(({ what, key }) => hanging("    ", `${what}: ${key}`)),
          ...unknownTypes.map((type) => `    ${type}: no rule of this program prices it`),
        ]
      : []),
    "",
    ...hanging(
      "  ",
      `${count(resources, "resource")} of ${count(free.length, "type")} cost nothing by themselves (--json says why); docs/cost.md says what no estimate has: traffic between zones, requests, taxes, support.`,
    ).map((line) => paint.dim(line)),
  ];
}
