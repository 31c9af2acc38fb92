import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, normalize, dirname } from "node:path";
import * as ts from "typescript";

const root = join(__dirname, "..");

interface Import {
  readonly file: string;
  readonly module: string;
  readonly typeOnly: boolean;
}

/** Every import, `import()` and `require()` of the project's own TypeScript, read from the syntax tree. */
function imports(): Import[] {
  const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.ts"], {
    cwd: root,
    encoding: "utf8",
  })
    .split("\n")
    .filter((file) => file !== "" && !file.includes("fixtures/"));
  return files.flatMap((file) => importsOf(file, readFileSync(join(root, file), "utf8")));
}

function importsOf(file: string, text: string): Import[] {
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier) {
      const typeOnly = ts.isImportDeclaration(node)
        ? node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
        : node.isTypeOnly;
      found.push({ file, module: (node.moduleSpecifier as ts.StringLiteral).text, typeOnly });
    }
    if (ts.isCallExpression(node) && node.arguments[0] && ts.isStringLiteral(node.arguments[0])) {
      const callee = node.expression;
      const loads =
        callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === "require");
      if (loads) found.push({ file, module: node.arguments[0].text, typeOnly: false });
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest));
  return found;
}

const all = imports();
// Drills are tests, and nothing of the program may use them.
const isTest = (file: string) => /\.test\.ts$|^(testing|drills)\//.test(file);
const target = ({ file, module }: Import) =>
  module.startsWith(".") ? normalize(join(dirname(file), module)) : module;
const offences = (wrong: (i: Import) => boolean) => all.filter(wrong).map((i) => `${i.file} -> ${i.module}`);

test("the reader of imports sees every form", () => {
  const text = `import a from "a"; import type b from "b"; export * from "c"; const d = require("d"); void import("e");`;
  expect(importsOf("x.ts", text).map((i) => `${i.module} ${i.typeOnly}`)).toEqual([
    "a false",
    "b true",
    "c false",
    "d false",
    "e false",
  ]);
  expect(all.length).toBeGreaterThan(30);
});

test.each(["aws", "gcp"])("[P2] only components/%s loads that cloud's SDK", (cloud) => {
  const packages = cloud === "aws" ? /^@pulumi\/(aws|eks)(\/|$)/ : /^@pulumi\/gcp(\/|$)/;
  // The bench measures synthetic programs of its own, which nothing of the project loads.
  const elsewhere = (file: string) =>
    !file.startsWith(`components/${cloud}/`) && !file.startsWith("bench/programs/") && !isTest(file);
  expect(offences((i) => packages.test(i.module) && elsewhere(i.file))).toEqual([]);
});

test.each(["aws", "gcp"])("[P2] only stacks/ reaches into components/%s", (cloud) => {
  const folder = `components/${cloud}/`;
  const outside = (file: string) => !file.startsWith(folder) && !file.startsWith("stacks/") && !isTest(file);
  expect(offences((i) => target(i).startsWith(folder) && outside(i.file))).toEqual([]);
});

test("[P2] what is neutral never asks which cloud it is on", () => {
  const neutral = /^(components\/(platform|application)\/|components\/[^/]+\.ts$)/;
  const files = [...new Set(all.map((i) => i.file))].filter((file) => neutral.test(file) && !isTest(file));
  expect(files.length).toBeGreaterThan(5);
  const asking = files.filter(
    (file) =>
      /\bcluster\.cloud\b/.test(readFileSync(join(root, file), "utf8")) && !file.endsWith(".contract.ts"),
  );
  expect(asking).toEqual([]);
});

test("components never reach up into infra, stacks or preview", () => {
  const up = /^(infra|stacks|preview)\//;
  expect(offences((i) => i.file.startsWith("components/") && up.test(target(i)))).toEqual([]);
});

test("tests' tools are not loaded by the program", () => {
  const program = /^(infra|stacks|components)\//;
  expect(
    offences(
      (i) =>
        program.test(i.file) &&
        !isTest(i.file) &&
        !i.file.endsWith(".contract.ts") &&
        target(i).startsWith("testing/"),
    ),
  ).toEqual([]);
});
