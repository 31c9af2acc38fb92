import { cloudOf, CLOUDS, nameOf, only, sample, SORTS, wholeCampaign } from "./cases";

const urns = Array.from({ length: 40 }, (_, index) => `urn:pulumi:s::p::aws:ec2/vpc:Vpc::thing-${index}`);
const undisturbed = { created: urns, deletions: 30 };

test("the whole campaign refuses and loses every creation once, and kills at 20 points of up and of destroy", () => {
  const lives = wholeCampaign(undisturbed);
  const all = lives.flat();
  for (const sort of ["refused", "lost"] as const)
    expect(all.flatMap((one) => (one.sort === sort && "urn" in one ? [one.urn] : []))).toEqual(urns);
  for (const [sort, last] of [
    ["killed-up", 40],
    ["killed-destroy", 30],
  ] as const) {
    const points = all.flatMap((one) => (one.sort === sort && "point" in one ? [one.point] : []));
    expect(new Set(points).size).toBe(20);
    expect([points[0], points.at(-1)]).toEqual([1, last]);
  }
  // One kill of each in a life: what a later one finds is not what an earlier one left.
  expect(lives.slice(2).every((life) => life.length <= 2)).toBe(true);
});

test("fewer operations than points: each is a point once", () => {
  const lives = wholeCampaign({ created: urns.slice(0, 3), deletions: 1 });
  expect(lives.flat().filter(({ sort }) => sort === "killed-up")).toHaveLength(3);
  expect(lives.flat().filter(({ sort }) => sort === "killed-destroy")).toHaveLength(1);
});

test("a sample has as many cases of each sort as asked for, no resource twice", () => {
  const [cases = [], ...more] = sample(undisturbed, 4, "seed");
  expect(more).toEqual([]);
  for (const sort of SORTS) expect(cases.filter((one) => one.sort === sort)).toHaveLength(4);
  expect(new Set(cases.map(nameOf)).size).toBe(16);
  const drawn = cases.flatMap((one) => ("urn" in one ? [one.urn] : []));
  expect(new Set(drawn).size).toBe(8);
});

test("the same seed draws the same cases, another one draws others", () => {
  expect(sample(undisturbed, 4, "a")).toEqual(sample(undisturbed, 4, "a"));
  expect(sample(undisturbed, 4, "a")).not.toEqual(sample(undisturbed, 4, "b"));
});

test("some sorts alone: their cases, and no life that has none", () => {
  const lives = only(["refused", "killed-destroy"], wholeCampaign(undisturbed));
  expect(new Set(lives.flat().map(({ sort }) => sort))).toEqual(new Set(["refused", "killed-destroy"]));
  expect(lives).toHaveLength(21);
  expect(lives.every((life) => life.length > 0)).toBe(true);
});

test("cases by name: these alone", () => {
  const wanted = ["lost thing-7", "killed-destroy at operation 1"];
  const lives = only(SORTS, wholeCampaign(undisturbed), wanted);
  expect(lives.flat().map(nameOf)).toEqual(wanted);
  expect(lives).toHaveLength(2);
});

test("a seed draws a cloud, always the same, and seeds draw both", () => {
  const drawn = Array.from({ length: 20 }, (_, seed) => cloudOf(String(seed)));
  expect(new Set(drawn)).toEqual(new Set(CLOUDS));
  expect(cloudOf("b")).toBe(cloudOf("b"));
});
