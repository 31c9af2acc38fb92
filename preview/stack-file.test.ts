import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  listStacks,
  projectName,
  readStackFile,
  StackFileError,
  toStackConfig,
  withOverrides,
} from "./stack-file";

let root: string;
const write = (name: string, text: string) => writeFileSync(join(root, name), text);
const read = (text: string) => {
  write("Pulumi.dev.yaml", text);
  return readStackFile(root, "dev");
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "stack-file-"));
  write("Pulumi.yaml", "name: cmbcluster\n");
});
afterEach(() => rmSync(root, { recursive: true }));

test("stacks are found by their files, sorted, the project's own file left out", () => {
  for (const name of ["Pulumi.b.yaml", "Pulumi.a.yml", "Pulumi.yaml.bak", "values.yaml"])
    write(name, "config: {}");
  expect(listStacks(root)).toEqual(["a", "b"]);
  expect(readStackFile(root, "a").path).toBe(join(root, "Pulumi.a.yml"));
});

test("the project is named by Pulumi.yaml", () => {
  expect(projectName(root)).toBe("cmbcluster");
  write("Pulumi.yaml", "runtime: nodejs\n");
  expect(() => projectName(root)).toThrow("names no project");
  write("Pulumi.yaml", "name: p\nconfig: { a: 1 }\n");
  expect(() => projectName(root)).toThrow("reads settings from Pulumi.<stack>.yaml only");
});

test("settings arrive as the CLI would hand them over: text, and JSON for what is not", () => {
  const { settings } = read(
    'config:\n  p:s: x\n  p:b: true\n  p:n: 5\n  p:o: {a: [1, "2"]}\n  aws:config:region: eu\n  p:empty:\n',
  );
  expect(toStackConfig(settings)).toEqual({
    values: { "p:s": "x", "p:b": "true", "p:n": "5", "p:o": '{"a":[1,"2"]}', "aws:region": "eu" },
    secretKeys: [],
  });
});

test("a secret, alone or deep inside, becomes the unknown mark, and its key is listed", () => {
  const { settings } = read(
    "config:\n  p:t: {secure: v1:abc}\n  p:o: {a: [{secure: v1:def}], b: 1}\n  p:c: x\n",
  );
  const config = toStackConfig(settings);
  expect(config.values["p:t"]).toBe("04da6b54-80e4-46f7-96ec-b56ff0331ba9");
  expect(JSON.parse(config.values["p:o"]!)).toEqual({ a: ["04da6b54-80e4-46f7-96ec-b56ff0331ba9"], b: 1 });
  expect(config.secretKeys).toEqual(["p:t", "p:o"]);
  expect(JSON.stringify(config)).not.toContain("v1:");
});

test("an empty file, and one without settings, is a stack without settings", () => {
  expect(read("").settings).toEqual({});
  expect(read("encryptionsalt: v1:x\n").settings).toEqual({});
});

test("imported environments are named", () => {
  expect(read("environment:\n  - a/b\n  - merge: x\n").environments).toEqual(["a/b"]);
});

test.each([
  ["no YAML", "config: [", "is not valid YAML"],
  ["a key twice", "config:\n  p:a: 1\n  p:a: 2\n", "is not valid YAML"],
  [
    "a key without namespace",
    "config:\n  region: eu\n",
    'the key "region" needs a namespace, as in "cmbcluster:region"',
  ],
  ["a key with half a namespace", 'config:\n  ":region": eu\n', "needs a namespace"],
  ["a list of settings", "config: [a]\n", '"config" must hold settings by key'],
  ["a text", "hello\n", 'expected "config:"'],
  [
    "a number that would lose its zero",
    "config:\n  p:id: 012345678912\n",
    ":2: write 012345678912 in quotes",
  ],
  ["a number that is too long", "config:\n  p:id: 12345678901234567890\n", "in quotes"],
])("%s is told with the file's path", (_what, text, message) => {
  expect(() => read(text)).toThrow(StackFileError);
  expect(() => read(text)).toThrow(message);
  expect(() => read(text)).toThrow(join(root, "Pulumi.dev.yaml"));
});

test("a stack without a file is told with those that have one", () => {
  expect(() => readStackFile(root, "prod")).toThrow("there is no stack file at all");
  write("Pulumi.dev.yaml", "");
  expect(() => readStackFile(root, "prod")).toThrow('no stack "prod": Pulumi.prod.yaml does not exist');
  expect(() => readStackFile(root, "prod")).toThrow("(there is dev)");
});

test("overrides change, add and remove at a path, in the project's namespace unless another is named", () => {
  const settings = { "p:aws": { region: "a", zones: ["x"] }, "p:gone": 1 };
  expect(
    withOverrides(
      settings,
      { "aws.region": "b", "aws.zones[1]": "y", "aws.nodes.max": 5, gone: undefined, "aws:region": "c" },
      "p",
    ),
  ).toEqual({ "p:aws": { region: "b", zones: ["x", "y"], nodes: { max: 5 } }, "aws:region": "c" });
  expect(settings["p:aws"].region).toBe("a");
});
