import { SCRIPT } from "../../components/application/admission/wait-for-walls";
import { REGISTRY } from "./place";
import { bucketOf, type SentContainer, type SentPod, type Wish } from "./sent";

/** A pod that differs from the application's in one thing that somebody could want. */
export interface Hostile {
  readonly name: string;
  /** Another wish than the usual, as one user's choices in the application could make it. */
  readonly wish?: Partial<Wish>;
  /** What is changed in the pod, as a fault in the backend, or whoever speaks for it, could. */
  readonly change?: (pod: SentPod) => void;
  /** A part of the message with which it is refused. */
  readonly refused: string | RegExp;
}

/** The one that another user's environment runs as. */
export const victim = { user: "victim-1", mail: "ada.b@example.org", environment: "0badf00d" } as const;

const main = (pod: SentPod): SentContainer => pod.spec.containers[0]!;
const annotate = (name: string, value: string) => (pod: SentPod) =>
  void (pod.metadata.annotations[name] = value);
const spec = (fields: object) => (pod: SentPod) => void Object.assign(pod.spec, fields);
const container = (fields: object) => (pod: SentPod) => void Object.assign(main(pod), fields);
const waiting = (fields: object) => (pod: SentPod) => void Object.assign(pod.spec.initContainers[0]!, fields);
const security = (fields: object) => (pod: SentPod) => void Object.assign(main(pod).securityContext, fields);
const volume = (source: object) => (pod: SentPod) => {
  pod.spec.volumes.push({ name: "brought", ...source });
  main(pod).volumeMounts.push({ name: "brought", mountPath: "/brought" });
};
const variable = (entry: { name: string; value?: string; valueFrom?: unknown }) => (pod: SentPod) =>
  void main(pod).env!.push(entry);

/** Refused on every cloud. Each is sent alone; what each would give is in its name. */
export const hostile: readonly Hostile[] = [
  // Another's data by the mount.
  {
    name: "the bucket of another user",
    wish: { bucket: bucketOf(victim.user) },
    refused: "not the user's own",
  },
  {
    name: "a bucket with a custom_name",
    wish: { bucket: "my-own-science-bucket" },
    refused: /custom_name|not the user's own/,
  },
  { name: "no bucket at all", wish: { bucket: "" }, refused: /not mended|not the user's own|custom_name/ },
  { name: "the database's bucket", wish: { bucket: "cmb-test-db" }, refused: /custom_name|user's own/ },
  {
    name: "one bucket in the variables, another in the volume",
    change: (pod) => {
      const entry = main(pod).env!.find(({ name }) => name === "STORAGE_BUCKET")!;
      entry.value = bucketOf(victim.user);
    },
    refused: "same bucket",
  },
  {
    name: "a second USER_ID, the bucket's owner's",
    wish: { bucket: bucketOf(victim.user) },
    change: variable({ name: "USER_ID", value: victim.user }),
    refused: "USER_ID, ENV_ID and STORAGE_BUCKET are there once",
  },
  {
    name: "a mail address that becomes another's label, with the other's bucket",
    wish: { mail: "ada-b@example.org", bucket: bucketOf(victim.user) },
    refused: "not the user's own",
  },
  {
    name: "a mail address that becomes another's label, with the other's env-id: its secrets",
    wish: { mail: "ada-b@example.org", environment: victim.environment },
    change: (pod) => void (pod.metadata.name = `${pod.metadata.name}2`),
    refused: /env-id/,
  },
  {
    name: "the claim of another's environment, beside its own",
    change: volume({ persistentVolumeClaim: { claimName: "user-victim" } }),
    refused: /volumes of an environment|Mounted are/,
  },
  {
    name: "the claim of the database in the place of its bucket",
    change: (pod) => {
      pod.spec.volumes = [
        { name: "user-workspace", persistentVolumeClaim: { claimName: "cmbcluster-database" } },
      ];
    },
    refused: /not mended|not as it is mended|not the user's own/,
  },
  {
    name: "the name of the database's claim, which is there already, with its own bucket",
    change: (pod) => void (pod.metadata.name = "cmbcluster-database"),
    refused: "as the application names it",
  },
  {
    name: "the name of another's environment, whose claim may still be there, with its own bucket",
    change: (pod) => void (pod.metadata.name = `user-ada-b-example-org-${victim.environment}-1760000000`),
    refused: "as the application names it",
  },
  // The node.
  {
    name: "a directory of the node",
    change: volume({ hostPath: { path: "/" } }),
    refused: /volumes of an environment|Mounted are/,
  },
  { name: "the node's network", change: spec({ hostNetwork: true }), refused: /network|hostPort/ },
  { name: "the node's processes", change: spec({ hostPID: true }), refused: /processes/ },
  { name: "the node's IPC", change: spec({ hostIPC: true }), refused: /processes/ },
  {
    name: "a port of the node",
    change: container({ ports: [{ containerPort: 8888, hostPort: 8888 }] }),
    refused: "port of the node",
  },
  {
    name: "privileged",
    change: security({ privileged: true }),
    refused: /privileged/,
  },
  {
    name: "an added capability",
    change: security({ capabilities: { add: ["NET_RAW"] } }),
    refused: "capability",
  },
  { name: "root in the container", change: security({ runAsUser: 0 }), refused: /user and group|root/ },
  { name: "a bare /proc", change: security({ procMount: "Unmasked" }), refused: /proc/ },
  {
    name: "another seccomp profile for the pod's own sake",
    change: security({ appArmorProfile: { type: "Unconfined" } }),
    refused: /AppArmor/,
  },
  {
    name: "AppArmor off, by annotation",
    change: annotate("container.apparmor.security.beta.kubernetes.io/cmbagent", "unconfined"),
    refused: /annotation|AppArmor|apparmor/,
  },
  {
    name: "settings of the kernel",
    change: (pod) => void (pod.spec.securityContext.sysctls = [{ name: "net.ipv4.ip_forward", value: "1" }]),
    refused: /sysctls/,
  },
  {
    name: "processes shared between containers",
    change: spec({ shareProcessNamespace: true }),
    refused: /processes/,
  },
  {
    name: "a device",
    change: container({ resources: { limits: { "example.com/gpu": "1" } } }),
    refused: /local disk/,
  },
  // The Kubernetes API, and what lies in the namespace.
  {
    name: "the backend's account",
    change: spec({ serviceAccountName: "cmbcluster-ksa", serviceAccount: "cmbcluster-ksa" }),
    refused: "account of an environment",
  },
  {
    name: "a token for the Kubernetes API, projected",
    change: volume({
      projected: { sources: [{ serviceAccountToken: { path: "token", expirationSeconds: 3600 } }] },
    }),
    refused: /volumes of an environment|Mounted are/,
  },
  {
    name: "the backend's secrets as a volume",
    change: volume({ secret: { secretName: "cmbcluster-backend-secrets" } }),
    refused: /volumes of an environment|Mounted are/,
  },
  {
    name: "another's files in the place of its own",
    wish: { files: true },
    change: (pod) => {
      (pod.spec.volumes[1] as { secret: { secretName: string } }).secret.secretName =
        `user-files-ada-b-example-org-${victim.environment}`;
    },
    refused: "its own",
  },
  {
    name: "the backend's secrets as variables",
    change: container({ envFrom: [{ secretRef: { name: "cmbcluster-backend-secrets" } }] }),
    refused: "its own",
  },
  {
    name: "one key of a secret as a variable",
    change: variable({
      name: "KEY",
      valueFrom: { secretKeyRef: { name: "cmbcluster-backend-secrets", key: "SECRET_KEY" } },
    }),
    refused: "Variables are plain",
  },
  {
    name: "the pod's own fields as a volume",
    change: volume({ downwardAPI: { items: [{ path: "a", fieldRef: { fieldPath: "metadata.uid" } }] } }),
    refused: /volumes of an environment|Mounted are/,
  },
  {
    name: "a label of the chart's own selectors",
    change: (pod) => void (pod.metadata.labels["app.kubernetes.io/name"] = "cmbcluster"),
    refused: "labels of an environment",
  },
  {
    name: "labels of nobody's environment",
    change: (pod) => void (pod.metadata.labels = { app: "x" }),
    refused: "labels of an environment",
  },
  // Places and priorities.
  {
    name: "a node of its choice",
    change: spec({ nodeName: "users-0" }),
    refused: /nodeName|labels of an environment/,
  },
  {
    name: "nodes of its choice",
    change: spec({
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: "cmb.dev/pool", operator: "In", values: ["system"] }] },
            ],
          },
        },
      },
    }),
    refused: "affinity",
  },
  {
    name: "a priority above all others",
    change: spec({ priorityClassName: "system-node-critical" }),
    refused: /riority/,
  },
  { name: "another scheduler", change: spec({ schedulerName: "own" }), refused: "scheduler" },
  { name: "another namespace", wish: { namespace: "kube-system" }, refused: /forbidden|does not match/ },
  // What it runs, and what runs beside it.
  { name: "an image from elsewhere", wish: { image: "ghcr.io/evil/miner:1" }, refused: "Images come from" },
  { name: "an image without a registry", wish: { image: "ubuntu" }, refused: "Images come from" },
  {
    name: "an image from a registry whose name begins like the own",
    wish: { image: `${REGISTRY}.evil.example/x:1` },
    refused: "Images come from",
  },
  {
    name: "a second container",
    change: (pod) => void pod.spec.containers.push({ ...main(pod), name: "second" }),
    refused: /one container/,
  },
  {
    name: "an init container of its own",
    change: (pod) => void pod.spec.initContainers.push({ ...pod.spec.initContainers[0]!, name: "own" }),
    refused: /one container/,
  },
  // A container that starts before the network's walls stand.
  {
    name: "a waiting container with one argument more",
    change: waiting({ args: ["-c", "exit 0", "sh"] }),
    refused: "waits for the network's walls",
  },
  {
    name: "a waiting container that runs another program",
    change: waiting({ command: ["/bin/true"] }),
    refused: "waits for the network's walls",
  },
  {
    name: "a waiting container that looks for the API server elsewhere",
    change: waiting({ env: [{ name: "KUBERNETES_SERVICE_HOST", value: "240.0.0.1" }] }),
    refused: "waits for the network's walls",
  },
  {
    name: "a bucket mounted over the programs of the waiting container",
    change: waiting({ volumeMounts: [{ name: "user-workspace", mountPath: "/usr/../bin" }] }),
    refused: "over no program",
  },
  {
    name: "a hook that the node follows",
    change: container({
      lifecycle: { postStart: { httpGet: { host: "169.254.169.254", port: 80, path: "/" } } },
    }),
    refused: "lifecycle",
  },
  {
    name: "a probe that the node sends elsewhere",
    change: container({ livenessProbe: { httpGet: { host: "10.0.0.1", port: 80, path: "/" } } }),
    refused: "Probes",
  },
  {
    name: "names of its own for other hosts",
    change: spec({ hostAliases: [{ ip: "10.0.0.1", hostnames: ["api.cmb.example.org"] }] }),
    refused: "hostAliases",
  },
  {
    name: "credentials of a registry",
    change: spec({ imagePullSecrets: [{ name: "cmbcluster-backend-secrets" }] }),
    refused: "imagePullSecrets",
  },
  {
    name: "a finalizer, so that it never goes",
    change: (pod) => void (pod.metadata.finalizers = ["example.org/never"]),
    refused: "held by nothing",
  },
  {
    name: "an hour to end in",
    change: spec({ terminationGracePeriodSeconds: 3600 }),
    refused: "within 30 seconds",
  },
  {
    name: "more memory than the largest environment",
    change: container({
      resources: { requests: { cpu: "1", memory: "1Gi" }, limits: { cpu: "1", memory: "512Gi" } },
    }),
    refused: /maximum memory/,
  },
];

/** Let in, with what was asked for taken away. */
export const harmless: readonly (Omit<Hostile, "refused"> & { readonly gone: (pod: SentPod) => unknown })[] =
  [
    {
      name: "tolerations for the platform's nodes",
      change: spec({ tolerations: [{ operator: "Exists" }] }),
      gone: ({ spec }) =>
        (spec.tolerations as { key?: string }[]).filter(({ key }) => !key?.startsWith("node.kubernetes.io/")),
    },
    {
      name: "a selector of the platform's nodes",
      change: spec({ nodeSelector: { "cmb.dev/pool": "system" } }),
      gone: ({ spec }) =>
        Object.entries(spec.nodeSelector as Record<string, string>).filter(([, value]) => value !== "users"),
    },
    {
      name: "root for the whole pod",
      change: (pod) => void (pod.spec.securityContext.runAsUser = 0),
      gone: ({ spec }) => (spec.securityContext.runAsUser === 1000 ? [] : spec.securityContext.runAsUser),
    },
    {
      name: "privilege escalation",
      change: security({ allowPrivilegeEscalation: true }),
      gone: (pod) => (main(pod).securityContext.allowPrivilegeEscalation === false ? [] : "allowed"),
    },
    {
      name: "seccomp off",
      change: security({ seccompProfile: { type: "Unconfined" } }),
      gone: (pod) =>
        (main(pod).securityContext.seccompProfile as { type: string }).type === "RuntimeDefault" ? [] : "off",
    },
    {
      name: "service links: the names of others",
      change: spec({ enableServiceLinks: true }),
      gone: ({ spec }) => (spec.enableServiceLinks === false ? [] : "on"),
    },
    {
      name: "a waiting container that says it has waited",
      change: waiting({ args: ["-c", "# The network walls first.\nexit 0"] }),
      gone: ({ spec }) =>
        spec.initContainers.filter(
          ({ name, args = [] }) => name === "wait-for-mount" && !args[1]?.startsWith(SCRIPT),
        ),
    },
    {
      name: "another image for the container that waits",
      change: (pod) => void (pod.spec.initContainers[0]!.image = "ghcr.io/evil/busybox"),
      gone: ({ spec }) =>
        spec.initContainers.filter(({ name, image }) => name === "wait-for-mount" && image.includes("evil")),
    },
  ];
