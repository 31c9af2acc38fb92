import { parseOptions, UsageError } from "./options";

test("without arguments: every stack, the summary alone, colour as it suits", () => {
  expect(parseOptions([])).toEqual({
    stacks: [],
    tree: false,
    objects: false,
    cost: false,
    json: false,
    markdown: false,
    compare: false,
    help: false,
    color: "auto",
  });
});

test("stacks and options in any order, a stack named twice counts once", () => {
  expect(parseOptions(["b", "--tree", "a", "--color=never", "b", "--objects"])).toMatchObject({
    stacks: ["b", "a"],
    tree: true,
    objects: true,
    color: "never",
  });
  expect(parseOptions(["--json", "--color", "always"])).toMatchObject({ json: true, color: "always" });
  expect(parseOptions(["-h"]).help).toBe(true);
});

test.each([
  [["--trees"], /'--trees'; options are --tree, --objects, --cost, --json, .*--help, --color/],
  [["--color"], /--color/],
  [["--color=pink"], /--color takes always, never, auto, not "pink"/],
  [["--against", "main", "--tree"], /--against shows what changes: leave out --tree/],
  [["--compare", "--against=main"], /--compare lays two stacks side by side: leave out --against/],
  [["--html=a", "--json"], /--html is a form of its own: leave out --json, --tree/],
  [["--markdown"], /--markdown is a form of --against <base> or --compare/],
  [["--against=main", "--markdown", "--json"], /--markdown is a form of --against/],
  [["--json", "--tree"], /leave out --tree and --objects/],
])("%j cannot be meant", (args, message) => {
  expect(() => parseOptions(args)).toThrow(UsageError);
  expect(() => parseOptions(args)).toThrow(message);
});
