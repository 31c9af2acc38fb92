import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type {
  BucketFacts,
  CloudName,
  CmbCluster,
  IngressAttachment,
  KeptSecretArgs,
  Toleration,
  WorkloadArgs,
} from "../components/cmb-cluster";
import { mirrorReferences } from "../components/mirrors";
import type { SignInProviders } from "../components/sign-in";
import type { UserVolumes } from "../components/user-volumes";

/** What a fake cluster was asked for, in order. */
export interface FakeCalls {
  readonly bindings: ({ readonly name: string } & WorkloadArgs)[];
  readonly attachments: ({
    readonly name: string;
    readonly options: pulumi.CustomResourceOptions;
  } & IngressAttachment)[];
  readonly secrets: ({ readonly name: string } & KeptSecretArgs)[];
}

/** A `CmbCluster` of no cloud, and what was asked of it. */
export interface FakeCluster extends CmbCluster {
  readonly calls: FakeCalls;
}

/** What differs from one fake to the next. */
export interface FakeClusterArgs {
  readonly cloud?: CloudName;
  readonly domain?: string;
  readonly signIn?: SignInProviders;
  /** Default none: nodes that take every pod. */
  readonly systemTolerations?: readonly Toleration[];
  /** Default `inline`: the pod names its bucket itself. `claim`: a volume is made for it. */
  readonly userVolumes?: UserVolumes["kind"];
  /**
   * `load-balancer-service`: the Service brings its own load balancer, which keeps the client's address.
   * `own-load-balancer`: the load balancer stands apart and speaks the PROXY protocol to a ClusterIP Service.
   */
  readonly ingress?: "load-balancer-service" | "own-load-balancer";
}

/**
 * A cluster in memory, for tests of what is built on the interface. Make it inside `record`, since it registers
 * its own provider and, for everything that promises access, a stand-in resource (`random:RandomId`) whose URN a
 * test finds among the dependencies of what waited for it.
 */
export function fakeCluster(args: FakeClusterArgs = {}): FakeCluster {
  const domain = args.domain ?? "cmb.example.org";
  const ownLoadBalancer = args.ingress === "own-load-balancer";
  const calls: FakeCalls = { bindings: [], attachments: [], secrets: [] };
  const bucket = standIn("fake-bucket");
  return {
    calls,
    cloud: args.cloud ?? "gcp",
    name: "cmb-fake",
    place: { account: "fake-account", region: "fake-region1", zones: ["fake-region1-a"] },
    kubernetes: new k8s.Provider("fake-kubernetes", { kubeconfig: "{}", clusterIdentifier: "fake" }),
    kubeconfig: pulumi.secret("fake-kubeconfig"),
    apiServer: standIn("fake-control-plane"),
    ready: [standIn("fake-nodes")],
    systemTolerations: args.systemTolerations ?? [],
    userVolumes: {
      driver: "fake-bucket.csi.example.org",
      kind: args.userVolumes ?? "inline",
      mountOptions: ["fake-option"],
      attributes: {},
      podAnnotations: {},
    },
    userPlacement: { nodeSelector: { "fake/pool": "users" }, tolerations: [] },
    registry: {
      prefix: "registry.example.org/cmb-fake",
      repositories: {
        backend: "registry.example.org/cmb-fake/backend",
        frontend: "registry.example.org/cmb-fake/frontend",
        "user-environment": "registry.example.org/cmb-fake/user-environment",
      },
      mirrors: mirrorReferences("registry.example.org/cmb-fake", "cmb-fake"),
      loginCommand: "docker login registry.example.org",
    },
    buckets: { database: { name: "cmb-fake-db", url: "fake://cmb-fake-db", resources: [bucket] } },
    dns: {
      domain,
      zoneCreated: true,
      nameServers: pulumi.output(["ns1.example.net", "ns2.example.net"]),
      challengeSolver: known<Record<string, unknown>>({ fakeDns: { zone: "fake-zone" } }),
    },
    network: {
      internalCidrs: ["10.0.0.0/16", "10.8.0.0/20"],
      apiServer: [{ cidr: "10.8.0.1/32", port: 443 }],
      dnsCidrs: ["10.8.0.10/32"],
      identity: [{ cidr: "169.254.0.1/32", port: 80 }],
      bucketMount: [],
    },
    ingress: {
      address: pulumi.output(ownLoadBalancer ? "fake-lb.example.net" : "192.0.2.10"),
      service: ownLoadBalancer
        ? {
            type: "ClusterIP",
            annotations: known<Record<string, string>>({}),
            spec: {},
          }
        : {
            type: "LoadBalancer",
            annotations: known<Record<string, string>>({ "fake.example/address": "fake-address" }),
            spec: {
              loadBalancerIP: "192.0.2.10",
              externalTrafficPolicy: "Local",
            },
          },
      proxyProtocol: ownLoadBalancer,
      trustedCidrs: ownLoadBalancer ? ["10.0.0.0/24", "10.0.1.0/24"] : [],
      attach: (name, attachment, options) => {
        calls.attachments.push({ name, options, ...attachment });
        return ownLoadBalancer ? [standIn(`${name}-target`, options)] : [];
      },
    },
    storage: {
      block: { provisioner: "fake.csi.example.org", parameters: { type: "fake-ssd" } },
      bucketDriver: "fake-bucket.csi.example.org",
      classes: { hot: "F-HOT", infrequent: "F-IA", cold: "F-COLD", archive: "F-ARCHIVE", auto: "F-AUTO" },
    },
    signIn: args.signIn ?? {
      active: "google",
      google: { clientId: "fake-client", clientSecret: pulumi.secret("fake-client-secret") },
    },
    environment: { CLOUD_PROVIDER: args.cloud ?? "gcp", FAKE_REGION: "fake-region1" },
    bindWorkload: (name, workload) => {
      calls.bindings.push({ name, ...workload });
      const binding = standIn(`fake-binding-${name}`);
      const annotations = { "fake.example/identity": `identity-of-${name}` };
      return { annotations: binding.hex.apply((): Record<string, string> => annotations) };
    },
    keepSecret: (name, secret) => {
      calls.secrets.push({ name, ...secret });
      return { id: standIn(`fake-secret-${name}`).hex.apply(() => `fake-secret/${name}`) };
    },
  };
}

/** Bucket facts of no cloud, for a grant. */
export function fakeBucket(name: string): BucketFacts {
  return { name, url: `fake://${name}`, resources: [] };
}

/** A resource of no cloud which stands where a cloud's would. */
function standIn(name: string, options?: pulumi.CustomResourceOptions): random.RandomId {
  return new random.RandomId(name, { byteLength: 1 }, options);
}

function known<T>(value: T): pulumi.Output<T> {
  return pulumi.output(value) as pulumi.Output<T>;
}
