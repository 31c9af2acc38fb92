import type { NodeTemplate } from "../../models/model";
import { type Api, isConflict } from "../api";
import type { KubernetesObject } from "../types";

/** Label by which a node tells its group; the clouds' own labels come with the template. */
const GROUP = "simulator/node-group";

/** Memory that a node keeps for itself, GiB: about what kubelet and system reserve on the sizes in use. */
const RESERVED_GIB = 1;

/** Thousandths of a CPU that a node keeps for itself. */
const RESERVED_CPU = 100;

/**
 * The machines of node groups, as Node objects that kwok keeps alive. A node that goes takes its pods with it, those
 * that nobody owns included, as a drained machine does after its grace time.
 */
export class Nodes {
  private readonly turns = new Map<string, Promise<void>>();

  constructor(private readonly api: Api) {}

  /** Makes the group have exactly these nodes, and existing ones have the labels and taints of the template. */
  set(group: string, template: NodeTemplate): Promise<void> {
    return this.inTurn(group, async () => {
      const present = await this.of(group);
      const wanted = Array.from({ length: template.count }, (_, index) => node(group, index, template));
      const names = new Set(wanted.map(({ metadata }) => metadata.name));
      for (const old of present) if (!names.has(old.metadata.name)) await this.end(old.metadata.name);
      for (const each of wanted) await this.put(each);
    });
  }

  /** Ends the group. One that has no nodes is no fault. */
  remove(group: string): Promise<void> {
    return this.inTurn(group, async () => {
      for (const { metadata } of await this.of(group)) await this.end(metadata.name);
    });
  }

  private of(group: string): Promise<KubernetesObject[]> {
    return this.api.list(`/api/v1/nodes?labelSelector=${encodeURIComponent(`${GROUP}=${dnsLabel(group)}`)}`);
  }

  private async put(wanted: ReturnType<typeof node>): Promise<void> {
    const path = `/api/v1/nodes/${wanted.metadata.name}`;
    try {
      await this.api.create("/api/v1/nodes", wanted);
    } catch (error) {
      if (!isConflict(error)) throw error;
      const present = await this.api.get<KubernetesObject & { spec: { taints?: { key: string }[] } }>(path);
      // Taints by which Kubernetes marks a node's state are not the group's to remove.
      const own = (present.spec.taints ?? []).filter(({ key }) => key.startsWith("node.kubernetes.io/"));
      const gone = Object.keys(present.metadata.labels ?? {}).filter(
        (key) => !(key in wanted.metadata.labels),
      );
      const labels = { ...wanted.metadata.labels, ...Object.fromEntries(gone.map((key) => [key, null])) };
      await this.api.patch(path, { metadata: { labels }, spec: { taints: [...wanted.spec.taints, ...own] } });
      await this.api.patch(`${path}/status`, { status: wanted.status });
    }
  }

  private async end(name: string): Promise<void> {
    await this.api.patch(`/api/v1/nodes/${name}`, { spec: { unschedulable: true } });
    const pods = await this.api.list(`/api/v1/pods?fieldSelector=spec.nodeName=${name}`);
    for (const { metadata } of pods) {
      await this.api.delete(`/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}`, {
        graceSeconds: 0,
      });
    }
    await this.api.delete(`/api/v1/nodes/${name}`);
  }

  /** One change of a group after the other. */
  private inTurn(group: string, work: () => Promise<void>): Promise<void> {
    const before = this.turns.get(group) ?? Promise.resolve();
    const turn = before.catch(() => undefined).then(work);
    this.turns.set(group, turn);
    return turn;
  }
}

function node(group: string, index: number, template: NodeTemplate) {
  const { zones, labels, taints, cpu, memoryGi, maxPods } = template;
  const zone = zones[index % Math.max(1, zones.length)];
  const name = `${dnsLabel(group)}-${index}`;
  const resources = (reservedCpu: number, reservedGib: number) => ({
    cpu: `${cpu * 1000 - reservedCpu}m`,
    memory: `${Math.max(0, Math.round((memoryGi - reservedGib) * 1024))}Mi`,
    "ephemeral-storage": "50Gi",
    pods: String(maxPods),
  });
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: {
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        ...(zone
          ? {
              "topology.kubernetes.io/zone": zone,
              "topology.kubernetes.io/region": regionOf(zone),
              // Which zones a driver's volumes can be made in; each cloud's driver has a name of its own for it.
              "topology.gke.io/zone": zone,
              "topology.ebs.csi.aws.com/zone": zone,
            }
          : {}),
        [GROUP]: dnsLabel(group),
        ...labels,
      } as Readonly<Record<string, string>>,
    },
    spec: {
      taints: taints.map((taint) => ({ ...taint })),
      ...(zone ? { providerID: `simulated:///${zone}/${name}` } : {}),
    },
    status: { capacity: resources(0, 0), allocatable: resources(RESERVED_CPU, RESERVED_GIB) },
  };
}

/** `us-east-1a` and `europe-west1-b` lie in `us-east-1` and `europe-west1`. */
function regionOf(zone: string): string {
  return zone.replace(/(-[a-z]|[a-z])$/, "");
}

/** A group's name (perhaps an ARN or a path) as the beginning of a node's. */
function dnsLabel(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(-50)
    .replace(/^-+|-+$/g, "");
}
