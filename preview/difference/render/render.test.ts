import { stripVTControlCharacters } from "node:util";
import { paint } from "../../report/render/paint";
import type { Changes, Difference, ResourceChange } from "../document";
import { COMMENT_LIMIT, differenceMarkdown, MARKER } from "./markdown";
import { differenceText } from "./text";

const pair = (base: number, head: number) => ({ base, head, difference: head - base });
const nothing: Changes = {
  resources: [],
  counts: {},
  grants: { gained: [], lost: [] },
  exposure: { gained: [], lost: [], changed: [] },
  data: { lostNow: [], newlyLost: [], newlyKept: [] },
  findings: { new: [], gone: [] },
  secretSettings: [],
  outputs: [],
};
const change = (fields: Partial<ResourceChange>): ResourceChange => ({
  action: "update",
  urn: "urn:pulumi:dev::p::aws:s3/bucket:Bucket::data",
  type: "aws:s3/bucket:Bucket",
  name: "data",
  section: "buckets",
  custom: true,
  properties: [],
  ...fields,
});
const difference = (changes: Partial<Changes>, fields: Partial<Difference> = {}): Difference => ({
  stack: "dev",
  base: "main (abc)",
  state: "compared",
  warnings: [],
  changes: { ...nothing, ...changes },
  ...fields,
});
const text = (one: Difference) => differenceText(one, paint(false));

const full = difference(
  {
    counts: { "maybe-replace": 1, move: 1 },
    resources: [
      change({
        action: "maybe-replace",
        properties: [
          { path: "a", before: 1, after: 2, secret: false, replaces: "maybe", why: "the moon is full" },
          { path: "b", secret: true, replaces: "unknown" },
          { path: "c", after: "x".repeat(400), secret: false, replaces: "no" },
          { path: "d", before: "from a", after: "from b", secret: false, replaces: "yes", why: "w" },
          { path: "e", before: [1], secret: false, replaces: "no", ignored: true },
        ],
        leaves: "the old one stays",
      }),
      change({ action: "move", name: "moved", movedFrom: "urn:pulumi:dev::p::t::old" }),
      change({ action: "create", custom: false, type: "cmb:aws:Dns", name: "quiet component" }),
    ],
    data: {
      lostNow: [{ urn: "u", name: "data", holds: "objects", kept: "perhaps not" }],
      newlyLost: [{ urn: "u", name: "zone", holds: "the delegation", kept: "no" }],
      newlyKept: [{ urn: "u", name: "pool", holds: "accounts", kept: "protected" }],
    },
    exposure: {
      gained: [],
      lost: [{ what: "API", who: "anyone", internet: true, urn: "u" }],
      changed: [
        { what: "NLB, ports 80, 22", who: "anyone", internet: true, urn: "u", was: "NLB, ports 80: anyone" },
      ],
    },
    grants: {
      gained: [],
      lost: [
        {
          who: "ns/x",
          words: "may y",
          effect: "allow",
          actions: ["a", "b", "c", "d", "e", "f", "g"],
          resources: [],
          condition: "c".repeat(300),
        },
      ],
    },
    findings: {
      new: [{ kind: "fault", code: "CMB-C001", key: "k", text: "t" }],
      gone: [{ kind: "remark", code: "CMB-N001", key: "k", text: "t" }],
    },
    cost: {
      totals: { fixed: pair(10, 12), platform: pair(10, 12), use: pair(1, 1), maximum: pair(20, 30) },
      lines: [
        { group: "way out", what: "NAT", fixed: true, least: pair(0, 2), most: pair(0, 2) },
        { group: "user nodes", what: "nodes", fixed: true, least: pair(0, 0), most: pair(10, 18) },
      ],
      unpriced: { gained: ["x"], lost: ["y"] },
    },
    secretSettings: ["p:key (stored anew)"],
    outputs: [{ path: "o", after: 1 }],
  },
  { warnings: ["something limits it"] },
);

test("everything there is to tell is told, the gravest first", () => {
  const titles = text(full)
    .split("\n")
    .filter((line) => /^ {2}\S/.test(line))
    .map((line) => line.trim());
  expect(titles).toEqual([
    "This change loses data (1)",
    "A destroy would newly lose (1)",
    "Reachable otherwise (1)",
    "Cost, US$ a month: +2.00 fixed, 0.00 of assumed use, +10.00 at most",
    "Updated, or replaced under a condition (1)",
    "Moved by an alias, nothing else (1)",
    "No longer reachable (1)",
    "Rights lost (1)",
    "A destroy would newly keep (1)",
    "Findings, new (1)",
    "Findings, gone (1)",
    "Secret settings (1)",
    "Outputs (1)",
    "Limits of this comparison (1)",
  ]);
  expect(text(full)).toContain("data: objects, if it is replaced");
  expect(text(full)).toContain("a: 1 → 2 (replaces if: the moon is full)");
  expect(text(full)).toContain("b: changed, secret (whether this replaces it is not known)");
  expect(text(full)).toContain("d: from a → from b (replaces: w)");
  expect(text(full)).toContain("e: - [1] (ignored: the program says so)");
  expect(text(full)).toContain("nodes: 0.00, at most +8.00");
  expect(text(full)).toContain("moved by an alias from t::old");
  expect(text(full)).toContain("and 2 more");
  expect(text(full)).not.toContain("quiet component");
});

test("colour adds nothing to the words", () => {
  expect(stripVTControlCharacters(differenceText(full, paint(true)))).toBe(text(full));
});

test("a plan without a change, one that is new, and one that cannot be compared say so in their first line", () => {
  expect(text(difference({}))).toBe("dev against main (abc)   no resource changes\n");
  expect(text(difference({ counts: { create: 2 } }, { state: "new stack" }))).toContain(
    "new stack: 2 to create",
  );
  const none = { state: "no plan" as const, reason: "one\ntwo", changes: undefined };
  expect(text(difference({}, none))).toContain(
    "no sound end: nothing is compared\n\n  Why nothing is compared (2)",
  );
  expect(
    text(
      difference({
        cost: {
          ...full.changes!.cost!,
          lines: [],
          totals: { fixed: pair(1, 1), platform: pair(1, 1), use: pair(0, 0), maximum: pair(1, 1) },
          unpriced: { gained: [], lost: [] },
        },
      }),
    ),
  ).not.toContain("Cost");
});

test("[P8] a comment carries the mark it is found by, the grave in the open and the rest folded, per stack", () => {
  const markdown = differenceMarkdown([full, difference({})]);
  expect(markdown.startsWith(`${MARKER}\n\n### dev: 1 moved by an alias`)).toBe(false);
  expect(markdown.startsWith(MARKER)).toBe(true);
  expect(markdown.match(/^### dev: /gm)).toHaveLength(2);
  expect(markdown.match(/<details>/g)).toHaveLength(1);
  expect(markdown.indexOf("This change loses data")).toBeLessThan(markdown.indexOf("<details>"));
  expect(markdown.indexOf("Updated, or replaced")).toBeGreaterThan(markdown.indexOf("<details>"));
});

test("[P8] names that a pull request chose become neither markup, nor mentions, nor links", () => {
  const name = "x</details><img src=//e> @team #1 [a](https://e) `b` *c*";
  const markdown = differenceMarkdown([difference({ resources: [change({ name })], counts: { update: 1 } })]);
  for (const raw of ["<img", "@team", " #1", "[a]", "://e", "*c*"]) expect(markdown).not.toContain(raw);
  expect(markdown.match(/<\/details>/g)).toHaveLength(1);
});

test("[P8] a comment stays below GitHub's limit: details go first, then rows, never the titles", () => {
  const properties = Array.from({ length: 20 }, (_, i) => ({
    ...{ path: `p${i}`, before: "a".repeat(100), after: "b".repeat(100) },
    ...{ secret: false, replaces: "no" as const },
  }));
  const many = (n: number) =>
    difference({
      resources: Array.from({ length: n }, (_, i) => change({ name: `bucket-${i}`, properties })),
    });
  const some = differenceMarkdown([many(100), many(100)]);
  expect(some.length).toBeLessThan(COMMENT_LIMIT);
  expect(some).toContain("bucket-99");
  expect(some).not.toContain("p0:");
  const tooMany = differenceMarkdown([many(5000)]);
  expect(tooMany.length).toBeLessThan(COMMENT_LIMIT);
  expect(tooMany).toContain("**Updated (5000)**: too many to list here");
  expect(tooMany).not.toContain("bucket-1");
});
