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

/** An object as a list of the API shows it, as far as it is read here. */
export interface KubernetesObject {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
}

/** Reads from a cluster's API. A test brings its own. */
export type ListObjects = (path: string) => Promise<readonly KubernetesObject[]>;

/** The cluster, or the tool that makes its token, gave no answer; the text is theirs. */
export class ClusterSilent extends Error {}

/**
 * Lists objects through a kubeconfig: the token comes from the cloud's own tool, as for kubectl, which need not be
 * installed for it.
 *
 * @throws ClusterSilent from each call that gets no list
 */
export function listThrough(kubeconfig: string, run: Run): ListObjects {
  const { clusters, users } = JSON.parse(kubeconfig) as Kubeconfig;
  const { server, "certificate-authority-data": authority } = clusters[0].cluster;
  // An address without TLS is that of `kubectl proxy`.
  const { Agent, request } = server.startsWith("https:") ? https : http;
  // proxyEnv (Node 24.5) lets HTTPS_PROXY count, as it does for kubectl; older ones ignore the option.
  const agent = new Agent({
    ...(authority && { ca: Buffer.from(authority, "base64") }),
    ...{ proxyEnv: process.env },
  });
  return async (path) => {
    const token = await tokenOf(users[0].user.exec, run);
    const answer = await get(request, new URL(path, server), token, agent);
    return (JSON.parse(answer) as { readonly items: readonly KubernetesObject[] }).items;
  };
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

function get(request: typeof https.request, url: URL, token: string, agent: http.Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string) => reject(new ClusterSilent(`${url.host}: ${reason}`));
    const headers = { authorization: `Bearer ${token}`, accept: "application/json" };
    const call = request(url, { agent, headers, timeout: 20_000 }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => (body += part));
      response.on("end", () => {
        if (response.statusCode === 200) resolve(body);
        else fail(`HTTP ${response.statusCode} ${body.slice(0, 200)}`);
      });
    });
    call.on("timeout", () => call.destroy(new Error("no answer within 20 s")));
    call.on("error", (error) => fail(error.message));
    call.end();
  });
}
