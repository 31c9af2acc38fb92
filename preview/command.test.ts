import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EXIT, previewCommand, type Surroundings } from "./command";
import { previewDocument } from "./report/document";

jest.setTimeout(60_000);
const finding = {
  code: "CMB-C014",
  key: "p:region",
  value: "x",
  cause: "there is no region x",
  fix: "name one",
};
let root: string;

/** A project whose program is a few lines; the real one is previewed by its own tests. */
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "preview-command-"));
  symlinkSync(join(__dirname, "../node_modules"), join(root, "node_modules"));
  writeFileSync(join(root, "package.json"), '{ "main": "index.ts" }');
  writeFileSync(join(root, "Pulumi.yaml"), "name: p\n");
  writeFileSync(join(root, "Pulumi.good.yaml"), "config:\n  p:region: eu\n");
  writeFileSync(join(root, "Pulumi.bad.yaml"), "config:\n  p:region: x\n");
  writeFileSync(
    join(root, "index.ts"),
    `import * as pulumi from "@pulumi/pulumi";
     new pulumi.ComponentResource("cmb:aws:Cluster", "c");
     export const region = new pulumi.Config().require("region");`,
  );
});
afterAll(() => rmSync(root, { recursive: true }));

const run = async (...args: string[]) => {
  const said = { out: "", err: "" };
  const world: Surroundings = {
    root,
    cwd: root,
    environment: {},
    isTerminal: false,
    out: (text) => (said.out += text),
    err: (text) => (said.err += text),
    findHelm: () => ({ missing: "no helm" }),
    check: ({ values }) => {
      const faults = values["p:region"] === "x" ? [finding] : [];
      return {
        faults,
        findings: [],
        toSupply: [],
        faultText: faults.map(({ code, cause }) => `${code} ${cause}`).join("\n"),
      };
    },
  };
  return { code: await previewCommand(args, world), ...said };
};

test("a sound stack is planned, and the command ends well", async () => {
  const { code, out, err } = await run("good", "--tree", "--objects");
  expect(err).toBe("");
  expect(code).toBe(EXIT.ok);
  expect(out).toContain("good   AWS · preview, nothing is created");
  expect(out).toContain("cmb:aws:Cluster c");
  expect(out).toContain("No Kubernetes objects: ");
});

test("without names all stacks are planned; the faults of one are printed, and the command fails", async () => {
  const { code, out } = await run();
  expect(code).toBe(EXIT.refused);
  expect(out).toContain("bad   1 fault of configuration, nothing was planned");
  expect(out).toContain("CMB-C014 there is no region x");
  expect(out).toContain("good   AWS");
});

test("as JSON it is one document that fits the published type, faults included", async () => {
  const { code, out } = await run("--json");
  expect(code).toBe(EXIT.refused);
  const document = previewDocument.parse(JSON.parse(out));
  expect(document.stacks.map(({ stack, exit, findings }) => [stack, exit, findings.length])).toEqual([
    ["bad", "refused", 1],
    ["good", "ok", 0],
  ]);
  expect(document.stacks[1]!.outputs).toEqual({ region: "eu" });
});

test("a page is written where the caller is, and its path printed", async () => {
  const { code, out } = await run("good", "--html", "page.html");
  expect([code, out]).toEqual([EXIT.ok, `${join(root, "page.html")}\n`]);
  expect(readFileSync(join(root, "page.html"), "utf8")).toContain("<title>Preview of good</title>");
});

test("side by side takes one stack on each cloud, and names what there is", async () => {
  const { code, err } = await run("good", "--compare");
  expect([code, err]).toEqual([
    EXIT.usage,
    "--compare takes one stack on each cloud, not good (aws): name two\n",
  ]);
  const program = readFileSync(join(root, "index.ts"), "utf8");
  writeFileSync(join(root, "Pulumi.other.yaml"), "config:\n  p:region: us\n");
  writeFileSync(
    join(root, "index.ts"),
    program.replace("cmb:aws:", 'cmb:" + (pulumi.getStack() === "other" ? "gcp" : "aws") + ":'),
  );
  const text = await run("good", "other", "--compare");
  const markdown = await run("good", "other", "--compare", "--markdown");
  const json = await run("good", "other", "--compare", "--json");
  writeFileSync(join(root, "index.ts"), program);
  rmSync(join(root, "Pulumi.other.yaml"));
  expect(text.out).toContain("good on AWS, other on Google Cloud");
  expect(markdown.out).toContain("# The two clouds side by side");
  expect(previewDocument.parse(JSON.parse(json.out)).comparison).toMatchObject({ aws: "good", gcp: "other" });
});

test("help is printed on request", async () => {
  expect(await run("--help")).toMatchObject({
    code: EXIT.ok,
    out: expect.stringContaining("--color=<when>") as string,
  });
});

test("a stack that does not exist, and an option that does not, name what there is", async () => {
  expect(await run("prod")).toEqual({
    code: EXIT.usage,
    out: "",
    err: 'no stack "prod"; there is bad, good\n',
  });
  const { code, err } = await run("--color=pink");
  expect(code).toBe(EXIT.usage);
  expect(err).toContain("always, never, auto");
});

test("a stack file that is no YAML is a refusal, not a crash", async () => {
  writeFileSync(join(root, "Pulumi.broken.yaml"), "config: [");
  const { code, err } = await run("broken");
  rmSync(join(root, "Pulumi.broken.yaml"));
  expect(code).toBe(EXIT.refused);
  expect(err).toContain("is not valid YAML");
});

test("a folder without stacks is told", async () => {
  const empty = mkdtempSync(join(tmpdir(), "preview-empty-"));
  const err = jest.fn();
  const world = { root: empty, err } as unknown as Surroundings;
  expect(await previewCommand([], world)).toBe(EXIT.usage);
  expect(err).toHaveBeenCalledWith(expect.stringContaining("there is no stack"));
  rmSync(empty, { recursive: true });
});
