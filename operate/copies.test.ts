import { contentsNamed, decide, epochsOf, missing, orphans } from "./copies";
import type { BucketObject } from "./database-bucket";

const DAY = 86_400_000;
const NOW = Date.parse("2026-11-20T12:00:00Z");
const ago = (days: number) => NOW - days * DAY;
const hash = (letter: string) => letter.repeat(64);
const object = (name: string, days: number, bytes = 10): BucketObject => ({ name, bytes, at: ago(days) });

/** What one start of the backend leaves: a copy at its begin, changes until its end, lists of files. */
const epoch = (number: number, begin: number, end: number, copy = true) => [
  object(`epochs/${String(number).padStart(10, "0")}/manifests/0000000001`, begin),
  ...(copy
    ? [
        object(
          `epochs/${String(number).padStart(10, "0")}/db/ltx/9/0000000000000001-0000000000000001.ltx`,
          begin,
        ),
        object(
          `epochs/${String(number).padStart(10, "0")}/db/ltx/0/0000000000000002-0000000000000002.ltx`,
          end,
        ),
      ]
    : []),
];
const decided = (objects: readonly BucketObject[], days = 7, now = NOW) => {
  const { kept, old } = decide(epochsOf(objects), days, now);
  return { kept: kept.map(({ number }) => number), old: old.map(({ number }) => number) };
};

describe("[S5] which copies a recovery within the retention needs", () => {
  test("an epoch is needed until the one after it has been the newest for the whole retention", () => {
    const objects = [...epoch(1, 40, 20), ...epoch(2, 20, 9), ...epoch(3, 6.9, 3), ...epoch(4, 3, 0)];
    // The second one was the newest state until 6.9 days ago.
    expect(decided(objects)).toEqual({ kept: [2, 3, 4], old: [1] });
    expect(decided(objects, 6)).toEqual({ kept: [3, 4], old: [1, 2] });
    expect(decided(objects, 21)).toEqual({ kept: [1, 2, 3, 4], old: [] });
  });

  test("the newest with a copy is needed however old it is, and so is a start that has no copy yet", () => {
    expect(decided([...epoch(1, 400, 300)])).toEqual({ kept: [1], old: [] });
    const begun = [...epoch(1, 400, 300), ...epoch(2, 200, 100), ...epoch(3, 1, 0, false)];
    expect(decided(begun)).toEqual({ kept: [2, 3], old: [1] });
  });

  test("a start that never came to a copy does not end the epoch before it, and goes with its time", () => {
    const objects = [...epoch(1, 40, 30), ...epoch(2, 25, 25, false), ...epoch(3, 3, 0)];
    expect(decided(objects)).toEqual({ kept: [1, 2, 3], old: [] });
    expect(decided([...objects.slice(0, -3), ...epoch(3, 10, 0)])).toEqual({ kept: [3], old: [1, 2] });
  });

  test("an old epoch into which somebody wrote within the retention stays whole", () => {
    const cutOff = object("epochs/0000000001/db/ltx/0/0000000000000003-0000000000000003.ltx", 2);
    expect(decided([...epoch(1, 40, 30), cutOff, ...epoch(2, 30, 0)])).toEqual({ kept: [1, 2], old: [] });
  });

  test("a clock that is ahead takes nothing away, and neither does a long sleep; one that is behind keeps more", () => {
    const objects = [...epoch(1, 12, 6), ...epoch(2, 5, 0)];
    expect(decided(objects)).toEqual({ kept: [1, 2], old: [] });
    expect(decided(objects, 7, NOW + 400 * DAY)).toEqual({ kept: [1, 2], old: [] });
    expect(decided(objects, 4)).toEqual({ kept: [2], old: [1] });
    expect(decided(objects, 4, NOW - 3 * DAY)).toEqual({ kept: [1, 2], old: [] });
  });

  test("names of another shape are no epoch, and numbers are compared as numbers", () => {
    const others = ["epochs/1/db/x.ltx", "epochs/0000000001", "epochs/0000000001/other/x", "epochs/../db/x"];
    expect(epochsOf(others.map((name) => object(name, 400)))).toEqual([]);
    expect(decided([...epoch(10, 20, 0), ...epoch(9, 40, 20)])).toEqual({ kept: [10], old: [9] });
  });
});

describe("[S5] which uploads no kept copy names", () => {
  const objects = [...epoch(1, 40, 20), ...epoch(2, 20, 0)];
  const decision = decide(epochsOf(objects), 7, NOW);
  const [newest] = decision.kept;
  const lists = (...names: string[]) =>
    new Map([
      ["0000000001", JSON.stringify(Object.fromEntries(names.map((name) => [name, { sha256: hash(name) }])))],
    ]);

  test("what the lists of kept epochs name stays; the rest goes once it is older than retention and present backend", () => {
    const named = contentsNamed(newest!, lists("a", "b"));
    expect([...named]).toEqual([`files/${hash("a")}`, `files/${hash("b")}`]);
    const files = [
      object(`files/${hash("a")}`, 30),
      object(`files/${hash("b")}`, 1),
      object(`files/${hash("c")}`, 30),
      // Younger than the retention.
      object(`files/${hash("d")}`, 6),
      // Older, and written since the present backend began.
      object(`files/${hash("e")}`, 10),
      object("files/another-shape", 30),
    ];
    expect(orphans(files, named, decision).map(({ name }) => name)).toEqual([`files/${hash("c")}`]);
    expect(missing(files, named)).toEqual([]);
    expect(missing(files.slice(1), named)).toEqual([`files/${hash("a")}`]);
  });

  test("a restart does not make what was dropped within the retention go", () => {
    const restarted = decide(epochsOf([...epoch(1, 40, 3), ...epoch(2, 3, 0)]), 7, NOW);
    const files = [object(`files/${hash("c")}`, 8), object(`files/${hash("d")}`, 6)];
    expect(orphans(files, new Set(), restarted).map(({ name }) => name)).toEqual([`files/${hash("c")}`]);
  });

  test("without an epoch that has a copy nothing goes", () => {
    const none = decide(epochsOf(epoch(1, 40, 30, false)), 7, NOW);
    expect(orphans([object(`files/${hash("c")}`, 300)], new Set(), none)).toEqual([]);
  });

  test.each([
    ["was not read", new Map<string, string>(), "could not be read"],
    ["is cut off", new Map([["0000000001", '{"a": {"sha256": "00']]), "is not a list of files"],
    ["names no content", new Map([["0000000001", '{"a": {"size": 3}}']]), "is not a list of files"],
    [
      "names what is no content",
      new Map([["0000000001", '{"a": {"sha256": "../claims"}}']]),
      "is not a list",
    ],
  ])("a list that %s ends it all", (_, read, words) => {
    expect(() => contentsNamed(newest!, read)).toThrow(words);
    expect(() => contentsNamed(newest!, read)).toThrow("epochs/0000000002/manifests/0000000001");
  });
});
