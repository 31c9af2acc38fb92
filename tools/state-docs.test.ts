import { readFileSync } from "node:fs";
import { join } from "node:path";

const read = (name: string) => readFileSync(join(__dirname, "..", "docs", name), "utf8");

/** Commands of a document that say where the state lives, continuation lines joined. */
function stateCommands(text: string): string[] {
  return text
    .replace(/\\\n\s*/g, "")
    .split("\n")
    .filter((line) => /^pulumi (login|stack init) /.test(line));
}

test.each(["guide-gcp.md", "guide-aws.md"])("[O16] %s sets the state up as docs/state.md says", (guide) => {
  const commands = stateCommands(read(guide));
  expect(commands.map((line) => line.split(" ").slice(0, 3)[1])).toEqual(["login", "stack"]);
  expect(commands[1]).toContain("--secrets-provider=");
  expect(stateCommands(read("state.md"))).toEqual(expect.arrayContaining(commands));
});

test.each([
  ["guide-gcp.md", "gcp-dev"],
  ["guide-aws.md", "aws-dev"],
])("[O5] %s ends a stack by the command that asks the cloud first, not by plain Pulumi", (guide, stack) => {
  const text = read(guide);
  expect(text).toContain(`\nnpm run destroy -- ${stack}\n`);
  expect(text).not.toMatch(/^pulumi destroy/m);
});
