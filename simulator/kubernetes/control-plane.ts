import { randomBytes } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Json } from "../../preview/engine/values";
import { Api, isMissing } from "./api";
import { components, type Files, filesIn, kwokArguments, type Ports } from "./components";
import { Hands } from "./hands";
import { pki } from "./pki";
import { freePorts, Processes } from "./processes";
import type { ControlPlane, ControlPlaneOptions, KubernetesObject } from "./types";

/**
 * Starts a control plane: etcd, API server, controller manager, scheduler and kwok, all genuine, about 700 MB
 * together and ready in some seconds; then the simulated cloud's hands in it. Any number run side by side.
 *
 * What is not there, because there are no containers: images, probes, DNS, the network between pods, logs.
 *
 * @throws when a process ends at once, with the end of its log
 */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const files = filesIn(options.folder);
  mkdirSync(files.logs, { recursive: true });
  await writeKeys(files, options);
  for (let attempt = 1; ; attempt++) {
    const processes = new Processes(files.logs);
    try {
      return await startProcesses(files, options, processes);
    } catch (error) {
      await processes.stop();
      // Another process may take a port between the look for a free one and its use.
      if (attempt === 3 || !String(error).includes("address already in use")) throw error;
    }
  }
}

async function startProcesses(
  files: Files,
  options: ControlPlaneOptions,
  processes: Processes,
): Promise<ControlPlane> {
  const [etcd, etcdPeer, apiserver] = (await freePorts(3)) as [number, number, number];
  const ports: Ports = { etcd, etcdPeer, apiserver };
  const caPem = readFileSync(join(files.keys, "ca.crt"), "utf8");
  const adminToken = writeTokens(files, options);
  writeFileSync(files.adminKubeconfig, kubeconfig(apiserver, caPem, adminToken), { mode: 0o600 });
  const api = new Api({ port: apiserver, caPem, token: adminToken });
  for (const { name, args } of components(files, ports, options)) {
    processes.start(name, options.tools.controlPlane, [name, ...args]);
    // The others would end at once if they did not find it.
    if (name === "kube-apiserver") {
      await processes.until(
        "the API server was ready",
        async () => (await api.connection.text("/readyz")) === "ok",
      );
    }
  }
  processes.start("kwok", options.tools.controlPlane, ["hold", options.tools.kwok, ...kwokArguments(files)]);
  // Without it no pod can be made.
  await processes.until("the first service account was made", async () => {
    await api.get("/api/v1/namespaces/default/serviceaccounts/default");
    return true;
  });
  processes.keep();
  const hands = new Hands(api, options.hooks);
  await hands.start();
  let stopped: Promise<void> | undefined;
  const stop = async () => {
    // A hook may wait for the cloud, and the cloud for something that never comes.
    await Promise.race([hands.stop(), new Promise((resolve) => setTimeout(resolve, 2000).unref())]);
    await processes.stop();
    api.connection.close();
  };
  return {
    port: apiserver,
    caPem,
    adminKubeconfig: files.adminKubeconfig,
    adminToken,
    api,
    setNodes: (group, nodes) => hands.nodes.set(group, nodes),
    removeNodes: (group) => hands.nodes.remove(group),
    apply: (manifests) => applyAll(api, manifests),
    remove: (manifests) => removeAll(api, manifests),
    stop: () => (stopped ??= stop()),
  };
}

/** Keys that are there already stay: the folder of a control plane that ran before keeps its identity. */
async function writeKeys(
  files: Files,
  { authority, serverNames, tools }: ControlPlaneOptions,
): Promise<void> {
  mkdirSync(files.keys, { recursive: true, mode: 0o700 });
  if (authority) {
    await pki(tools.controlPlane, "--folder", authority);
    for (const file of ["ca.crt", "ca.key"]) {
      if (!existsSync(join(files.keys, file))) copyFileSync(join(authority, file), join(files.keys, file));
    }
  }
  const names = ["127.0.0.1", "localhost", "kubernetes.default.svc", ...serverNames];
  await pki(tools.controlPlane, "--folder", files.keys, "--server", `apiserver=${names.join(",")}`);
}

/** The static tokens, as the API server reads them when it starts. */
function writeTokens(files: Files, { tokens = [] }: ControlPlaneOptions): string {
  const adminToken = randomBytes(24).toString("hex");
  const everybody = [{ token: adminToken, user: "simulator-admin", groups: ["system:masters"] }, ...tokens];
  const lines = everybody.map(
    ({ token, user, groups }) => `${token},"${user}","${user}","${groups.join(",")}"`,
  );
  writeFileSync(files.tokens, `${lines.join("\n")}\n`, { mode: 0o600 });
  return adminToken;
}

function kubeconfig(port: number, caPem: string, token: string): string {
  const name = "simulated";
  const authority = Buffer.from(caPem).toString("base64");
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      { name, cluster: { server: `https://127.0.0.1:${port}`, "certificate-authority-data": authority } },
    ],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
    users: [{ name, user: { token } }],
  });
}

async function applyAll(api: Api, manifests: readonly Json[]): Promise<void> {
  for (const manifest of manifests as unknown as readonly KubernetesObject[]) {
    await api.patch(await api.pathOf(manifest), manifest, "apply");
  }
}

async function removeAll(api: Api, manifests: readonly Json[]): Promise<void> {
  for (const manifest of [...(manifests as unknown as readonly KubernetesObject[])].reverse()) {
    try {
      await api.delete(await api.pathOf(manifest));
    } catch (error) {
      // A kind that is gone took its objects with it.
      if (!isMissing(error)) throw error;
    }
  }
}
