import { dollars } from "../../cost/money";
import type { StackReport } from "../report/document";
import { summariseGrants } from "../report/grants/summary";
import { markup, type Raw, raw } from "./escape";

/** A table with its heads; nothing where there is no row. */
export function table(
  heads: readonly string[],
  rows: readonly (readonly (string | Raw)[])[],
  numbers = 0,
): Raw {
  if (rows.length === 0) return markup`<p class="quiet">none</p>`;
  const isNumber = (i: number) => i >= heads.length - numbers;
  return markup`<div class="table">
    <table>
      <thead>
        <tr>
          ${heads.map((one, i) =>
            isNumber(i)
              ? markup`<th scope="col" class="number">${one}</th>`
              : markup`<th scope="col">${one}</th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            markup`<tr>
              ${row.map((one, i) => (isNumber(i) ? markup`<td class="number">${one}</td>` : markup`<td>${one}</td>`))}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}

/** What is made, part by part. */
export function facts({ sections, count }: StackReport): Raw {
  const rows = sections.map(({ name, fact, count: n }) => [name, fact, String(n)]);
  return table(["part", "what is made", "resources"], [...rows, ["all", "", String(count)]], 1);
}

/** Who can reach what. */
export function exposure({ exposure: ways }: StackReport): Raw {
  return table(
    ["what", "who", ""],
    ways.map(({ what, who, internet }) => [
      what,
      who,
      internet ? markup`<strong class="bad">internet</strong>` : markup`<span class="good">inside</span>`,
    ]),
  );
}

/** Who may do what, as the summary words it. */
export function grants({ grants: all }: StackReport): Raw {
  return table(
    ["who", "what"],
    summariseGrants(all).map(({ who, words }) => [who, words]),
  );
}

/** What a destroy keeps and loses. */
export function data({ data: all }: StackReport): Raw {
  return table(
    ["what holds data", "what it holds", "a destroy"],
    all.map(({ name, holds, kept }) => [
      name,
      holds,
      kept === "no"
        ? markup`<strong class="bad">loses it</strong>`
        : markup`<span class="good">keeps it: ${kept}</span>`,
    ]),
  );
}

/** The monthly bill, dearest first; nothing where no price is known at all. */
export function cost({ cost: bill }: StackReport): Raw {
  if (!bill) return markup`<p class="quiet">not estimated</p>`;
  const { totals, lines, unpriced, prices } = bill;
  const rows = [...lines]
    .sort((a, b) => b.monthly - a.monthly || b.monthlyAtMost - a.monthlyAtMost)
    .map(({ group, what, monthly, monthlyAtMost }) => [
      group,
      what,
      dollars(monthly),
      dollars(monthlyAtMost),
    ]);
  const missing =
    unpriced.length > 0
      ? markup`<p class="bad">
          No price is known of ${unpriced.map(({ what }) => what).join(", ")}: the sums are too low by it.
        </p>`
      : raw("");
  const age = prices ? ` List prices of ${prices.from} to ${prices.to}.` : "";
  return markup`<p>
      <strong>US$ ${dollars(totals.fixed)}</strong> a month fixed, ${dollars(totals.use)} of assumed use,
      ${dollars(totals.maximum)} with every pool at its maximum.${age}
    </p>
    ${missing} ${table(["group", "what", "a month", "at most"], rows, 2)}`;
}

/** Faults, what to supply, remarks, and what the program said. */
export function findings(report: StackReport): Raw {
  const { findings: faults, toSupply, notes, logs } = report;
  const rows: (string | Raw)[][] = [
    ...faults.map(({ code, key, cause, fix }) => [
      markup`<strong class="bad">fault</strong>`,
      code,
      key,
      markup`${cause}
        <pre>${fix}</pre>`,
    ]),
    ...toSupply.map(({ code, key, cause, fix }) => [
      "to supply",
      code,
      key,
      markup`${cause}
        <pre>${fix}</pre>`,
    ]),
    ...notes.map(({ code, key, message }) => ["remark", code, key, message]),
    ...logs.map(({ severity, message }) => [severity, "", "", message]),
  ];
  return table(["kind", "code", "setting", "what"], rows);
}
