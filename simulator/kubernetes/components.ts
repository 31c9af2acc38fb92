import { join } from "node:path";
import type { ControlPlaneOptions } from "./types";

/** One process of the control plane. */
export interface Component {
  readonly name: string;
  readonly args: readonly string[];
}

/** Ports on loopback. */
export interface Ports {
  readonly etcd: number;
  readonly etcdPeer: number;
  readonly apiserver: number;
}

/** Where each kind of file of a control plane lies. */
export interface Files {
  readonly keys: string;
  readonly data: string;
  readonly logs: string;
  readonly tokens: string;
  readonly adminKubeconfig: string;
}

/** Files of a control plane by its folder. */
export function filesIn(folder: string): Files {
  return {
    keys: join(folder, "keys"),
    data: join(folder, "etcd"),
    logs: join(folder, "logs"),
    tokens: join(folder, "keys", "tokens.csv"),
    adminKubeconfig: join(folder, "admin.kubeconfig"),
  };
}

/**
 * Controllers that have nothing to do here: they watch what no container, no cloud and no autoscaler of pods ever
 * writes. Disks are attached by nobody, so nobody may wait for it.
 */
const idleControllers = [
  "horizontal-pod-autoscaler-controller",
  "certificatesigningrequest-signing-controller",
  "certificatesigningrequest-approving-controller",
  "certificatesigningrequest-cleaner-controller",
  "podcertificaterequest-cleaner-controller",
  "node-ipam-controller",
  "persistentvolume-attach-detach-controller",
  "resourceclaim-controller",
  "device-taint-eviction-controller",
  "legacy-serviceaccount-token-cleaner-controller",
  "storageversion-garbage-collector-controller",
  "storage-version-migrator-controller",
  "selinux-warning-controller",
  "ttl-controller",
];

/**
 * The processes in the order of their start. Flags as in `--help` of Kubernetes 1.35 and etcd 3.6; what is not said
 * keeps its default, so admission is what a new cluster has: Pod Security, quotas, default storage classes.
 */
export function components(files: Files, ports: Ports, options: ControlPlaneOptions): Component[] {
  const key = (name: string) => join(files.keys, name);
  const etcd = `http://127.0.0.1:${ports.etcd}`;
  const peer = `http://127.0.0.1:${ports.etcdPeer}`;
  return [
    {
      name: "etcd",
      args: [
        `--data-dir=${files.data}`,
        `--listen-client-urls=${etcd}`,
        `--advertise-client-urls=${etcd}`,
        `--listen-peer-urls=${peer}`,
        `--initial-advertise-peer-urls=${peer}`,
        `--initial-cluster=default=${peer}`,
        "--log-level=warn",
        // What a killed process wrote is with the system all the same; only a power cut would lose it.
        "--unsafe-no-fsync",
        "--quota-backend-bytes=536870912",
      ],
    },
    {
      name: "kube-apiserver",
      args: [
        `--etcd-servers=${etcd}`,
        "--bind-address=127.0.0.1",
        "--advertise-address=127.0.0.1",
        `--secure-port=${ports.apiserver}`,
        `--tls-cert-file=${key("apiserver.crt")}`,
        `--tls-private-key-file=${key("apiserver.key")}`,
        `--client-ca-file=${key("ca.crt")}`,
        `--token-auth-file=${files.tokens}`,
        `--service-account-issuer=${options.serviceAccountIssuer ?? "https://kubernetes.default.svc"}`,
        `--service-account-key-file=${key("sa.pub")}`,
        `--service-account-signing-key-file=${key("sa.key")}`,
        "--authorization-mode=Node,RBAC",
        "--enable-admission-plugins=NodeRestriction",
        "--allow-privileged=true",
        "--service-cluster-ip-range=172.20.0.0/16",
        "--endpoint-reconciler-type=none",
        "--profiling=false",
      ],
    },
    {
      name: "kube-controller-manager",
      args: [
        `--kubeconfig=${files.adminKubeconfig}`,
        "--leader-elect=false",
        "--secure-port=0",
        `--service-account-private-key-file=${key("sa.key")}`,
        `--root-ca-file=${key("ca.crt")}`,
        `--controllers=*,${idleControllers.map((name) => `-${name}`).join(",")}`,
        // The nodes are simulated: one that is silent because the machine is busy is not dead.
        "--node-monitor-grace-period=1h",
        "--kube-api-qps=200",
        "--kube-api-burst=400",
        "--profiling=false",
      ],
    },
    {
      name: "kube-scheduler",
      args: [
        `--kubeconfig=${files.adminKubeconfig}`,
        "--leader-elect=false",
        "--secure-port=0",
        "--profiling=false",
      ],
    },
  ];
}

/** kwok keeps the nodes alive, and plays their pods by the stages of this folder. */
export function kwokArguments(files: Files): string[] {
  return [
    `--kubeconfig=${files.adminKubeconfig}`,
    `--config=${join(__dirname, "pod-stages.yaml")}`,
    "--manage-all-nodes=true",
    "--node-lease-duration-seconds=600",
    "--cidr=10.244.0.0/16",
    "--node-ip=10.0.0.1",
  ];
}
