import { join } from "node:path";
import { mebibytes, milliCores } from "../components/application/quantity";
import { cloudNames } from "../components/cmb-cluster";
import { workloads } from "../infra/config/capacity/workloads";
import { profiles } from "../infra/config/profiles";
import { previewStack } from "../preview/engine";

const root = join(__dirname, "..");

interface Requests {
  readonly cpu: string;
  readonly memory: string;
}
interface Part {
  readonly resources?: { readonly requests: Requests };
  readonly replicas?: number;
  readonly container?: Part;
  readonly deployment?: { readonly replicas: number };
  readonly autoscaling?: { readonly minReplicas: number };
}

/** What the sums of capacity say about pods of the program's own, by name. */
function reckoned(cloud: "aws" | "gcp"): Record<string, unknown> {
  const all = workloads(cloud, profiles.prod);
  return Object.fromEntries(all.map(({ name, cpu, memory, pods }) => [name, { cpu, memory, pods }]));
}

test.each(cloudNames)(
  "[O11] the sums of capacity reckon with what the charts on %s really ask for",
  async (cloud) => {
    const overrides = { "cmbcluster:profile": "prod", "cmbcluster:images.tag": "v1" };
    const recording = await previewStack({ root, stack: `${cloud}-dev`, overrides });
    const values = (release: string) =>
      recording.resources.find(
        ({ type, inputs }) => type === "kubernetes:helm.sh/v3:Release" && inputs.name === release,
      )!.inputs.values as Part & Record<string, Part>;
    const asked = (part: Part, pods: number) => {
      const { cpu, memory } = part.resources!.requests;
      return { cpu: milliCores(cpu), memory: mebibytes(memory), pods };
    };
    const certificates = values("cert-manager");
    const application = values("cmbcluster");
    const { copies } = application.database as unknown as {
      copies: { resources: Record<"litestream" | "keeper", { requests: Requests }> };
    };
    const backend = asked(application.backend!, application.backend!.replicas!);
    for (const { requests } of Object.values(copies.resources)) {
      backend.cpu += milliCores(requests.cpu);
      backend.memory += mebibytes(requests.memory);
    }
    const traefik = values("traefik");
    const kyverno = values("kyverno");
    const found = {
      traefik: asked(traefik, traefik.deployment!.replicas),
      "cert-manager": asked(certificates, 1),
      "cert-manager-webhook": asked(certificates.webhook!, 1),
      "cert-manager-cainjector": asked(certificates.cainjector!, 1),
      "kyverno-admission": asked(
        kyverno.admissionController!.container!,
        kyverno.admissionController!.replicas!,
      ),
      "kyverno-background": asked(kyverno.backgroundController!, 1),
      "kyverno-cleanup": asked(kyverno.cleanupController!, 1),
      backend,
      frontend: asked(application.frontend!, application.frontend!.autoscaling!.minReplicas),
      ...(cloud === "aws" && {
        "cluster-autoscaler": asked(values("cluster-autoscaler"), 1),
        // Two is the chart's default (helm/aws-load-balancer-controller, replicaCount).
        "aws-load-balancer-controller": asked(values("aws-load-balancer-controller"), 2),
      }),
    };
    expect(reckoned(cloud)).toMatchObject(found);
  },
  60_000,
);
