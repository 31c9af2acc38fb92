import type { Verdict } from "./live";
import { countsLine, countsOf, succeeded, testCounts, verdictLines } from "./report";

const verdict = (result: Verdict["result"], details: string[] = []): Verdict => ({
  cloud: "aws",
  name: "lost vpc",
  result,
  details,
});

test("every case is counted once, under how it ended", () => {
  const counts = countsOf([
    verdict("converged"),
    verdict("stray"),
    verdict("stray"),
    verdict("existing"),
    verdict("failed"),
    verdict("not met"),
  ]);
  expect(counts).toEqual({ cases: 6, converged: 1, strays: 2, existing: 1, failed: 1, notMet: 1 });
  expect(countsLine(counts)).toBe(
    "6 cases: 1 converged, 2 named by npm run strays and adopted by its command, 1 named by the next run and imported, 1 failed, 1 never came about",
  );
  expect(testCounts(counts)).toEqual({ passed: 4, failed: 1, skipped: 1 });
});

test("a case that never came about is no success", () => {
  expect(testCounts(countsOf([verdict("not met")]))).toEqual({ passed: 0, failed: 0, skipped: 1 });
});

test("a whole campaign succeeds when every case came about; nothing succeeds without a case", () => {
  const met = countsOf([verdict("converged"), verdict("stray")]);
  const missed = countsOf([verdict("converged"), verdict("not met")]);
  expect([succeeded(met, true), succeeded(missed, true), succeeded(missed, false)]).toEqual([
    true,
    false,
    true,
  ]);
  expect([succeeded(countsOf([]), false), succeeded(countsOf([verdict("failed")]), false)]).toEqual([
    false,
    false,
  ]);
});

test("a stray's line is followed by the command that adopts it", () => {
  expect(verdictLines(verdict("stray", ["pulumi import …"]))).toEqual([
    "aws  stray, adopted     lost vpc",
    "       pulumi import …",
  ]);
});
