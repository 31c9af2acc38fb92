import type { CloudName } from "../components/cmb-cluster";
import type { NetworkFacts } from "../components/network-facts";

const metadata = [
  { cidr: "169.254.169.254/32", port: 80 },
  { cidr: "169.254.169.252/32", port: 988 },
];

/** What the clouds say of their network with the default ranges; `walls.test.ts` holds them to the clouds' own code. */
export const networks: Readonly<Record<CloudName, NetworkFacts>> = {
  gcp: {
    internalCidrs: ["10.0.0.0/20", "10.16.0.0/14", "10.20.0.0/20", "172.16.0.0/28"],
    apiServer: [
      { cidr: "10.20.0.1/32", port: 443 },
      { cidr: "172.16.0.0/28", port: 443 },
    ],
    dnsCidrs: ["10.20.0.10/32", "169.254.20.10/32"],
    identity: metadata,
    bucketMount: metadata,
  },
  aws: {
    internalCidrs: ["10.0.0.0/16", "172.20.0.0/16"],
    apiServer: [
      { cidr: "172.20.0.1/32", port: 443 },
      ...["10.0.0.0/18", "10.0.64.0/18", "10.0.128.0/18"].map((cidr) => ({ cidr, port: 443 })),
    ],
    dnsCidrs: ["172.20.0.10/32"],
    identity: [],
    bucketMount: [],
  },
};

/** The ingress controller's pods, as the platform names them. */
export const ingressController = {
  namespace: "traefik",
  labels: { "app.kubernetes.io/name": "traefik" },
} as const;
