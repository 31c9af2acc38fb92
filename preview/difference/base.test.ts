import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { previewDocument } from "../report/document";
import { storedSecrets } from "./secrets";
import { scratchRepository } from "./fixtures/scratch";

jest.setTimeout(120_000);

/** A program as small as can be, with what decides about its outcome in the stack file. */
const small = `
import * as pulumi from "@pulumi/pulumi";
const config = new pulumi.Config("p");
if (config.get("broken")) throw new pulumi.RunError("CMB-C001 broken on purpose");
new pulumi.ComponentResource("cmb:aws:Cluster", "c");
export const word = config.get("word");
`;
const check = `export const checkConfig = (values: Record<string, string>) => ({
  faults: [], toSupply: [],
  findings: [{ code: "CMB-N001", key: "p:word", message: values["p:word"] ?? "none" }],
});`;

const scratch = scratchRepository({ "index.ts": small, "Pulumi.dev.yaml": "config:\n  p:word: one\n" });
afterAll(() => scratch.remove());
const restore = () => scratch.git("checkout", "--quiet", ".");
afterEach(restore);

const { run } = scratch;

const differences = async (...args: string[]) =>
  previewDocument.parse(JSON.parse((await run(...args, "--json")).out)).differences!;

test("a document of --json serves as a base, and says what it cannot tell of secrets", async () => {
  const { out } = await run("dev", "--json");
  writeFileSync(join(scratch.root, ".cache-base.json"), out);
  const [same] = await differences("dev", "--against", ".cache-base.json");
  expect(same).toMatchObject({ base: ".cache-base.json", state: "compared", changes: { resources: [] } });
  expect(same!.warnings).toEqual([expect.stringContaining("a document does not hold secrets")]);
  scratch.write({ "Pulumi.dev.yaml": "config:\n  p:word: two\n" });
  const [changed] = await differences("dev", "--against", ".cache-base.json");
  expect(changed!.changes!.outputs).toEqual([{ path: "word", before: "one", after: "two" }]);
});

test("a file that is no such document is refused with the reason, and so is a revision that git lacks", async () => {
  const write = (name: string, text: string) => writeFileSync(join(scratch.root, name), text);
  write(".cache-a.json", "no");
  write(".cache-b.json", '{ "version": 99 }');
  write(".cache-c.json", '{ "version": 1 }');
  for (const [base, words] of [
    [".cache-a.json", "is no JSON document"],
    [".cache-b.json", "it has version 99, this preview reads 1"],
    [".cache-c.json", "stacks: "],
    ["no-such-branch", "neither a file nor a revision that git knows here"],
    ["-x", "is no revision"],
  ] as const) {
    const { code, err } = await run("dev", `--against=${base}`);
    expect([code, err]).toEqual([2, expect.stringContaining(words)]);
  }
});

test("a base that cannot be planned is told as that, with its reason; the command's end is that of the plan", async () => {
  scratch.write({ "Pulumi.dev.yaml": "config:\n  p:broken: yes\n" });
  scratch.git("commit", "--quiet", "--all", "--message", "broken");
  scratch.write({ "Pulumi.dev.yaml": "config:\n  p:word: one\n" });
  const { code, out } = await run("dev", "--against", "HEAD");
  expect(code).toBe(0);
  expect(out).toContain("the base cannot be previewed: nothing is compared");
  expect(out).toContain("CMB-C001 broken on purpose");
  const markdown = await run("dev", "--against", "HEAD", "--markdown");
  expect(markdown.out).toContain("**⚠️ Why nothing is compared (1)**");
  // The other way round it is the plan that has no end.
  restore();
  const worse = await run("dev", "--against", "HEAD~1");
  expect(worse.code).toBe(1);
  expect(worse.out).toContain("this plan has no sound end: nothing is compared");
  scratch.git("reset", "--quiet", "--hard", "HEAD~1");
});

test("a stack file of the base that is no YAML is told, not thrown", async () => {
  scratch.write({ "Pulumi.dev.yaml": "config: [" });
  scratch.git("commit", "--quiet", "--all", "--message", "no yaml");
  scratch.write({ "Pulumi.dev.yaml": "config:\n  p:word: one\n" });
  const [one] = await differences("dev", "--against", "HEAD");
  expect(one).toMatchObject({
    state: "no base",
    reason: expect.stringContaining("is not valid YAML") as string,
  });
  scratch.git("reset", "--quiet", "--hard", "HEAD~1");
});

test("a stack that only one side has is new, or gone with all it has", async () => {
  scratch.write({ "Pulumi.new.yaml": "config:\n  p:word: x\n" });
  const found = await differences("--against", "HEAD");
  expect(found.map(({ stack, state }) => [stack, state])).toEqual([
    ["dev", "compared"],
    ["new", "new stack"],
  ]);
  scratch.git("rm", "--quiet", "Pulumi.dev.yaml");
  const gone = await differences("--against", "HEAD");
  expect(gone.map(({ stack, state }) => [stack, state])).toEqual([
    ["new", "new stack"],
    ["dev", "stack gone"],
  ]);
  expect(gone[1]!.changes!.resources.map(({ action }) => action)).toEqual(["delete", "delete"]);
  scratch.git("reset", "--quiet", "--hard");
});

test("the base's configuration is checked by its own rules; without any it is said", async () => {
  const [without] = await differences("dev", "--against", "HEAD");
  expect(without!.warnings).toEqual([expect.stringContaining("own check")]);
  expect(without!.changes).not.toHaveProperty("findings");
  scratch.git("checkout", "--quiet", "-b", "checked");
  writeFileSync(join(scratch.root, "check.ts"), check);
  scratch.git(
    "update-index",
    "--add",
    "--cacheinfo",
    `100644,${scratch.git("hash-object", "-w", "check.ts").trim()},infra/config/check.ts`,
  );
  scratch.git("commit", "--quiet", "--message", "with a check");
  const [own] = await differences("dev", "--against", "checked");
  expect(own!.warnings).toEqual([]);
  expect(own!.changes!.findings!.gone).toEqual([
    { kind: "remark", code: "CMB-N001", key: "p:word", text: "one" },
  ]);
  scratch.git("checkout", "--quiet", "--force", "main");
});

test("other packages are said: nothing is fetched for a comparison", async () => {
  scratch.write({ "package-lock.json": '{ "name": "x" }' });
  const [one] = await differences("dev", "--against", "HEAD");
  expect(one!.warnings[0]).toContain("package-lock.json");
});

test("[C3] a secret setting stored anew is told by its name; neither its value nor its stored form is", async () => {
  const file = (cipher: string) => `config:\n  p:word: one\n  p:auth:\n    key:\n      secure: ${cipher}\n`;
  scratch.write({ "Pulumi.dev.yaml": file("v1:old") });
  scratch.git("commit", "--quiet", "--all", "--message", "a secret");
  scratch.write({ "Pulumi.dev.yaml": file("v1:new") });
  const { out } = await run("dev", "--against", "HEAD");
  expect(out).toContain("~ p:auth.key (stored anew): changed, secret");
  expect(out).not.toContain("v1:");
  expect(storedSecrets(scratch.root, "no-such")).toEqual(new Map());
  const [gone] = (await differences("dev", "--against", "HEAD~1")).map(
    ({ changes }) => changes!.secretSettings,
  );
  expect(gone).toEqual(["p:auth.key (new)"]);
  scratch.git("reset", "--quiet", "--hard", "HEAD~1");
});
