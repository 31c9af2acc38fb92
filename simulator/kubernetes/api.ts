import { ApiError, type Call, Connection, type Endpoint } from "./http";
import type { KubernetesApi, KubernetesObject, PatchKind } from "./types";

const contentTypes: Readonly<Record<PatchKind, string>> = {
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  json: "application/json-patch+json",
  // JSON is YAML, and the server takes it as such.
  apply: "application/apply-patch+yaml",
};

/** Owner of the fields that the cloud writes. */
const FIELD_MANAGER = "simulated-cloud";

interface ResourceList {
  readonly resources: readonly {
    readonly name: string;
    readonly kind: string;
    readonly namespaced: boolean;
  }[];
}

/** {@link KubernetesApi} over HTTPS. */
export class Api implements KubernetesApi {
  readonly connection: Connection;
  private readonly kinds = new Map<string, { plural: string; namespaced: boolean }>();

  constructor(endpoint: Endpoint) {
    this.connection = new Connection(endpoint);
  }

  get<T = KubernetesObject>(path: string): Promise<T> {
    return this.connection.json<T>(path);
  }

  async list<T = KubernetesObject>(path: string): Promise<T[]> {
    const { items, kind, apiVersion } = await this.get<{ items: object[]; kind: string; apiVersion: string }>(
      path,
    );
    return items.map((item) => ({ apiVersion, kind: kind.replace(/List$/, ""), ...item }) as T);
  }

  create<T = KubernetesObject>(path: string, body: unknown): Promise<T> {
    return this.connection.json<T>(path, { method: "POST", body });
  }

  replace<T = KubernetesObject>(path: string, body: unknown): Promise<T> {
    return this.connection.json<T>(path, { method: "PUT", body });
  }

  patch<T = KubernetesObject>(path: string, body: unknown, kind: PatchKind = "merge"): Promise<T> {
    const query = kind === "apply" ? `?fieldManager=${FIELD_MANAGER}&force=true` : "";
    const call: Call = { method: "PATCH", body, contentType: contentTypes[kind] };
    return this.connection.json<T>(`${path}${query}`, call);
  }

  async delete(path: string, options: { readonly graceSeconds?: number } = {}): Promise<boolean> {
    const body = {
      apiVersion: "v1",
      kind: "DeleteOptions",
      propagationPolicy: "Background",
      ...(options.graceSeconds === undefined ? {} : { gracePeriodSeconds: options.graceSeconds }),
    };
    try {
      await this.connection.json(path, { method: "DELETE", body });
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  async pathOf(object: Parameters<KubernetesApi["pathOf"]>[0]): Promise<string> {
    const { apiVersion, kind, metadata } = object;
    const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const { plural, namespaced } = await this.kind(root, apiVersion, kind);
    const within = namespaced ? `/namespaces/${metadata.namespace ?? "default"}` : "";
    return [`${root}${within}/${plural}`, metadata.name].filter(Boolean).join("/");
  }

  private async kind(root: string, apiVersion: string, kind: string) {
    const key = `${apiVersion}/${kind}`;
    if (!this.kinds.has(key)) {
      const { resources } = await this.get<ResourceList>(root);
      for (const { name, kind: each, namespaced } of resources) {
        if (!name.includes("/")) this.kinds.set(`${apiVersion}/${each}`, { plural: name, namespaced });
      }
    }
    const known = this.kinds.get(key);
    if (!known) throw new ApiError(404, "NotFound", `the cluster has no kind ${key}`);
    return known;
  }
}

/** Whether the API server said that there is no such thing. */
export function isMissing(error: unknown): boolean {
  return error instanceof ApiError && error.code === 404;
}

/** Whether somebody else wrote in between, or the thing is there already: look again. */
export function isConflict(error: unknown): boolean {
  return error instanceof ApiError && error.code === 409;
}
