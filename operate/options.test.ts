import { scripted } from "./fixtures/world";
import { main } from "./main";
import { parseOptions } from "./options";

test("a stack and what the command knows", () => {
  expect(parseOptions("up", ["s", "--allow", "a", "--allow", "b", "-y", "--json", "--check"])).toEqual({
    stack: "s",
    yes: true,
    allow: ["a", "b"],
    json: true,
    check: true,
    endEnvironments: false,
  });
  expect(parseOptions("kept", ["s"])).toEqual({
    stack: "s",
    yes: false,
    allow: [],
    json: false,
    check: false,
    endEnvironments: false,
  });
  expect(parseOptions("sleep", ["s", "--end-environments"])).toMatchObject({ endEnvironments: true });
});

test.each([
  [["up"], "name a stack"],
  [["up", "a", "b"], "one stack at a time, not also b"],
  [["up", "a", "--force"], "Unknown option '--force'"],
  [["kept", "a", "--yes"], "Unknown option '--yes'"],
  [["destroy", "a", "--allow", "b"], "Unknown option '--allow'"],
  [[], "npm run up -- <stack>"],
  [["down", "a"], "npm run kept -- <stack>"],
])("%j is refused with the way it is used", async (args, words) => {
  const world = scripted({});
  expect(await main(args, world)).toBe(2);
  expect(world.texts.err).toContain(words);
  expect(world.texts.err).toContain("npm run ");
});

test.each(["up", "destroy", "kept", "sleep", "wake"])("%s --help", async (command) => {
  const world = scripted({});
  expect(await main([command, "--help"], world)).toBe(0);
  expect(world.texts.out).toContain(`npm run ${command} -- <stack>`);
});

test("what nobody foresaw is not swallowed", async () => {
  await expect(main(["up", "s"], scripted({}))).rejects.toThrow("not scripted: pulumi preview");
});
