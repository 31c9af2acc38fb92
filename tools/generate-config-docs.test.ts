import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv2020, { type ValidateFunction } from "ajv/dist/2020";
import { parse } from "yaml";
import { checkConfig } from "../infra/config/check";
import { faultTitles } from "../infra/config/faults";
import { asMap } from "../infra/config/fixtures/configs";
import { secretNames } from "../infra/config/secret-keys";
import { drift, render, stackFileSchema } from "./generate-config-docs";

const root = join(__dirname, "..");
interface StackFile {
  config: Record<string, unknown>;
}
const read = (stack: string) => parse(readFileSync(join(root, `Pulumi.${stack}.yaml`), "utf8")) as StackFile;
const validator = (): ValidateFunction => new Ajv2020({ allowUnionTypes: true }).compile(stackFileSchema());

test("[C4] reference and editor schema are what the code makes of them today: npm run docs", () => {
  expect(drift()).toEqual([]);
});

test("[C4] the reference names every fault code and every secret", () => {
  const { text } = render()[0]!;
  for (const name of [...Object.keys(faultTitles), ...secretNames]) expect(text).toContain(name);
});

test("[C4] the reference shows a default that differs by profile, all three", () => {
  const { text } = render()[0]!;
  const row = text.split("\n").find((line) => line.startsWith("| `aws.nodes.users.instanceType`"))!;
  expect(row).toContain("`m6a.xlarge` / `m6a.xlarge` / `m6a.2xlarge`");
});

test.each(["gcp-dev", "aws-dev"])(
  "[C4] [P6] the shipped stack %s fits the schema, and has no fault",
  (stack) => {
    const validate = validator();
    const file = read(stack);
    expect(validate(file) || validate.errors).toBe(true);
    const own = Object.entries(file.config).map(
      ([key, value]) => [key.replace("cmbcluster:", ""), value] as const,
    );
    const { faults, settings } = checkConfig(asMap(Object.fromEntries(own)), []);
    expect(faults).toEqual([]);
    expect(settings?.cloud).toBe(stack.slice(0, 3));
  },
);

test.each<[string, Record<string, unknown>]>([
  ["an unknown key", { "cmbcluster:doman": "x" }],
  [
    "an unknown key deep down",
    { "cmbcluster:aws": { region: "us-east-1", nodes: { users: { maximum: 1 } } } },
  ],
  ["a secret in plain text", { "cmbcluster:sessionKey": "x".repeat(32) }],
  ["another cloud", { "cmbcluster:cloud": "azure" }],
  ["a cloud without its block", { "cmbcluster:aws": undefined }],
])("[C4] an editor marks %s", (_, change) => {
  const file = read("aws-dev");
  const config = Object.fromEntries(
    Object.entries({ ...file.config, ...change }).filter(([, value]) => value !== undefined),
  );
  expect(validator()({ config })).toBe(false);
});

test("[C4] an editor takes encrypted secrets, and keys of other namespaces", () => {
  const { config } = read("gcp-dev");
  const more = { "cmbcluster:googleClientSecret": { secure: "AAAB" }, "pulumi:tags": { a: "b" } };
  expect(validator()({ config: { ...config, ...more }, encryptionsalt: "v1:x" })).toBe(true);
});

test("[C4] nothing of the messages' own metadata leaks into the published schema", () => {
  expect(JSON.stringify(stackFileSchema())).not.toMatch(/"(fault|cause|alsoNumber|example|fallback)":/);
});
