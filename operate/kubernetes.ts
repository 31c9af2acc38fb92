import * as http from "node:http";
import * as https from "node:https";
import type { Run } from "./process";

/** The parts of a kubeconfig that the program writes (components/<cloud>/kubeconfig.ts). */
interface Kubeconfig {
  readonly clusters: readonly [
    { readonly cluster: { readonly server: string; readonly "certificate-authority-data"?: string } },
  ];
  readonly users: readonly [
    { readonly user: { readonly exec: { readonly command: string; readonly args?: readonly string[] } } },
  ];
}

/** An object of the API, as far as it is read here. */
export interface KubernetesObject {
  readonly metadata: {
    readonly name: string;
    readonly uid?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
}

/** Reads from a cluster's API. A test brings its own. */
export type ListObjects = (path: string) => Promise<readonly KubernetesObject[]>;

/** Reads from a cluster's API and changes what is there. Every call throws {@link ClusterSilent} for no answer. */
export interface ClusterApi {
  readonly list: ListObjects;
  /** An object, undefined where there is none of the name. */
  get(path: string): Promise<KubernetesObject | undefined>;
  create(path: string, object: object): Promise<KubernetesObject>;
  /** Changes the fields that are named (JSON merge patch); null takes one away. */
  change(path: string, fields: object): Promise<void>;
  /** Deletes an object, at once where no grace is left to it; one that is gone already is no fault. */
  remove(path: string, graceSeconds?: number): Promise<void>;
}

/** The cluster, or the tool that makes its token, gave no answer; the text is theirs. */
export class ClusterSilent extends Error {}

/**
 * A cluster's API through a kubeconfig: the token comes from the cloud's own tool, as for kubectl, which need not be
 * installed for it.
 */
export function reach(kubeconfig: string, run: Run): ClusterApi {
  const { clusters, users } = JSON.parse(kubeconfig) as Kubeconfig;
  const { server, "certificate-authority-data": authority } = clusters[0].cluster;
  // An address without TLS is that of `kubectl proxy`.
  const { Agent, request } = server.startsWith("https:") ? https : http;
  // proxyEnv (Node 24.5) lets HTTPS_PROXY count, as it does for kubectl; older ones ignore the option.
  const agent = new Agent({
    ...(authority && { ca: Buffer.from(authority, "base64") }),
    ...{ proxyEnv: process.env },
  });
  const call = async (method: string, path: string, body?: object, type = "application/json") => {
    const token = await tokenOf(users[0].user.exec, run);
    const headers = { authorization: `Bearer ${token}`, accept: "application/json", "content-type": type };
    const answer = await exchange(request, new URL(path, server), { method, agent, headers }, body);
    if (answer.status === 404 && method !== "POST") return undefined;
    if (answer.status >= 300)
      throw new ClusterSilent(`${new URL(server).host}: HTTP ${answer.status} ${answer.body.slice(0, 200)}`);
    return JSON.parse(answer.body) as KubernetesObject & { readonly items?: readonly KubernetesObject[] };
  };
  return {
    // A path that is not there is no empty list.
    list: async (path) => {
      const list = await call("GET", path);
      if (!list?.items) throw new ClusterSilent(`${new URL(server).host}: there is no ${path}`);
      return list.items;
    },
    get: (path) => call("GET", path),
    create: async (path, object) => (await call("POST", path, object))!,
    change: async (path, fields) => {
      if (!(await call("PATCH", path, fields, "application/merge-patch+json")))
        throw new ClusterSilent(`${new URL(server).host}: there is no ${path}`);
    },
    remove: async (path, graceSeconds) =>
      void (await call(
        "DELETE",
        path,
        graceSeconds === undefined ? {} : { gracePeriodSeconds: graceSeconds },
      )),
  };
}

/**
 * Lists objects through a kubeconfig.
 *
 * @throws ClusterSilent from each call that gets no list
 */
export function listThrough(kubeconfig: string, run: Run): ListObjects {
  return reach(kubeconfig, run).list;
}

async function tokenOf(exec: Kubeconfig["users"][0]["user"]["exec"], run: Run): Promise<string> {
  const environment = { KUBERNETES_EXEC_INFO: JSON.stringify(EXEC_INFO) };
  const options = { output: "captured", environment, timeout: 60_000 } as const;
  const finished = await run(exec.command, exec.args ?? [], options);
  if (finished.code !== 0) throw new ClusterSilent(`${exec.command}: ${finished.stderr.trim()}`);
  return (JSON.parse(finished.stdout) as { readonly status: { readonly token: string } }).status.token;
}

/** What an exec plugin is told about its caller (client.authentication.k8s.io/v1beta1). */
const EXEC_INFO = {
  apiVersion: "client.authentication.k8s.io/v1beta1",
  kind: "ExecCredential",
  spec: { interactive: false },
};

interface Exchanged {
  readonly status: number;
  readonly body: string;
}

function exchange(
  request: typeof https.request,
  url: URL,
  options: https.RequestOptions,
  body: object | undefined,
): Promise<Exchanged> {
  const content = body === undefined ? "" : JSON.stringify(body);
  // Node announces no length for a DELETE by itself, and what follows would pass for another request.
  const headers = { ...options.headers, ...(body && { "content-length": Buffer.byteLength(content) }) };
  return new Promise((resolve, reject) => {
    const call = request(url, { ...options, headers, timeout: 20_000 }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => (text += part));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body: text }));
    });
    call.on("timeout", () => call.destroy(new Error("no answer within 20 s")));
    call.on("error", (error) => reject(new ClusterSilent(`${url.host}: ${error.message}`)));
    call.end(content);
  });
}
