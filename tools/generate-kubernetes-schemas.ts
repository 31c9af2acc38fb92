import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/**
 * Strict JSON Schemas of the kinds in the chart, from the OpenAPI document in Kubernetes' own Go module
 * (Apache-2.0): `npx tsx tools/generate-kubernetes-schemas.ts`, needed only when a kind or the version changes.
 * Strict: unlike the API server's, they refuse a field that does not exist.
 */
export const KUBERNETES_VERSION = "v1.35.4";

/** Every kind the chart renders, as apiVersion and kind. */
export const kinds = [
  ["v1", "ConfigMap"],
  ["v1", "LimitRange"],
  ["v1", "Pod"],
  ["v1", "PersistentVolumeClaim"],
  ["v1", "ResourceQuota"],
  ["v1", "Service"],
  ["v1", "ServiceAccount"],
  ["apps/v1", "Deployment"],
  ["autoscaling/v2", "HorizontalPodAutoscaler"],
  ["batch/v1", "CronJob"],
  ["networking.k8s.io/v1", "Ingress"],
  ["networking.k8s.io/v1", "NetworkPolicy"],
  ["policy/v1", "PodDisruptionBudget"],
  ["rbac.authorization.k8s.io/v1", "ClusterRole"],
  ["rbac.authorization.k8s.io/v1", "ClusterRoleBinding"],
  ["rbac.authorization.k8s.io/v1", "Role"],
  ["rbac.authorization.k8s.io/v1", "RoleBinding"],
  ["scheduling.k8s.io/v1", "PriorityClass"],
] as const;

type Schema = { [key: string]: unknown };

interface OpenApi {
  readonly definitions: Readonly<Record<string, Schema>>;
}

/** File name by which kubeconform finds the schema of a kind. */
export function schemaFile(apiVersion: string, kind: string): string {
  const [group, version] = apiVersion.includes("/") ? apiVersion.split("/") : ["", apiVersion];
  return `${[kind, ...(group ? [group.split(".")[0]] : []), version].join("-").toLowerCase()}.json`;
}

/** The schema of one kind with every definition it reaches, and nothing else. */
export function strictSchema(api: OpenApi, apiVersion: string, kind: string): Schema {
  const [group, version] = apiVersion.includes("/") ? apiVersion.split("/") : ["", apiVersion];
  const root = Object.entries(api.definitions).find(([, definition]) =>
    ((definition["x-kubernetes-group-version-kind"] ?? []) as Schema[]).some(
      (gvk) => gvk.group === group && gvk.version === version && gvk.kind === kind,
    ),
  )?.[0];
  if (!root) throw new Error(`${apiVersion} ${kind} is not in the OpenAPI document`);
  const definitions: Record<string, Schema> = {};
  const visit = (name: string) => {
    if (definitions[name]) return;
    definitions[name] = {};
    definitions[name] = strict(api.definitions[name]!, name, visit) as Schema;
  };
  visit(root);
  const { [root]: top, ...rest } = definitions;
  const properties = top!.properties as Schema;
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    ...top,
    properties: { ...properties, apiVersion: { const: apiVersion }, kind: { const: kind } },
    required: [...new Set([...((top!.required ?? []) as string[]), "apiVersion", "kind", "metadata"])],
    definitions: rest,
  };
}

const kept = ["type", "required", "enum", "format", "items", "properties", "additionalProperties", "$ref"];

function strict(schema: Schema, name: string, visit: (definition: string) => void): unknown {
  if (name.endsWith(".IntOrString")) return { type: ["string", "integer"] };
  if (name.endsWith(".Quantity")) return { type: ["string", "number"] };
  const copy = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return strict(value as Schema, "", visit);
  };
  const out: Schema = {};
  for (const key of kept.filter((each) => each in schema)) {
    const value = schema[key];
    if (key === "$ref") visit((value as string).replace("#/definitions/", ""));
    out[key] =
      key === "properties"
        ? Object.fromEntries(Object.entries(value as Schema).map(([k, inner]) => [k, copy(inner)]))
        : copy(value);
  }
  if (out.properties && !("additionalProperties" in out)) out.additionalProperties = false;
  return out;
}

function download(): OpenApi {
  const folder = mkdtempSync(join(tmpdir(), "kubernetes-schemas-"));
  const { stdout } = spawnSync(
    "go",
    ["mod", "download", "-json", `k8s.io/kubernetes@${KUBERNETES_VERSION}`],
    {
      cwd: folder,
      encoding: "utf8",
    },
  );
  const { Dir } = JSON.parse(stdout) as { Dir: string };
  return JSON.parse(readFileSync(join(Dir, "api/openapi-spec/swagger.json"), "utf8")) as OpenApi;
}

function main(): void {
  const target = resolve(__dirname, "../app-chart/fixtures/kubernetes-schemas");
  mkdirSync(target, { recursive: true });
  const api = download();
  for (const [apiVersion, kind] of kinds) {
    const text = JSON.stringify(strictSchema(api, apiVersion, kind));
    writeFileSync(join(target, schemaFile(apiVersion, kind)), `${text}\n`);
  }
}

if (require.main === module) main();
