import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { kinds, schemaFile, strictSchema } from "./generate-kubernetes-schemas";

const stored = join(__dirname, "../app-chart/fixtures/kubernetes-schemas");

const api = {
  definitions: {
    "io.k8s.api.demo.v1.Box": {
      type: "object",
      description: "dropped",
      required: ["spec"],
      "x-kubernetes-group-version-kind": [{ group: "demo.io", version: "v1", kind: "Box" }],
      properties: {
        apiVersion: { type: "string" },
        kind: { type: "string" },
        spec: { $ref: "#/definitions/Spec", description: "dropped" },
      },
    },
    Spec: {
      type: "object",
      properties: {
        size: { $ref: "#/definitions/x.Quantity" },
        port: { $ref: "#/definitions/x.IntOrString" },
        inner: { type: "array", items: { $ref: "#/definitions/Spec" } },
        labels: { type: "object", additionalProperties: { type: "string" } },
      },
    },
    "x.Quantity": { type: "string" },
    "x.IntOrString": { type: "string", format: "int-or-string" },
    Unreached: { type: "object" },
  },
};

test("a schema keeps what a kind reaches, refuses unknown fields, and names its own kind", () => {
  expect(strictSchema(api, "demo.io/v1", "Box")).toEqual({
    $schema: "http://json-schema.org/draft-07/schema#",
    type: "object",
    required: ["spec", "apiVersion", "kind", "metadata"],
    additionalProperties: false,
    properties: {
      apiVersion: { const: "demo.io/v1" },
      kind: { const: "Box" },
      spec: { $ref: "#/definitions/Spec" },
    },
    definitions: {
      Spec: {
        type: "object",
        additionalProperties: false,
        properties: {
          size: { $ref: "#/definitions/x.Quantity" },
          port: { $ref: "#/definitions/x.IntOrString" },
          inner: { type: "array", items: { $ref: "#/definitions/Spec" } },
          labels: { type: "object", additionalProperties: { type: "string" } },
        },
      },
      "x.Quantity": { type: ["string", "number"] },
      "x.IntOrString": { type: ["string", "integer"] },
    },
  });
});

test("a kind that is not there is an error that names it", () => {
  expect(() => strictSchema(api, "v1", "Box")).toThrow("v1 Box is not in the OpenAPI document");
});

test("the stored schemas are those of the kinds in the table, named as kubeconform asks for them", () => {
  const files = readdirSync(stored).filter((file) => file.endsWith(".json"));
  expect(files.sort()).toEqual(kinds.map(([apiVersion, kind]) => schemaFile(apiVersion, kind)).sort());
  expect(schemaFile("rbac.authorization.k8s.io/v1", "RoleBinding")).toBe("rolebinding-rbac-v1.json");
  for (const [apiVersion, kind] of kinds) {
    const text = readFileSync(join(stored, schemaFile(apiVersion, kind)), "utf8");
    expect(JSON.parse(text)).toMatchObject({
      additionalProperties: false,
      properties: { apiVersion: { const: apiVersion }, kind: { const: kind } },
    });
  }
});
