import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { overBudget } from "./budget";

const project = join(__dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "budget-"));
for (const name of readdirSync(project)) {
  if (name === "Pulumi.yaml") copyFileSync(join(project, name), join(folder, name));
  else if (!name.startsWith(".") && !name.startsWith("Pulumi."))
    symlinkSync(join(project, name), join(folder, name));
}
afterAll(() => rmSync(folder, { recursive: true }));

/** The shipped AWS stack with this budget. */
async function judged(budget: string): Promise<string> {
  const shipped = readFileSync(join(project, "Pulumi.aws-dev.yaml"), "utf8");
  writeFileSync(join(folder, "Pulumi.test.yaml"), `${shipped}\n  cmbcluster:budget: ${budget}\n`);
  return overBudget(folder, "test");
}

test("[O11] a bill over its budget is refused with the dearest lines and both ways out", async () => {
  const text = await judged("{ monthly: 5 }");
  expect(text).toMatch(
    /^test costs [\d.]+ US\$ a month at list prices, over the budget of 5\.00 US\$ a month \(fixed\)\n/,
  );
  expect(text.split("\n")).toHaveLength(7);
  expect(text).toContain("on purpose: pulumi config set --path cmbcluster:budget.monthly <US$>");
}, 60_000);

test("[O11] one within it, and a stack without a budget, go on", async () => {
  expect(await judged("{ monthly: 100000 }")).toBe("");
  expect(await overBudget(project, "aws-dev")).toBe("");
}, 60_000);
