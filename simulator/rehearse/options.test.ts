import { parseOptions } from "./options";

test("an act and a stack", () => {
  expect(parseOptions(["destroy", "aws-dev", "--json"])).toEqual({
    act: "destroy",
    stack: "aws-dev",
    json: true,
  });
});

test.each([[[]], [["up"]], [["preview", "aws-dev"]], [["up", "a", "b"]], [["up", "a", "--yes"]]])(
  "%j is no rehearsal",
  (args) => expect(() => parseOptions(args)).toThrow(/npm run rehearse/),
);
