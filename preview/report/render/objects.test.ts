import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { chartObjects } from "./objects";
import { awsGraph } from "../fixtures/aws";
import { gcpGraph } from "../fixtures/gcp";
import { Secret, UNKNOWN, type ValueMap } from "../../engine";

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
  expect(chartObjects(awsGraph().recording(), root, missing)).toBe(
    "  No Kubernetes objects: the application is installed once its images are named.\n",
  );
});

test("helm renders for the planned cluster's version, else for the oldest that the chart takes, else for its own", () => {
  const echo = helm('echo "$@"');
  const printed = (graph = gcpGraph()) => chartObjects(graph.recording(), root, echo);
  expect(printed()).not.toContain("--kube-version");
  writeFileSync(join(root, "app-chart", "Chart.yaml"), 'kubeVersion: ">=1.30.0-0"\n');
  expect(printed()).toContain("--kube-version 1.30\n");
  const planned = (type: string, inputs: ValueMap) => {
    const graph = gcpGraph();
    const resources = graph.resources.filter(({ type: one }) => one !== "gcp:container/cluster:Cluster");
    graph.resources.splice(0, Infinity, ...resources);
    graph.add(type, "planned", graph.root, inputs);
    return printed(graph);
  };
  expect(planned("aws:eks/cluster:Cluster", { version: "1.35" })).toContain("--kube-version 1.35\n");
  expect(planned("gcp:container/cluster:Cluster", { minMasterVersion: "1.34.1-gke.3" })).toContain(
    "--kube-version 1.34\n",
  );
});

test("what only up knows is put into the shape that the chart's schema asks for", () => {
  const schema = {
    properties: { map: { type: "object" }, list: { type: "array" }, text: { type: "string" } },
  };
  writeFileSync(
    join(root, "app-chart", "values.schema.json"),
    JSON.stringify({ properties: { in: schema } }),
  );
  const graph = gcpGraph();
  const values = {
    in: { map: UNKNOWN, list: UNKNOWN, text: UNKNOWN, other: UNKNOWN },
    out: UNKNOWN,
    token: new Secret("hush"),
  };
  const resources = graph.resources.map((one) =>
    one.inputs["chart"] === "./app-chart" ? { ...one, inputs: { ...one.inputs, values } } : one,
  );
  const printed = chartObjects({ ...graph.recording(), resources }, root, helm('cat "$7"'));
  expect(parse(printed)).toEqual({
    in: { map: { "[unknown]": "[unknown]" }, list: ["[unknown]"], text: "[unknown]", other: "[unknown]" },
    out: "[unknown]",
    token: "[secret]",
  });
});
