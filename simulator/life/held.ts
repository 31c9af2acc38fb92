import { gunzipSync } from "node:zlib";
import { parseAllDocuments } from "yaml";
import { thousandthsOf } from "../kubernetes/quantity";

/** What Helm keeps of a release in a Secret, encoded by Helm and then by Kubernetes (helm v3, storage/driver/util.go). */
export function manifestOf(release: string): Manifest[] {
  const zipped = Buffer.from(Buffer.from(release, "base64").toString(), "base64");
  const { manifest } = JSON.parse(gunzipSync(zipped).toString()) as { manifest: string };
  return parseAllDocuments(manifest)
    .map((document) => document.toJS() as Manifest | null)
    .filter((object) => object !== null);
}

/** An object as it was sent. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** Paths, without values, at which what is held does not have what was sent. More may be held: defaults, what controllers add. */
export function missingFrom(held: unknown, sent: unknown, path = ""): string[] {
  // Kubernetes leaves away what is nothing.
  if (held === undefined && isNothing(sent)) return [];
  if (Array.isArray(sent)) {
    if (!Array.isArray(held)) return [path];
    return sent.flatMap((each, i) => missingFrom(held[i], each, `${path}[${i}]`));
  }
  if (typeof sent === "object" && sent !== null) {
    if (typeof held !== "object" || held === null) return [path];
    return Object.entries(sent).flatMap(([key, value]) =>
      missingFrom((held as Record<string, unknown>)[key], value, `${path}.${key}`),
    );
  }
  return held === sent || sameQuantity(path, held, sent) ? [] : [path];
}

function isNothing(value: unknown): boolean {
  if (typeof value === "object") return value === null || Object.values(value).every(isNothing);
  return value === "" || value === false || value === 0;
}

/** Sizes are held as Kubernetes writes them: `0.5` as `500m`. */
function sameQuantity(path: string, held: unknown, sent: unknown): boolean {
  if (!/\.(requests|limits|hard|default|defaultRequest|max|min|sizeLimit)\b/.test(path)) return false;
  const amount = thousandthsOf(String(held));
  return amount !== undefined && amount === thousandthsOf(String(sent));
}
