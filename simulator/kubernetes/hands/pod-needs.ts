import { type Api, isMissing } from "../api";
import type { KubernetesObject } from "../types";

interface Reference {
  readonly name?: string;
  readonly optional?: boolean;
}

/** One container of a pod, as far as a node looks at it before it starts. */
export interface Container {
  readonly name: string;
  readonly image: string;
  readonly envFrom?: readonly { readonly secretRef?: Reference; readonly configMapRef?: Reference }[];
  readonly env?: readonly {
    readonly valueFrom?: { readonly secretKeyRef?: Reference; readonly configMapKeyRef?: Reference };
  }[];
}

interface PodVolume {
  readonly secret?: { readonly secretName?: string; readonly optional?: boolean };
  readonly configMap?: Reference;
  readonly csi?: { readonly driver: string };
  readonly persistentVolumeClaim?: { readonly claimName: string };
  readonly projected?: {
    readonly sources?: readonly { readonly secret?: Reference; readonly configMap?: Reference }[];
  };
}

/** The parts of a pod's specification that name other things. */
export interface PodSpec {
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly PodVolume[];
}

/** A thing that has to exist before a pod's containers start, and what a kubelet says while it does not. */
export interface Need {
  readonly path: string;
  readonly reason: "ContainerCreating" | "CreateContainerConfigError";
  readonly message: string;
}

/** What a pod needs beside its images: volumes' sources and drivers, then what its environment is read from. */
export async function neededObjects(api: Api, namespace: string, spec: PodSpec): Promise<Need[]> {
  const volumes = spec.volumes ?? [];
  const drivers = [
    ...volumes.flatMap(({ csi }) => (csi ? [csi.driver] : [])),
    ...(await claimedDrivers(api, namespace, volumes)),
  ];
  const mounted: (Reference & { kind: Kind })[] = volumes.flatMap((volume) => [
    ...(volume.secret
      ? [{ kind: "secrets" as const, name: volume.secret.secretName, ...optional(volume.secret) }]
      : []),
    ...(volume.configMap ? [{ kind: "configmaps" as const, ...volume.configMap }] : []),
    ...(volume.projected?.sources ?? []).flatMap(({ secret, configMap }) => [
      ...(secret ? [{ kind: "secrets" as const, ...secret }] : []),
      ...(configMap ? [{ kind: "configmaps" as const, ...configMap }] : []),
    ]),
  ]);
  return [
    ...drivers.map((driver) => ({
      path: `/apis/storage.k8s.io/v1/csidrivers/${driver}`,
      reason: "ContainerCreating" as const,
      message: `driver name ${driver} not found in the list of registered CSI drivers`,
    })),
    ...needs(namespace, mounted, "ContainerCreating"),
    ...needs(namespace, environmentSources(spec), "CreateContainerConfigError"),
  ];
}

type Kind = "secrets" | "configmaps";

function environmentSources({ containers, initContainers = [] }: PodSpec): (Reference & { kind: Kind })[] {
  return [...initContainers, ...containers].flatMap(({ env = [], envFrom = [] }) => [
    ...envFrom.flatMap(({ secretRef, configMapRef }) => references(secretRef, configMapRef)),
    ...env.flatMap(({ valueFrom }) => references(valueFrom?.secretKeyRef, valueFrom?.configMapKeyRef)),
  ]);
}

function references(secret?: Reference, configMap?: Reference): (Reference & { kind: Kind })[] {
  return [
    ...(secret ? [{ kind: "secrets" as const, ...secret }] : []),
    ...(configMap ? [{ kind: "configmaps" as const, ...configMap }] : []),
  ];
}

function needs(
  namespace: string,
  sources: readonly (Reference & { kind: Kind })[],
  reason: Need["reason"],
): Need[] {
  const named = new Map<string, Need>();
  for (const { kind, name, optional: may } of sources) {
    if (may || !name) continue;
    const path = `/api/v1/namespaces/${namespace}/${kind}/${name}`;
    const message = `${kind === "secrets" ? "secret" : "configmap"} "${name}" not found`;
    named.set(path, { path, reason, message });
  }
  return [...named.values()];
}

function optional({ optional: may }: Reference): Reference {
  return may === undefined ? {} : { optional: may };
}

/** The drivers of the volumes that the pod's claims are bound to; the scheduler waits until they are. */
async function claimedDrivers(api: Api, namespace: string, volumes: readonly PodVolume[]): Promise<string[]> {
  const drivers: string[] = [];
  for (const { persistentVolumeClaim: claim } of volumes) {
    if (!claim) continue;
    const path = `/api/v1/namespaces/${namespace}/persistentvolumeclaims/${claim.claimName}`;
    try {
      const { spec } = await api.get<KubernetesObject & { spec: { volumeName: string } }>(path);
      const volume = await api.get<KubernetesObject & { spec: { csi?: { driver: string } } }>(
        `/api/v1/persistentvolumes/${spec.volumeName}`,
      );
      if (volume.spec.csi) drivers.push(volume.spec.csi.driver);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  return drivers;
}
