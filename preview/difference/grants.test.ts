import type { GrantReport } from "../report/grants";
import { compareGrants } from "./grants";

const grant = (fields: Partial<GrantReport> = {}): GrantReport => ({
  who: "ns/app",
  identity: "role",
  effect: "allow",
  verbs: ["read objects"],
  on: ["data"],
  actions: ["s3:GetObject"],
  resources: ["arn:aws:s3:::data/*"],
  ...fields,
});

const none = { gained: [], lost: [] };

test("a statement that is written otherwise, split or covered by a wider one changes nothing", () => {
  const both = grant({ actions: ["s3:GetObject", "s3:PutObject"] });
  const split = [grant(), grant({ actions: ["s3:PutObject"], verbs: ["write objects"] })];
  expect(compareGrants([both], split)).toEqual(none);
  const wide = grant({ actions: ["s3:*"], resources: ["*"] });
  expect(compareGrants([wide], [wide, grant()])).toEqual(none);
  expect(compareGrants([grant({ identity: "a" })], [grant({ identity: "b" })])).toEqual(none);
});

test("[W3] a wider pattern is a right gained and none lost; a narrower one the reverse", () => {
  const wide = grant({ resources: ["arn:aws:s3:::*"], on: ["*"] });
  expect(compareGrants([grant()], [wide])).toMatchObject({
    gained: [{ resources: ["arn:aws:s3:::*"], words: "may read objects of *" }],
    lost: [],
  });
  expect(compareGrants([wide], [grant()])).toMatchObject({ gained: [], lost: [{ who: "ns/app" }] });
});

test("[W3] a condition that falls is a right gained; one that is added is a right lost", () => {
  const bound = grant({ condition: '{"StringEquals":{"aws:ResourceAccount":"1"}}' });
  const dropped = compareGrants([bound], [grant()]);
  expect(dropped.gained).toHaveLength(1);
  expect(dropped.lost).toEqual([]);
  expect(compareGrants([grant()], [bound]).lost).toHaveLength(1);
});

test("[W3] a denial that goes is a right gained, one that comes a right lost", () => {
  const denial = grant({
    effect: "deny",
    actions: ["s3:DeleteObjectVersion"],
    verbs: ["delete old versions for good"],
  });
  expect(compareGrants([grant(), denial], [grant()])).toMatchObject({
    gained: [{ effect: "deny", words: "is no longer denied to delete old versions for good on data" }],
    lost: [],
  });
  expect(compareGrants([grant()], [grant(), denial])).toMatchObject({
    gained: [],
    lost: [{ effect: "deny", words: "is newly denied to delete old versions for good on data" }],
  });
});

test("of many things the first is named, and the condition is mentioned where part of a statement came", () => {
  const more = grant({
    resources: ["a", "b", "c", "d"].map((name) => `arn:aws:s3:::${name}/*`),
    actions: ["s3:GetObject", "s3:PutObject"],
    condition: "c",
  });
  const before = grant({ ...more, actions: ["s3:PutObject"] });
  expect(compareGrants([before], [more]).gained[0]!.words).toBe(
    "may s3:GetObject on arn:aws:s3:::a/* and 3 more, under a condition",
  );
});

test("a managed policy, which names no resource, is compared by its name", () => {
  const managed = grant({ actions: ["arn:aws:iam::aws:policy/X"], resources: [], on: [], verbs: ["use X"] });
  expect(compareGrants([], [managed]).gained).toMatchObject([{ words: "may use X", resources: [] }]);
  const two = { ...managed, actions: [...managed.actions, "arn:aws:iam::aws:policy/Y"] };
  expect(compareGrants([managed], [two]).gained[0]!.words).toBe("may arn:aws:iam::aws:policy/Y");
});
