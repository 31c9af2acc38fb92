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
    last: false,
  });
  expect(parseOptions("kept", ["s"])).toEqual({
    stack: "s",
    yes: false,
    allow: [],
    json: false,
    check: false,
    endEnvironments: false,
    last: false,
  });
  expect(parseOptions("restore-drill", ["s", "--last"])).toMatchObject({ last: true });
  expect(parseOptions("reattach", ["s", "--volume", "v"])).toMatchObject({ volume: "v" });
  expect(parseOptions("sleep", ["s", "--end-environments"])).toMatchObject({ endEnvironments: true });
});

test.each([
  [["up"], "name a stack"],
  [["up", "a", "b"], "one stack at a time, not also b"],
  [["up", "a", "--force"], "Unknown option '--force'"],
  [["kept", "a", "--yes"], "Unknown option '--yes'"],
  [["destroy", "a", "--allow", "b"], "Unknown option '--allow'"],
  [["failover", "a", "--volume", "b"], "Unknown option '--volume'"],
  [[], "npm run up -- <stack>"],
  [["down", "a"], "npm run kept -- <stack>"],
])("%j is refused with the way it is used", async (args, words) => {
  const world = scripted({});
  expect(await main(args, world)).toBe(2);
  expect(world.texts.err).toContain(words);
  expect(world.texts.err).toContain("npm run ");
});

test.each(["up", "destroy", "kept", "sleep", "wake", "restore-drill", "failover", "reattach"])(
  "%s --help",
  async (command) => {
    const world = scripted({});
    expect(await main([command, "--help"], world)).toBe(0);
    expect(world.texts.out).toContain(`npm run ${command} -- <stack>`);
  },
);

test("what nobody foresaw is not swallowed", async () => {
  await expect(main(["up", "s"], scripted({}))).rejects.toThrow("not scripted: pulumi preview");
});
