import { layOutColumns, type Measures } from "./layout";

const measures: Measures = { boxWidth: 100, gap: 50, space: 10, top: 40, margin: 5 };
const box = (id: string, column: number, height = 30) => ({ id, column, height });

test("columns stand beside each other, boxes of a column below each other and never over each other", () => {
  const boxes = [box("a", 0), box("b", 1), box("c", 1, 60), box("d", 1), box("e", 2)];
  const links = [
    { from: "a", to: "c" },
    { from: "a", to: "b" },
    { from: "b", to: "e" },
    { from: "d", to: "e" },
  ];
  const { places, width, height } = layOutColumns(boxes, links, measures);
  expect([...new Set([...places.values()].map(({ x }) => x))]).toEqual([5, 155, 305]);
  expect(width).toBe(410);
  const column = ["b", "c", "d"].map((id) => ({ id, y: places.get(id)!.y })).sort((a, b) => a.y - b.y);
  const heightOf = (id: string) => boxes.find((one) => one.id === id)!.height;
  column.slice(1).forEach((one, i) => {
    expect(one.y).toBeGreaterThanOrEqual(column[i]!.y + heightOf(column[i]!.id) + measures.space - 0.001);
  });
  expect(Math.min(...[...places.values()].map(({ y }) => y))).toBeGreaterThanOrEqual(measures.top);
  expect(Math.max(...boxes.map(({ id, height: h }) => places.get(id)!.y + h))).toBeLessThanOrEqual(height);
});

test("a line begins and ends at its boxes, and takes a lane of its own through a column it passes", () => {
  const boxes = [box("a", 0), box("between", 1), box("z", 2)];
  const links = [
    { from: "a", to: "z" },
    { from: "a", to: "between" },
  ];
  const { routes, places } = layOutColumns(boxes, links, measures);
  expect(routes[0]!.map(({ x }) => x)).toEqual([105, 155, 255, 305]);
  const lane = routes[0]![1]!.y;
  const { y } = places.get("between")!;
  expect(lane < y || lane > y + 30).toBe(true);
  expect(routes[1]!.map(({ x }) => x)).toEqual([105, 155]);
});

test("crossings are undone where an order without any exists", () => {
  const boxes = [box("a", 0), box("b", 0), box("x", 1), box("y", 1)];
  const { places } = layOutColumns(
    boxes,
    [
      { from: "a", to: "y" },
      { from: "b", to: "x" },
    ],
    measures,
  );
  const above = (one: string, other: string) => places.get(one)!.y < places.get(other)!.y;
  expect(above("a", "b")).toBe(above("y", "x"));
});

test("the same input gives the same picture", () => {
  const make = () =>
    layOutColumns([box("a", 0), box("b", 1), box("c", 1)], [{ from: "a", to: "c" }], measures);
  expect(make()).toEqual(make());
});
