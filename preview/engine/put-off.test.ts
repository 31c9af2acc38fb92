import { deferred, deferredMembers, notInQuickRuns } from "./put-off";

class Thing {
  constructor(readonly size: number) {}
  static readonly kind = "thing";
}

function module() {
  return { twice: (n: number) => n * 2, Thing, limit: 3 };
}

test("a deferred module is loaded once, when something of it is asked for, and is then itself", () => {
  const load = jest.fn(module);
  const put = deferred(load) as ReturnType<typeof module> & { __esModule: boolean };
  expect(put.__esModule).toBe(true);
  expect(load).not.toHaveBeenCalled();
  expect(put.twice(21)).toBe(42);
  expect("limit" in put).toBe(true);
  expect(Object.hasOwn(put, "limit")).toBe(true);
  expect(Object.hasOwn(put, "absent")).toBe(false);
  expect({ ...put }).toEqual({ twice: put.twice, Thing, limit: 3 });
  expect(load).toHaveBeenCalledTimes(1);
});

test("deferred members are taken apart without loading, and load when they are used", () => {
  const load = jest.fn(module);
  const put = deferredMembers(load) as ReturnType<typeof module> & { __esModule: boolean };
  const { twice, Thing: Deferred, __esModule } = put;
  expect(__esModule).toBe(true);
  expect(load).not.toHaveBeenCalled();
  expect(twice(21)).toBe(42);
  expect(new Deferred(5)).toEqual(new Thing(5));
  expect(Deferred.kind).toBe("thing");
  expect(load).toHaveBeenCalledTimes(1);
});

test("what a quick run cannot do ends it, so that it runs again", () => {
  const exit = jest.spyOn(process, "exit").mockImplementation(() => undefined as never);
  const { serialize } = notInQuickRuns("serialize")() as { serialize: () => void };
  serialize();
  expect(exit).toHaveBeenCalledWith(1);
  exit.mockRestore();
});
