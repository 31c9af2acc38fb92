import { gather, render } from "./generate-requirements";
import { requirementRows } from "./requirement-rows";

const known = new Set(requirementRows.map((row) => row.id));

test("tags of the code count as built, marks of test titles as tested, and neither as the other", () => {
  const evidence = gather([
    { path: "a.ts", text: "/** @requirement N1 N2 */ const x = [N3];" },
    { path: "a.test.ts", text: 'test("[N1, S2] promises", () => {}); // @requirement N9' },
  ]);
  expect([...evidence.built.keys()]).toEqual(["N1", "N2"]);
  expect([...evidence.tested.keys()]).toEqual(["N1", "S2"]);
});

test("every row has its line, and a row without a test says that it is not done", () => {
  const text = render()[0]!.text;
  for (const id of known) expect(text).toContain(`| ${id} |`);
  expect(text).toMatch(/\| O13 \|.*\| not yet \|/);
});

test("no row stands twice", () => {
  expect(known.size).toBe(requirementRows.length);
});
