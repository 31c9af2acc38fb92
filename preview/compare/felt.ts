import { compareCosts } from "../../cost/compare";
import { dollars } from "../../cost/money";
import type { StackReport } from "../report/document";
import { summariseGrants } from "../report/grants/summary";
import type { ComparisonRow } from "./document";
import { costReasons } from "./cost-reasons";
import { type Aspect, subjects } from "./subjects";

/** One item of a report: by what it is told apart, and what is told of it. */
interface Item {
  readonly key: string;
  readonly text: string;
}

/** What a reader notices, aspect by aspect: the two clouds' items on the same subject in one row. */
export function feltRows(aws: StackReport, gcp: StackReport): ComparisonRow[] {
  return [
    ...rowsOf("reach", reach(aws), reach(gcp)),
    ...rowsOf("kept", kept(aws), kept(gcp)),
    ...rowsOf("rights", rights(aws), rights(gcp)),
    ...costRows(aws, gcp),
  ];
}

function reach({ exposure }: StackReport): Item[] {
  return exposure.map(({ what, who }) => ({ key: what, text: `${what}: ${who}` }));
}

function kept({ data }: StackReport): Item[] {
  return data.map(({ holds, name, kept: how }) => ({
    key: `${holds} ${name}`,
    text: `${name}: ${how === "no" ? "lost" : how}`,
  }));
}

function rights({ grants }: StackReport): Item[] {
  return [...new Set(grants.map(({ who }) => who))].map((who) => {
    const [summary] = summariseGrants(grants.filter((grant) => grant.who === who));
    return { key: who, text: `${summary!.who}: ${summary!.words}` };
  });
}

function rowsOf(aspect: Aspect, aws: readonly Item[], gcp: readonly Item[]): ComparisonRow[] {
  const own = subjects.filter((subject) => subject.aspect === aspect);
  const nameOf = ({ key }: Item) => own.find(({ matches }) => matches.test(key))?.subject ?? key;
  const names = new Set([...own.map(({ subject }) => subject), ...[...aws, ...gcp].map(nameOf)]);
  const on = (items: readonly Item[], name: string) =>
    items.filter((item) => nameOf(item) === name).map(({ text }) => text);
  return [...names].flatMap((subject) => {
    const row = { aspect, subject, aws: on(aws, subject), gcp: on(gcp, subject) };
    if (row.aws.length + row.gcp.length === 0) return [];
    const why = own.find((one) => one.subject === subject)?.why;
    return [{ ...row, ...(why === undefined ? {} : { why }) }];
  });
}

/** Groups of the two bills, dearest first, and what all comes to. Nothing where a side has no estimate. */
function costRows(aws: StackReport, gcp: StackReport): ComparisonRow[] {
  if (!aws.cost || !gcp.cost) return [];
  const { groups, totals, apart } = compareCosts(aws.cost, gcp.cost);
  const row = (subject: string, base: string, head: string, why: string | undefined): ComparisonRow => ({
    aspect: "cost",
    subject,
    aws: [base],
    gcp: [head],
    ...(why === undefined ? {} : { why }),
  });
  const percent = (part: number) => `${Math.round(part * 100)} %`;
  return [
    row(
      "the platform, without users' nodes",
      dollars(totals.platform.base),
      dollars(totals.platform.head),
      `${percent(apart.list)} apart at list prices, ${percent(apart.credited)} where the billing account's GKE credit is free`,
    ),
    row(
      "with every pool at its maximum",
      dollars(totals.maximum.base),
      dollars(totals.maximum.head),
      "the users' nodes decide it: as many as the pools allow",
    ),
    ...groups.map(({ group, least }) =>
      row(group, dollars(least.base), dollars(least.head), costReasons[group]),
    ),
  ];
}
