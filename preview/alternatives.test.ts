import { join } from "node:path";
import { withAlternatives } from "./alternatives";
import { previewStack } from "./engine";
import { reportOf } from "./report/build";

jest.setTimeout(120_000);
const root = join(__dirname, "..");
const config = { faults: [], findings: [], toSupply: [] };

test("[O11] alternatives of a shipped stack are planned by its program and priced like it", async () => {
  const recording = await previewStack({ root, stack: "gcp-dev" });
  const plain = reportOf(recording, config);
  expect(plain.cost!.alternatives).toBeUndefined();
  const { cost } = await withAlternatives(plain, root);
  const half = cost!.alternatives!.find(({ what }) => what === "at most half as many user nodes")!;
  expect(half.set).toEqual({ "cmbcluster:gcp.nodes.users.max": 2 });
  const again = await previewStack({ root, stack: "gcp-dev", overrides: { ...half.set } });
  const difference = reportOf(again, config).cost!.totals.maximum - cost!.totals.maximum;
  expect(half.maximumDifference).toBeCloseTo(difference, 5);
  expect(half.maximumDifference).toBeLessThan(-100);
});

test("[O11] a plan without a bill has no alternatives", async () => {
  const recording = await previewStack({
    root,
    stack: "gcp-dev",
    overrides: { "cmbcluster:gcp.nodes.users.max": "many" },
  });
  const refused = reportOf(recording, config);
  expect([refused.exit, refused.cost]).toEqual(["refused", undefined]);
  expect(await withAlternatives(refused, root)).toBe(refused);
});
