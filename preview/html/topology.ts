import type { ResourceReport, StackReport } from "../report/document";
import type { GrantReport } from "../report/grants";
import { summariseGrants } from "../report/grants/summary";
import { range } from "../report/words";
import { targetsOf } from "./targets";

/** What a box of the picture stands for; its look follows from it. */
export type Kind = "internet" | "way in" | "way out" | "subnet" | "cluster" | "pool" | "identity" | "data";

/** One box of the picture. */
export interface Thing {
  readonly id: string;
  readonly kind: Kind;
  readonly label: string;
  /** One or two words more: a range, a size, who. */
  readonly detail: string;
}

/** One line of the picture. */
export interface Connection {
  readonly from: string;
  readonly to: string;
  /** What the line means, as a sentence's middle: `reaches`, `may read objects of`. */
  readonly means: string;
  /** `out`: it is gone the other way, from right to left. */
  readonly way: "in" | "out" | "holds" | "grant";
}

/** What a stack consists of, as far as a picture shows it. */
export interface Topology {
  readonly things: readonly Thing[];
  readonly connections: readonly Connection[];
}

/** Titles of the columns, and the kinds in each. */
export const columns: readonly { readonly title: string; readonly kinds: readonly Kind[] }[] = [
  { title: "Internet", kinds: ["internet"] },
  { title: "Ways in and out", kinds: ["way in", "way out"] },
  { title: "Subnets", kinds: ["subnet"] },
  { title: "Cluster and pools", kinds: ["cluster", "pool"] },
  { title: "Identities", kinds: ["identity"] },
  { title: "What they reach", kinds: ["data"] },
];

const INTERNET: Thing = { id: "internet", kind: "internet", label: "Internet", detail: "" };

/** Reads the picture off a report. What is not recorded is not drawn. */
export function topologyOf(report: StackReport): Topology {
  const found = new Picture(report);
  return { things: found.things, connections: found.connections };
}

class Picture {
  readonly things: Thing[] = [INTERNET];
  readonly connections: Connection[] = [];

  constructor(private readonly report: StackReport) {
    this.subnets();
    this.clusters();
    this.pools();
    this.waysIn();
    this.waysOut();
    this.identities();
    this.stores();
  }

  private of(...types: string[]): ResourceReport[] {
    return this.report.resources.filter(({ type }) => types.includes(type));
  }

  private add(thing: Thing): void {
    if (!this.things.some(({ id }) => id === thing.id)) this.things.push(thing);
  }

  private connect(from: string, to: string, means: string, way: Connection["way"]): void {
    const known = (id: string) => this.things.some((thing) => thing.id === id);
    if (!known(from) || !known(to)) return;
    const same = this.connections.findIndex((one) => one.from === from && one.to === to && one.way === way);
    if (same < 0) this.connections.push({ from, to, means, way });
    else {
      const old = this.connections[same]!;
      if (!old.means.split("; ").includes(means)) {
        this.connections[same] = { ...old, means: `${old.means}; ${means}` };
      }
    }
  }

  private subnets(): void {
    for (const subnet of this.of("aws:ec2/subnet:Subnet")) {
      const isPublic = subnet.name.includes("public");
      const zone = text(subnet, "availabilityZone");
      const label = `${isPublic ? "public" : "private"} ${zone}`;
      this.add({ id: subnet.urn, kind: "subnet", label, detail: text(subnet, "cidrBlock") });
    }
    for (const subnet of this.of("gcp:compute/subnetwork:Subnetwork")) {
      const label = text(subnet, "name") || subnet.name;
      this.add({ id: subnet.urn, kind: "subnet", label, detail: text(subnet, "ipCidrRange") });
    }
  }

  private clusters(): void {
    for (const cluster of this.of("aws:eks/cluster:Cluster", "gcp:container/cluster:Cluster")) {
      const version = text(cluster, "version") || text(cluster, "minMasterVersion");
      const kind = cluster.type.startsWith("aws") ? "EKS" : "GKE";
      const detail = `${kind}${version === "" ? "" : ` ${version}`} control plane`;
      this.add({ id: cluster.urn, kind: "cluster", label: text(cluster, "name") || cluster.name, detail });
    }
  }

  private pools(): void {
    const shared = this.of("gcp:container/cluster:Cluster").flatMap((cluster) =>
      sources(cluster, "subnetwork"),
    );
    for (const pool of this.of("aws:eks/nodeGroup:NodeGroup", "gcp:container/nodePool:NodePool")) {
      const { min, max, machine } = sizeOf(pool);
      const label = text(pool, "nodeGroupName") || text(pool, "name") || pool.name;
      this.add({ id: pool.urn, kind: "pool", label, detail: `${range(min, max)} ${machine}`.trim() });
      for (const subnet of [...sources(pool, "subnetIds"), ...(pool.type.startsWith("gcp") ? shared : [])]) {
        this.connect(subnet, pool.urn, "holds the nodes of", "holds");
      }
    }
  }

  private waysIn(): void {
    const ways = this.report.exposure.filter(({ internet }) => internet);
    ways.forEach(({ what, who, urn }, i) => {
      const id = `way/${i}`;
      this.add({ id, kind: "way in", label: what, detail: who });
      this.connect("internet", id, "reaches", "in");
      this.connect(id, urn, "leads to", "in");
      const owner = this.report.resources.find((one) => one.urn === urn);
      for (const subnet of owner ? sources(owner, "subnetMappings", "subnets") : []) {
        this.connect(id, subnet, "has an address in", "in");
      }
      if (what.includes("load balancer") || what.startsWith("NLB")) {
        const cluster = this.things.find(({ kind }) => kind === "cluster");
        if (cluster) this.connect(id, cluster.id, "leads to the ingress in", "in");
      }
    });
  }

  private waysOut(): void {
    const privates = this.things.filter(
      ({ kind, label }) => kind === "subnet" && !label.startsWith("public"),
    );
    const gateways = [
      ...this.of("aws:ec2/natGateway:NatGateway", "gcp:compute/routerNat:RouterNat"),
      ...this.of("aws:ec2/instance:Instance").filter(({ name }) => name.includes("nat")),
    ];
    for (const gateway of gateways) {
      const kind = gateway.type.split(":").at(-1)!;
      const words =
        { NatGateway: "NAT gateway", Instance: "NAT instance", RouterNat: "Cloud NAT" }[kind] ?? kind;
      this.add({ id: gateway.urn, kind: "way out", label: words, detail: gateway.name });
      this.connect("internet", gateway.urn, "is reached from", "out");
      const zone = /[a-z]+-[a-z]+-\d[a-z]$/.exec(gateway.name)?.[0];
      const own =
        gateways.length > 1 && zone ? privates.filter(({ label }) => label.endsWith(zone)) : privates;
      own.forEach((subnet) => this.connect(gateway.urn, subnet.id, "is the way out of", "out"));
    }
  }

  private identities(): void {
    const cluster = this.things.find(({ kind }) => kind === "cluster");
    const names = [...new Set(this.report.grants.map(({ who }) => who))];
    for (const who of names) {
      const grants = this.report.grants.filter((grant) => grant.who === who);
      const id = `who/${who}`;
      const label = /^(EKS add-on )?(.*)$/.exec(summariseGrants(grants)[0]!.who)![2]!;
      this.add({ id, kind: "identity", label, detail: grants[0]!.identity.replace(/@.*/, "") });
      if (cluster && who.includes("/")) this.connect(cluster.id, id, "gives tokens to", "holds");
      this.nodesOf(grants[0]!.identity, id);
      grants.forEach((grant) => this.grantEdges(id, grant));
    }
  }

  /** Pools whose nodes act as that identity. */
  private nodesOf(identity: string, id: string): void {
    for (const pool of this.of("aws:eks/nodeGroup:NodeGroup", "gcp:container/nodePool:NodePool")) {
      const own = JSON.stringify([pool.inputs["nodeRoleArn"], pool.inputs["nodeConfig"]]);
      const account = sources(pool, "nodeConfig").some((urn) =>
        this.report.resources.some(
          (one) => one.urn === urn && identity.startsWith(`${text(one, "accountId")}@`),
        ),
      );
      if (account || own.includes(`role/${identity}"`) || own.includes(`"${identity}"`)) {
        this.connect(pool.urn, id, "acts as", "holds");
      }
    }
  }

  /** Buckets and kept secrets that nobody in the stack has a right on. */
  private stores(): void {
    const stores = this.of("aws:s3/bucket:Bucket", "gcp:storage/bucket:Bucket");
    const secrets = this.of("aws:secretsmanager/secret:Secret", "gcp:secretmanager/secret:Secret");
    const named = [
      ...stores.map((one) => ({ label: text(one, "bucket") || text(one, "name"), detail: "bucket" })),
      ...secrets.map((one) => ({ label: text(one, "name") || text(one, "secretId"), detail: "kept secret" })),
    ];
    for (const { label, detail } of named) {
      if (label !== "") this.add({ id: `data/${label}`, kind: "data", label, detail });
    }
  }

  /** What it reaches. A denial is no way to anything: the table of grants tells it. */
  private grantEdges(id: string, grant: GrantReport): void {
    if (grant.effect === "deny") return;
    const means = summariseGrants([{ ...grant, on: [] }])[0]!.words;
    for (const target of targetsOf(grant)) {
      this.add({ id: `data/${target.label}`, kind: "data", ...target });
      this.connect(id, `data/${target.label}`, means, "grant");
    }
  }
}

function text(resource: ResourceReport, key: string): string {
  const value = resource.inputs[key];
  return typeof value === "string" && value !== "[unknown]" ? value : "";
}

/** What the value of a property comes from. */
function sources(resource: ResourceReport, ...keys: string[]): string[] {
  return keys.flatMap((key) => resource.propertyDependencies[key] ?? []);
}

function sizeOf({ inputs }: ResourceReport): { min: number; max: number; machine: string } {
  const block = (key: string) => (inputs[key] ?? {}) as Record<string, unknown>;
  const [scaling, auto, node] = [block("scalingConfig"), block("autoscaling"), block("nodeConfig")];
  const first = (...values: unknown[]) => Number(values.find((value) => typeof value === "number") ?? 0);
  const types = inputs["instanceTypes"];
  const machine = Array.isArray(types) ? types[0] : node["machineType"];
  return {
    min: first(scaling["minSize"], auto["minNodeCount"], auto["totalMinNodeCount"], inputs["nodeCount"]),
    max: first(scaling["maxSize"], auto["maxNodeCount"], auto["totalMaxNodeCount"], inputs["nodeCount"]),
    machine: typeof machine === "string" ? machine : "",
  };
}
