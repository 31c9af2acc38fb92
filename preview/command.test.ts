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
     const inputs = { region: "us-east-1", roleArn: "arn:aws:iam::123456789012:role/eks",
       upgradePolicy: { supportType: "STANDARD" }, vpcConfig: { subnetIds: ["subnet-0a", "subnet-0b"] } };
     if (new pulumi.Config().get("budget")) new pulumi.CustomResource("aws:eks/cluster:Cluster", "eks", inputs);
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
        ...(values["p:budget"] && {
          budget: { monthly: Number(values["p:budget"]), against: "fixed", unknownPrices: "refuse" } as const,
        }),
        faultText: faults.map(({ code, cause }) => `${code} ${cause}`).join("\n"),
      };
    },
  };
  return { code: await previewCommand(args, world), ...said };
};

describe("[O11] a stack with a cluster", () => {
  const stacks = ["dear", "cheap"];
  beforeAll(() => {
    for (const stack of stacks) {
      writeFileSync(
        join(root, `Pulumi.${stack}.yaml`),
        `config:\n  p:region: us-east-1\n  p:budget: ${stack === "dear" ? 73 : 72}\n`,
      );
    }
  });
  afterAll(() => stacks.forEach((stack) => rmSync(join(root, `Pulumi.${stack}.yaml`))));

  test("within its budget ends well, over it with 1 and the line that broke it", async () => {
    const within = await run("dear");
    expect([within.code, within.err]).toEqual([EXIT.ok, ""]);
    expect(within.out).toContain("within the budget of 73.00: the fixed cost is 73.00");
    const over = await run("cheap");
    expect(over.code).toBe(EXIT.refused);
    expect(over.out).toMatch(
      /over the budget of 72\.00: the fixed cost is 73\.00, 1\.00 too much\n +73\.00 {2}EKS/,
    );
    expect((await run("dear", "cheap")).code).toBe(EXIT.refused);
    expect((await run("cheap", "--json")).code).toBe(EXIT.refused);
  });

  test("shows its whole bill where it is asked for, and the alternatives that were planned", async () => {
    expect((await run("dear")).out).not.toContain("the dearest first");
    expect((await run("dear", "--cost")).out).toContain("US$ a month of 730 hours, the dearest first");
    const { stacks } = previewDocument.parse(JSON.parse((await run("dear", "--cost", "--json")).out));
    expect(stacks[0]!.cost).toMatchObject({ alternatives: [], budget: { verdict: "within" } });
  });
});

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
