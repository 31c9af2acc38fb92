import { arrivals, drawer, percentile, within } from "./draw";
import { inputs, shapeOf } from "./inputs";
import { nodesFor, placesHeld } from "./room-size";
import { ScaleUpModel } from "./scale-up-model";
import { startSeconds, startSecondsInWords } from "./start-model";

describe("drawing", () => {
  test("the same seed gives the same numbers, another one others, all of them from 0 to below 1", () => {
    const take = (seed: number) => Array.from({ length: 1000 }, drawer(seed));
    expect(take(1)).toEqual(take(1));
    expect(take(1)).not.toEqual(take(2));
    expect(Math.min(...take(1))).toBeGreaterThanOrEqual(0);
    expect(Math.max(...take(1))).toBeLessThan(1);
  });

  test("arrivals are in order, within the time, and about as many as were asked for, unevenly", () => {
    const moments = arrivals(20, 60 * 60, drawer(1));
    expect(moments).toEqual([...moments].sort((a, b) => a - b));
    expect(moments.at(-1)).toBeLessThan(60 * 60);
    // Three times the root of the expected number to either side.
    expect(Math.abs(moments.length - 1200)).toBeLessThan(104);
    const perMinute = Array.from(
      { length: 60 },
      (_, minute) => moments.filter((at) => Math.floor(at / 60) === minute).length,
    );
    expect(Math.max(...perMinute)).toBeGreaterThan(26);
  });

  test("a percentile is one of the values, of which so many are not above it", () => {
    const values = [5, 1, 4, 2, 3];
    expect([0.2, 0.5, 0.95, 1].map((part) => percentile(values, part))).toEqual([1, 3, 5, 5]);
    expect(percentile([], 0.5)).toBeNaN();
  });

  test("a span gives its ends and what is between", () => {
    expect([0, 0.5, 1].map((part) => within([90, 150], () => part))).toEqual([90, 120, 150]);
  });
});

describe("the scale-up model", () => {
  const shape = { cloud: "gcp", most: 5, placesPerNode: 9 } as const;

  test("orders as many nodes as the pods without one fill, less what is on its way, and no more than the pool has", () => {
    const model = new ScaleUpModel(shape, () => 0);
    expect(model.scan(0, 0, 1)).toBe(0);
    expect(model.scan(0, 10, 1)).toBe(2);
    expect(model.scan(10, 18, 1)).toBe(0);
    expect(model.scan(20, 19, 1)).toBe(1);
    expect(model.scan(30, 900, 1)).toBe(1);
    expect(model.scan(40, 900, 1)).toBe(0);
  });

  test("nodes join when their time is over, each once", () => {
    const model = new ScaleUpModel(shape, () => 0.5);
    expect(model.next()).toBe(Infinity);
    model.scan(100, 9, 1);
    expect(model.next()).toBe(190);
    expect([model.join(189), model.join(190), model.join(191)]).toEqual([0, 1, 0]);
  });
});

describe("room", () => {
  test("[H6] of a node of prod: 15 environments on Amazon, 9 on Google with the side car", () => {
    expect([shapeOf("aws").placesPerNode, shapeOf("gcp").placesPerNode]).toEqual([15, 9]);
  });

  test("places grow with the nodes and never fall below the least", () => {
    const shape = { cores: 7.91, place: { cpu: 500, memory: 1024 } };
    expect([0, 1, 33].map((nodes) => placesHeld(shape, nodes, 14, 1))).toEqual([1, 3, 74]);
    expect(placesHeld(shape, 0, 14, 4)).toBe(4);
  });

  test("there are nodes enough for who is there and what is held, and none more", () => {
    const shape = { ...shapeOf("aws") };
    const held = (nodes: number) => placesHeld(shape, nodes, 14, 1);
    const nodes = nodesFor(460, shape, held);
    expect(nodes * shape.placesPerNode).toBeGreaterThanOrEqual(460 + held(nodes));
    expect((nodes - 1) * shape.placesPerNode).toBeLessThan(460 + held(nodes - 1));
  });
});

test("[H6] a start on a node that has the images takes 17 to 31 seconds, ten to fifteen of them the application's own probe", () => {
  const least = startSeconds("aws", () => 0);
  const most = startSeconds("aws", () => 1);
  expect([least, most]).toEqual([16.5, 30.5]);
  expect(startSecondsInWords()).toContain(`startup probe ${inputs.probe.delay}-15`);
});
