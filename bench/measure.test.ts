import { fit, interleaved, median, type Used } from "./measure";

// What a preview costs is measured by npm run bench; here only the arithmetic that the figures go through.

test("the median is the middle one, or the mean of the two in the middle, in whatever order they came", () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([10, 1, 2, 3])).toBe(2.5);
  expect(median([7])).toBe(7);
  const given = [3, 1, 2];
  median(given);
  expect(given).toEqual([3, 1, 2]);
});

test("a straight line is found as it is; a bend is the second half's slope over the first's", () => {
  const straight = fit([
    [1, 12],
    [10, 30],
    [25, 60],
    [50, 110],
  ]);
  expect(straight.slope).toBeCloseTo(2);
  expect(straight.r2).toBeCloseTo(1);
  expect(straight.bend).toBeCloseTo(1);
  const square = fit([0, 1, 2, 3, 4].map((x) => [x, x * x] as const));
  // (16 - 4) / 2 over (4 - 0) / 2
  expect(square.bend).toBeCloseTo(3);
  expect(square.slope).toBeCloseTo(4);
  // Of the spread 174 the line leaves 14.
  expect(square.r2).toBeCloseTo(1 - 14 / 174);
});

test("runs take turns, the first round counts for nothing, and each measure has a median of its own", () => {
  const order: string[] = [];
  const told: string[] = [];
  const runs = (name: string, walls: readonly number[]) => {
    let round = 0;
    return (): Used => {
      order.push(name);
      const wall = walls[round++]!;
      return { wall, cpu: 100 - wall, mb: wall === 1 ? 50 : 60 };
    };
  };
  const used = interleaved({ a: runs("a", [999, 1, 2, 9]), b: runs("b", [999, 4, 4, 4]) }, 3, (line) =>
    told.push(line),
  );
  expect(order.join("")).toBe("abababab");
  expect(used).toEqual({ a: { wall: 2, cpu: 98, mb: 60 }, b: { wall: 4, cpu: 96, mb: 60 } });
  expect(told).toEqual(["warmed up", "round 1 of 3", "round 2 of 3", "round 3 of 3"]);
});
