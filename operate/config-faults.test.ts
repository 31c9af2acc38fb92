import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StackFileError } from "../preview/stack-file";
import { configFaults, wantedCloud } from "./config-faults";

const folder = mkdtempSync(join(tmpdir(), "faults-"));
const file = (name: string, text: string) => writeFileSync(join(folder, `Pulumi.${name}.yaml`), text);
afterAll(() => rmSync(folder, { recursive: true }));

test("[C1] faults of a stack file are told as an up would, placeholders among them", () => {
  expect(configFaults(join(__dirname, ".."), "aws-dev")).toMatch(
    /^the configuration of stack aws-dev has \d+ faults\n[^]*CMB-C059/,
  );
  file("one", "config:\n  cmbcluster:cloud: azure\n");
  expect(configFaults(folder, "one")).toContain("CMB-C005");
});

test("the cloud that a file names, unless it is none", () => {
  expect(wantedCloud(join(__dirname, ".."), "gcp-dev")).toBe("gcp");
  file("two", "config:\n  cmbcluster:cloud: azure\n");
  expect(wantedCloud(folder, "two")).toBeUndefined();
});

test("settings out of an environment are not known here: the program checks them", () => {
  file("esc", "environment:\n  - team\nconfig:\n  cmbcluster:cloud: azure\n");
  expect(configFaults(folder, "esc")).toBe("");
});

test("a stack without a file is refused by name", () => {
  expect(() => configFaults(folder, "none")).toThrow(StackFileError);
});
