import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chartObjects } from "./objects";
import { awsGraph } from "../fixtures/aws";
import { gcpGraph } from "../fixtures/gcp";

let root: string;
const helm = (script: string) => {
  const path = join(root, "helm");
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return () => ({ path });
};
const missing = () => ({ missing: "helm is not here" });
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "objects-"));
  mkdirSync(join(root, "app-chart"));
  writeFileSync(join(root, "app-chart", "Chart.yaml"), "name: app-chart\n");
});
afterEach(() => rmSync(root, { recursive: true }));

test("the chart is rendered by helm with the recorded values, name and namespace", () => {
  const printed = chartObjects(gcpGraph().recording(), root, helm('echo "$@"; cat "$7"'));
  expect(printed).toContain(`template cmbcluster ${join(root, "app-chart")} --namespace cmbcluster --values`);
  expect(printed).toContain("claim: the-database");
});

test("what helm refuses is told in its words", () => {
  expect(chartObjects(gcpGraph().recording(), root, helm("echo bad value >&2; exit 1"))).toBe(
    "  no objects: bad value\n",
  );
  expect(chartObjects(gcpGraph().recording(), root, helm("exit 1"))).toBe("  no objects: helm failed\n");
});

test("without helm, and without a release, it says so", () => {
  expect(chartObjects(gcpGraph().recording(), root, missing)).toBe("  no objects: helm is not here\n");
  expect(chartObjects(awsGraph().recording(), root, missing)).toContain("not installed yet");
});
