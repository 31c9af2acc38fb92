import { names } from "../components/application/names";
import type { Inside } from "./inside";
import type { KubernetesObject } from "./kubernetes";
import { Refused, type World } from "./world";

/** Label of a volume that was given up: the namespace it served. */
export const GIVEN_UP = "cmbcluster-given-up";
/** Annotations of such a volume: when, and the claim it was bound to, so that it can be made again. */
const GIVEN_UP_AT = "cmbcluster-given-up-at";
const CLAIM_BEFORE = "cmbcluster-claim";

/** A claim as it is made anew: what the chart wrote, without what the cluster added. */
export interface ClaimManifest {
  readonly apiVersion: "v1";
  readonly kind: "PersistentVolumeClaim";
  readonly metadata: {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  };
  readonly spec: Readonly<Record<string, unknown>>;
}

/** The database's claim with its volume, and the pods that use it. */
export interface DatabasePlace {
  readonly claim?: KubernetesObject;
  readonly volume?: Volume;
  readonly pods: readonly KubernetesObject[];
  readonly nodes: readonly Node[];
}

/** A PersistentVolume as far as it matters here. */
export interface Volume {
  readonly name: string;
  /** The cloud's id of the disk. */
  readonly disk: string;
  /** Zone it lies in; undefined where the volume does not say. */
  readonly zone?: string;
}

/** A node, ready or not. */
export interface Node {
  readonly name: string;
  readonly zone?: string;
  readonly ready: boolean;
}

const ZONE = "topology.kubernetes.io/zone";
/** Keys that the drivers bind a volume to its zone with. */
const ZONE_KEYS = [ZONE, "topology.gke.io/zone", "topology.ebs.csi.aws.com/zone"];

const backendPods = encodeURIComponent(
  [
    "app.kubernetes.io/name=cmbcluster",
    `app.kubernetes.io/instance=${names.release}`,
    "app.kubernetes.io/component=backend",
  ].join(","),
);

const claimPath = (namespace: string) =>
  `/api/v1/namespaces/${namespace}/persistentvolumeclaims/${names.databaseClaim}`;
const deploymentPath = (namespace: string) =>
  `/apis/apps/v1/namespaces/${namespace}/deployments/${names.backend}`;
const volumePath = (name: string) => `/api/v1/persistentvolumes/${name}`;

/** Looks where the database is. @throws Refused where the application is not installed */
export async function lookForDatabase({ api, namespace }: Inside): Promise<DatabasePlace> {
  if (!(await api.get(deploymentPath(namespace))))
    throw new Refused("the application is not installed: there is no backend");
  const claim = await api.get(claimPath(namespace));
  const bound = claim?.spec?.["volumeName"];
  const volume = typeof bound === "string" ? await api.get(volumePath(bound)) : undefined;
  const pods = await api.list(`/api/v1/namespaces/${namespace}/pods?labelSelector=${backendPods}`);
  const nodes = await api.list("/api/v1/nodes");
  return { claim, ...(volume && { volume: readVolume(volume) }), pods, nodes: nodes.map(readNode) };
}

/** A volume by name. @throws Refused where it cannot be put back */
export async function volumeToReattach(name: string, { api, namespace }: Inside): Promise<Volume> {
  const found = await api.get(volumePath(name));
  if (!found) throw new Refused(`there is no volume ${name}: kubectl get persistentvolumes`);
  const phase = String(found.status?.["phase"]);
  if (phase !== "Released" && phase !== "Available")
    throw new Refused(`volume ${name} is ${phase}: only one that is Released or Available can be put back`);
  const { claimRef } = (found.spec ?? {}) as { claimRef?: { namespace: string; name: string } };
  if (claimRef && (claimRef.namespace !== namespace || claimRef.name !== names.databaseClaim))
    throw new Refused(`volume ${name} was ${claimRef.namespace}/${claimRef.name}'s, not the database's`);
  return readVolume(found);
}

function readVolume({ metadata, spec }: KubernetesObject): Volume {
  const { csi, nodeAffinity } = (spec ?? {}) as {
    csi?: { volumeHandle: string };
    nodeAffinity?: {
      required?: { nodeSelectorTerms: { matchExpressions?: { key: string; values?: string[] }[] }[] };
    };
  };
  const expressions = nodeAffinity?.required?.nodeSelectorTerms.flatMap(
    (term) => term.matchExpressions ?? [],
  );
  const zone = expressions?.find(({ key }) => ZONE_KEYS.includes(key))?.values?.[0];
  return {
    name: metadata.name,
    disk: csi?.volumeHandle ?? metadata.name,
    ...(zone !== undefined && { zone }),
  };
}

function readNode({ metadata, status }: KubernetesObject): Node {
  const conditions = (status?.["conditions"] ?? []) as { type: string; status: string }[];
  const zone = metadata.labels?.[ZONE];
  const ready = conditions.some((one) => one.type === "Ready" && one.status === "True");
  return { name: metadata.name, ...(zone !== undefined && { zone }), ready };
}

/** The pod that answers, with its node; undefined while none does. */
export function livingBackend({ nodes, pods }: DatabasePlace): { pod: string; node: string } | undefined {
  for (const { metadata, spec, status } of pods) {
    const conditions = (status?.["conditions"] ?? []) as { type: string; status: string }[];
    const node = nodes.find(({ name }) => name === spec?.["nodeName"]);
    if (node?.ready && conditions.some((one) => one.type === "Ready" && one.status === "True"))
      return { pod: metadata.name, node: node.name };
  }
  return undefined;
}

/** Seconds to wait for pods and a claim to go. */
const GOING = 180;

/**
 * Stops the backend, lets the present volume go, and makes the claim anew: for an empty volume wherever the backend then
 * runs, or for one that is named. A run that was cut off goes on from where it was.
 */
export async function exchangeVolume(
  { api, namespace }: Inside,
  place: DatabasePlace,
  world: World,
  onto?: Volume,
): Promise<void> {
  const claim = await claimToMake({ api, namespace }, place);
  if (place.volume) await markGivenUp({ api, namespace }, place.volume, claim, world);
  await api.change(deploymentPath(namespace), { spec: { replicas: 0 } });
  await endPods({ api, namespace }, world);
  await api.remove(claimPath(namespace));
  await until(
    world,
    GOING,
    "the claim of the old volume does not go",
    async () => !(await api.get(claimPath(namespace))),
  );
  if (onto)
    await api.change(volumePath(onto.name), {
      metadata: { labels: { [GIVEN_UP]: null }, annotations: { [GIVEN_UP_AT]: null } },
      spec: { claimRef: null },
    });
  const spec = onto ? { ...claim.spec, volumeName: onto.name } : claim.spec;
  await api.create(claimPath(namespace).replace(/\/[^/]+$/, ""), { ...claim, spec });
  await api.change(deploymentPath(namespace), { spec: { replicas: 1 } });
}

async function markGivenUp(
  { api, namespace }: Inside,
  { name }: Volume,
  claim: ClaimManifest,
  world: World,
): Promise<void> {
  await api.change(volumePath(name), {
    metadata: {
      labels: { [GIVEN_UP]: namespace },
      annotations: {
        [GIVEN_UP_AT]: new Date(world.now() * 1000).toISOString(),
        [CLAIM_BEFORE]: JSON.stringify(claim),
      },
    },
    // Already so by its class; whoever changed it must not lose the disk here.
    spec: { persistentVolumeReclaimPolicy: "Retain" },
  });
}

/** The claim as the chart wrote it; of a run that was cut off, as it stands on the volume that was given up last. */
async function claimToMake({ api, namespace }: Inside, { claim }: DatabasePlace): Promise<ClaimManifest> {
  if (claim) return manifestOf(claim);
  const selector = encodeURIComponent(`${GIVEN_UP}=${namespace}`);
  const volumes = await api.list(`/api/v1/persistentvolumes?labelSelector=${selector}`);
  const at = ({ metadata }: KubernetesObject) => metadata.annotations?.[GIVEN_UP_AT] ?? "";
  const newest = [...volumes].sort((a, b) => at(b).localeCompare(at(a)))[0];
  const kept = newest?.metadata.annotations?.[CLAIM_BEFORE];
  if (kept === undefined)
    throw new Refused(
      "there is no claim of the database, nor a volume that tells of one: npm run up makes it anew",
    );
  return JSON.parse(kept) as ClaimManifest;
}

function manifestOf({ metadata, spec }: KubernetesObject): ClaimManifest {
  const { accessModes, resources, storageClassName, volumeMode } = spec ?? {};
  const annotations = Object.entries(metadata.annotations ?? {}).filter(
    // What the cluster notes about the binding would bind the new claim to the old volume.
    ([key]) => !/^(pv\.kubernetes\.io|volume(\.beta)?\.kubernetes\.io)\//.test(key),
  );
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: {
      name: metadata.name,
      labels: metadata.labels ?? {},
      annotations: Object.fromEntries(annotations),
    },
    spec: { accessModes, resources, storageClassName, volumeMode },
  };
}

/** Pods of nodes that answer end by themselves; the others are taken out of the cluster's books. */
async function endPods({ api, namespace }: Inside, world: World): Promise<void> {
  await until(world, GOING, "a pod of the backend does not end", async () => {
    const { nodes, pods } = await lookForDatabase({ api, namespace });
    for (const { metadata, spec } of pods) {
      const node = nodes.find(({ name }) => name === spec?.["nodeName"]);
      if (!node?.ready) await api.remove(`/api/v1/namespaces/${namespace}/pods/${metadata.name}`, 0);
    }
    return pods.length === 0;
  });
}

/** Waits for the backend to answer, and says where. */
export async function awaitBackend(
  where: Inside,
  world: World,
  seconds: number,
): Promise<{ node: string; volume: Volume }> {
  let found: { node: string; volume: Volume } | undefined;
  await until(world, seconds, "the backend does not answer yet", async () => {
    const place = await lookForDatabase(where);
    const living = livingBackend(place);
    if (living && place.volume) found = { node: living.node, volume: place.volume };
    return found !== undefined;
  });
  return found!;
}

async function until(
  world: World,
  seconds: number,
  otherwise: string,
  done: () => Promise<boolean>,
): Promise<void> {
  const limit = world.now() + seconds;
  while (!(await done())) {
    if (world.now() >= limit)
      throw new Refused(`${otherwise} after ${seconds} s; the same command goes on from there`);
    await world.wait(3);
  }
}
