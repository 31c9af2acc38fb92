import { join } from "node:path";
import type { Recording } from "../engine";
import { requirementRows } from "../../tools/requirement-rows";
import { reportOf } from "../report/build";
import type { StackReport } from "../report/document";
import { paint } from "../report/render/paint";
import { comparisonOf, typesOf } from ".";
import { costReasons } from "./cost-reasons";
import { counterparts } from "./counterparts";
import { comparisonMarkdown } from "./render/markdown";
import { comparisonText } from "./render/text";
import { subjects } from "./subjects";
import { plansOf } from "./variants";

// That the reasons are true is not shown here, only that there is one for every row.
jest.setTimeout(180_000);

const root = join(__dirname, "../..");
const report = (plan: Recording) => reportOf(plan, { faults: [], findings: [], toSupply: [] });
let aws: StackReport[];
let gcp: StackReport[];
beforeAll(async () => {
  aws = (await plansOf(root, "aws")).map(report);
  gcp = (await plansOf(root, "gcp")).map(report);
});

test("[Q3] no row is unexplained, in any profile, and no resource type is missing from the table", () => {
  const missing = aws.flatMap((one) => gcp.flatMap((other) => comparisonOf(one, other).unexplained));
  expect([...new Set(missing)]).toEqual([]);
});

test("[Q3] no row is stale: every type it names is in a plan of that cloud", () => {
  const held = {
    aws: aws.flatMap((one) => [...typesOf(one).keys()]),
    gcp: gcp.flatMap((one) => [...typesOf(one).keys()]),
  };
  for (const cloud of ["aws", "gcp"] as const) {
    const named = counterparts.flatMap((row) => row[cloud]);
    expect(named.filter((type) => !held[cloud].includes(type))).toEqual([]);
  }
});

test("a row without a counterpart says why, every row cites a requirement, and none stands twice", () => {
  const ids = requirementRows.map(({ id }) => id);
  for (const row of counterparts) {
    expect(ids).toContain(row.requirement);
    if (row.aws.length === 0 || row.gcp.length === 0) expect(row.why).toMatch(/\w{3}/);
  }
  const names = counterparts.map(({ requirement, what }) => `${requirement} ${what}`);
  expect(new Set(names).size).toBe(names.length);
});

test("no subject is stale: something of a plan belongs to each", () => {
  const used = new Set(
    aws.flatMap((one) => gcp.flatMap((other) => comparisonOf(one, other).felt)).map(({ subject }) => subject),
  );
  expect(subjects.filter(({ subject }) => !used.has(subject)).map(({ subject }) => subject)).toEqual([]);
});

test("what a user notices comes first: reach, kept, rights, cost, each with both sides", () => {
  const { felt } = comparisonOf(aws[0]!, gcp[0]!);
  expect([...new Set(felt.map(({ aspect }) => aspect))]).toEqual(["reach", "kept", "rights", "cost"]);
  const api = felt.find(({ subject }) => subject === "the Kubernetes API")!;
  expect([api.aws.join(), api.gcp.join()]).toEqual([
    expect.stringContaining("203.0.113.0/24"),
    expect.stringContaining("anyone on the internet with IAM rights"),
  ]);
  const text = comparisonText(comparisonOf(aws[0]!, gcp[0]!), paint(false));
  expect(text.indexOf("Who can reach what")).toBeLessThan(text.indexOf("What stands for what"));
  expect(text).not.toContain("Not explained");
  expect(Object.values(costReasons).every((why) => why.length > 10)).toBe(true);
});

test("what nobody explained is named, not left out: a type, a way in", () => {
  const strange: StackReport = {
    ...gcp[0]!,
    cost: undefined,
    resources: [{ ...gcp[0]!.resources.find(({ custom }) => custom)!, type: "gcp:new/thing:Thing" }],
    exposure: [{ what: "a <new> way | in", who: "anyone", internet: true, urn: "u" }],
  };
  const comparison = comparisonOf(aws[0]!, strange);
  expect(comparison.unexplained).toEqual(["reach: a <new> way | in", "gcp: gcp:new/thing:Thing"]);
  expect(comparison.felt.some(({ aspect }) => aspect === "cost")).toBe(false);
  expect(comparisonText(comparison, paint(false))).toContain("Not explained (2)");
  const markdown = comparisonMarkdown(comparison);
  expect(markdown).toContain(
    "| a &lt;new> way \\| in | - | a &lt;new> way \\| in: anyone | **not explained** |",
  );
  expect(markdown).toContain("## Not explained");
});
