import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { combinations, signIns, titleOf, valuesOf } from "./combinations";
import { run, template } from "./render";
import { describeWithTools } from "../testing/with-tools";

/** kubeconform's own words for where a kind's schema lies. */
const schemas = `${__dirname}/fixtures/kubernetes-schemas/{{.ResourceKind}}{{.KindSuffix}}.json`;
const values = valuesOf("gcp", signIns["both, google first"]!, "prod");

describeWithTools(["helm", "kubeconform"], "every combination", () => {
  test("[H1] 2 clouds × 6 ways to sign in × 3 profiles render to objects that Kubernetes 1.35 knows, field by field", () => {
    expect(combinations).toHaveLength(36);
    const folder = mkdtempSync(join(tmpdir(), "manifests-"));
    try {
      combinations.forEach((combination, i) => {
        const { ok, text } = template(combination.values);
        expect(`${titleOf(combination)}: ${ok ? "renders" : text}`).toBe(`${titleOf(combination)}: renders`);
        writeFileSync(join(folder, `${i}.yaml`), text);
      });
      const report = run("kubeconform", [
        "-strict",
        "-output",
        "json",
        "-summary",
        "-schema-location",
        schemas,
        folder,
      ]);
      expect(JSON.parse(report.text) as { summary: unknown; resources: unknown }).toEqual({
        resources: [],
        summary: { valid: 36 * 31, invalid: 0, errors: 0, skipped: 0 },
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("a field that Kubernetes does not have is refused, so the check above can fail", () => {
    const folder = mkdtempSync(join(tmpdir(), "manifests-"));
    try {
      const broken = template(values).text.replace("enableServiceLinks:", "enableServiceLink:");
      writeFileSync(join(folder, "broken.yaml"), broken);
      const report = run("kubeconform", ["-strict", "-schema-location", schemas, folder]);
      expect(report.ok).toBe(false);
      expect(report.text).toContain("enableServiceLink");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("the chart's text", () => {
  const files = (readdirSync(join(__dirname, "templates"), { recursive: true }) as string[]).filter((file) =>
    /\.(yaml|tpl|txt)$/.test(file),
  );

  test("[P3] no template names a cloud or anything of one", () => {
    expect(files.length).toBeGreaterThan(10);
    // AWS_REGION is a variable that a Cognito pool needs on either cloud, and the only such name in a template.
    const words = /\b(gcp|aws|eks|gke|google cloud|amazon|s3|gcs|iam|irsa)\b|\bif\b.*CLOUD_PROVIDER/i;
    for (const file of files) {
      const text = readFileSync(join(__dirname, "templates", file), "utf8");
      expect({ file, found: words.exec(text)?.[0] }).toEqual({ file, found: undefined });
    }
  });

  test("[N5] only needs.yaml asks the cluster, and only whether something is there: nothing it finds gets into an object", () => {
    const asking = files.filter((file) =>
      /\blookup\s/.test(readFileSync(join(__dirname, "templates", file), "utf8")),
    );
    expect(asking).toEqual(["needs.yaml"]);
    expect(readFileSync(join(__dirname, "templates/needs.yaml"), "utf8")).not.toMatch(/^\s*\w+:/m);
  });

  test("no template asks the clock or generates anything: the same values give the same text", () => {
    for (const file of files) {
      const text = readFileSync(join(__dirname, "templates", file), "utf8");
      expect(text).not.toMatch(/\b(now|randAlpha\w*|randNumeric|uuidv4|genSelfSignedCert|genCA|env)\s/);
    }
  });

  test("only requirements.yaml and needs.yaml fail a rendering", () => {
    const failing = files.filter((file) =>
      /\{\{-?\s*(fail|required)\b|\|\s*required\b/.test(
        readFileSync(join(__dirname, "templates", file), "utf8"),
      ),
    );
    expect(failing.sort()).toEqual(["needs.yaml", "requirements.yaml"]);
  });
});
