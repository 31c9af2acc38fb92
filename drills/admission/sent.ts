import { createHash } from "node:crypto";
import type { CloudName } from "../../components/cmb-cluster";
import { USER_SERVICE_ACCOUNT } from "../../components/naming";

/** Who asks for an environment, and which. */
export interface Wish {
  readonly cloud: CloudName;
  readonly namespace: string;
  readonly user: string;
  readonly mail: string;
  /** Eight hexadecimal digits, drawn by the backend. */
  readonly environment: string;
  /** Default the user's own. */
  readonly bucket?: string;
  readonly image: string;
  /** Whether the user keeps secret files. */
  readonly files?: boolean;
}

/** The name that the application gives the bucket of a user. */
export function bucketOf(user: string): string {
  return `andromeda-nebula-${createHash("md5").update(user).digest("hex").slice(0, 8)}-1760000000`;
}

/** The mail address as it stands in labels and names: two addresses may become the same. */
export function safe(mail: string): string {
  return mail
    .toLowerCase()
    .replace(/[^a-z0-9-]/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 63);
}

/** Options and attributes of the inline volume on each cloud. */
const inline = {
  aws: (bucketName: string) => ({
    driver: "s3.csi.aws.com",
    volumeAttributes: { bucketName, region: "eu-central-1", mountOptions: "allow-delete,uid=1000,gid=1000" },
  }),
  gcp: (bucketName: string) => ({
    driver: "gcsfuse.csi.storage.gke.io",
    volumeAttributes: { bucketName, mountOptions: "implicit-dirs,uid=1000,gid=1000" },
  }),
};

/** A pod as JSON, to be read and changed freely. */
export interface SentPod {
  apiVersion: "v1";
  kind: "Pod";
  metadata: {
    name: string;
    namespace: string;
    labels: Record<string, string>;
    annotations: Record<string, string>;
    [field: string]: unknown;
  };
  spec: {
    initContainers: SentContainer[];
    containers: SentContainer[];
    volumes: Record<string, unknown>[];
    securityContext: Record<string, unknown>;
    serviceAccountName: string;
    [field: string]: unknown;
  };
}

/** A container of it. */
export interface SentContainer {
  name: string;
  image: string;
  args?: string[];
  env?: { name: string; value?: string; valueFrom?: unknown }[];
  envFrom?: unknown[];
  securityContext: Record<string, unknown>;
  volumeMounts: Record<string, unknown>[];
  [field: string]: unknown;
}

/**
 * The very pod that the application's pod manager sends, field for field (CMBAgents/cmbcluster commit 27019b7,
 * backend/pod_manager.py, `_build_pod_spec_with_storage`), with its fault: the volume has another name than its mounts.
 */
export function sentPod(wish: Wish): SentPod {
  const { cloud, namespace, user, mail, environment, image } = wish;
  const bucket = wish.bucket ?? bucketOf(user);
  const label = safe(mail);
  const home = "/cmbagent";
  const mount = { name: "user-workspace", mountPath: home };
  const securityContext = { runAsUser: 1000, runAsGroup: 1000, allowPrivilegeEscalation: false };
  const test = ["/bin/sh", "-c", `test -d ${home} && test -w ${home}`];
  const files = wish.files ? [{ name: "user-files", mountPath: "/app/secrets", readOnly: true }] : [];
  const variables: Readonly<Record<string, string>> = {
    USER_ID: user,
    USER_EMAIL: mail,
    ENV_ID: environment,
    HUB_URL: "https://api.cmb.example.org",
    WORKSPACE_DIR: home,
    STORAGE_BUCKET: bucket,
    STORAGE_TYPE: "cloud_storage",
    HOME: home,
    MPLCONFIGDIR: `${home}/.matplotlib`,
    GCSFUSE_MAX_RETRY_SLEEP: "30",
  };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `user-${label.slice(0, 20)}-${environment}-1760000001`,
      namespace,
      labels: { app: "cmbagent", "user-id": label, "env-id": environment, component: "user-pod" },
      annotations: {
        "user.email": mail,
        "env.id": environment,
        "storage.id": "6f1c",
        "storage.bucket": bucket,
        "created.at": "2026-01-01T00:00:00",
        "managed.by": "cmbcluster",
        "app.name": "cmbagent",
        ...(cloud === "gcp" && {
          "gke-gcsfuse/volumes": "true",
          "iam.gke.io/gcp-service-account": "cmb-test-workload-sa@science-project.iam.gserviceaccount.com",
        }),
      },
    },
    spec: {
      initContainers: [
        {
          name: "wait-for-mount",
          image: "busybox:latest",
          command: ["/bin/sh"],
          args: ["-c", `until touch ${home}/.mount_test; do sleep 2; done`],
          volumeMounts: [mount],
          securityContext: { ...securityContext },
        },
      ],
      containers: [
        {
          name: "cmbagent",
          image,
          ports: [{ containerPort: 8888, name: "ui" }],
          env: Object.entries(variables).map(([name, value]) => ({ name, value })),
          envFrom: [{ secretRef: { name: `user-env-${label}-${environment}` } }],
          resources: { requests: { cpu: "0.5", memory: "1Gi" }, limits: { cpu: "1.0", memory: "2Gi" } },
          volumeMounts: [{ ...mount }, ...files],
          workingDir: home,
          securityContext: { ...securityContext },
          startupProbe: { exec: { command: test }, initialDelaySeconds: 10, failureThreshold: 30 },
          readinessProbe: { exec: { command: test }, initialDelaySeconds: 5, periodSeconds: 10 },
        },
      ],
      volumes: [
        { name: "user-workspace-fuse", csi: inline[cloud](bucket) },
        ...(wish.files
          ? [
              {
                name: "user-files",
                secret: { secretName: `user-files-${label}-${environment}`, defaultMode: 0o600 },
              },
            ]
          : []),
      ],
      restartPolicy: "Never",
      serviceAccountName: USER_SERVICE_ACCOUNT,
      securityContext: { fsGroup: 1000 },
    },
  };
}

/** The same as GKE's own webhook hands it on, which is asked before any other: with its side car in front. */
export function withSideCar(pod: SentPod): SentPod {
  const volumes = ["tmp", "buffer", "cache"];
  const sideCar: SentContainer = {
    name: "gke-gcsfuse-sidecar",
    image: "gke.gcr.io/gcs-fuse-csi-driver-sidecar-mounter:v1.23.7-gke.0",
    imagePullPolicy: "IfNotPresent",
    args: ["--v=5"],
    env: [{ name: "NATIVE_SIDECAR", value: "TRUE" }],
    resources: {
      requests: { cpu: "250m", memory: "256Mi", "ephemeral-storage": "5Gi" },
      limits: { cpu: "250m", memory: "256Mi", "ephemeral-storage": "5Gi" },
    },
    restartPolicy: "Always",
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
      seccompProfile: { type: "RuntimeDefault" },
      runAsNonRoot: true,
      runAsUser: 65534,
      runAsGroup: 65534,
    },
    volumeMounts: volumes.map((name) => ({ name: `gke-gcsfuse-${name}`, mountPath: `/gcsfuse-${name}` })),
  };
  const { spec } = pod;
  return {
    ...pod,
    spec: {
      ...spec,
      initContainers: [sideCar, ...spec.initContainers],
      volumes: [...volumes.map((name) => ({ name: `gke-gcsfuse-${name}`, emptyDir: {} })), ...spec.volumes],
    },
  };
}
