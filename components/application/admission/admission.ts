import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { CmbCluster } from "../../cmb-cluster";
import type { ClusterNeed } from "../needs";
import type { AdmissionFacts } from "./facts";
import { admissionRights, kyvernoPolicies, type Manifest, walls } from "./manifests";
import { admissionNeeds } from "./needs";

/** What the admission of environments is made of. */
export interface AdmissionArgs {
  readonly cluster: CmbCluster;
  readonly namespace: string;
  /** Registries, repositories or images that environments may run, beside the stack's own registry. */
  readonly images: readonly string[];
  /** The nodes that have an environment's images, where spare room is kept. */
  readonly pulledNodes?: AdmissionFacts["pulledNodes"];
  /** The namespace, and what brings the kinds of the policies: made before, gone after. */
  readonly dependsOn: readonly pulumi.Resource[];
}

/**
 * What every pod of an environment passes before it is made: it is mended, its volume is made, and what is not an
 * environment's is refused. `docs/data-safety.md` says what is reached by whom then.
 *
 * The walls (ValidatingAdmissionPolicy, in the API server) stand without any program; the policies need Kyverno, and
 * without it no environment starts.
 *
 * @requirement H5
 * @requirement W2
 * @requirement S4
 */
export class Admission extends pulumi.ComponentResource {
  /** Depend on these before the backend may make pods. */
  readonly resources: readonly pulumi.Resource[];
  /** The same as things that the chart looks for before it installs anything. */
  readonly needs: readonly ClusterNeed[];

  constructor(name: string, args: AdmissionArgs, opts?: pulumi.ComponentResourceOptions) {
    const { cluster, namespace, images } = args;
    super("cmb:application:Admission", name, { namespace, images }, opts);
    const { userVolumes, userPlacement, registry, dns } = cluster;
    const facts: AdmissionFacts = {
      cluster: { userVolumes, userPlacement, registry, dns },
      namespace,
      images: [registry.prefix, ...images],
      pulledNodes: args.pulledNodes,
    };
    const here = { parent: this, provider: cluster.kubernetes, dependsOn: [...args.dependsOn] };

    const built = walls(facts).flatMap(({ name: policyName, spec }) => {
      const policy = new k8s.admissionregistration.v1.ValidatingAdmissionPolicy(
        child(name, policyName),
        { metadata: { name: policyName }, spec },
        here,
      );
      const binding = new k8s.admissionregistration.v1.ValidatingAdmissionPolicyBinding(
        child(name, policyName),
        { metadata: { name: policyName }, spec: { policyName, validationActions: ["Deny"] } },
        { ...here, dependsOn: [policy] },
      );
      return [policy, binding];
    });
    const rights = admissionRights(facts).map((manifest) => right(name, manifest, here));
    // A controller that may not yet do what a policy asks of it refuses the policy.
    const ruled = kyvernoPolicies(facts).map(
      (manifest) =>
        new k8s.apiextensions.CustomResource(child(name, manifest.metadata.name), manifest, {
          ...here,
          dependsOn: [...here.dependsOn, ...rights],
        }),
    );
    this.resources = [...built, ...ruled];
    this.needs = admissionNeeds(facts);
    this.registerOutputs();
  }
}

function right(name: string, manifest: Manifest, opts: pulumi.CustomResourceOptions): pulumi.Resource {
  const { metadata, rules, roleRef, subjects } = manifest as unknown as {
    metadata: { name: string; namespace: string };
    rules: k8s.types.input.rbac.v1.PolicyRule[];
    roleRef: k8s.types.input.rbac.v1.RoleRef;
    subjects: k8s.types.input.rbac.v1.Subject[];
  };
  return manifest.kind === "Role"
    ? new k8s.rbac.v1.Role(child(name, metadata.name), { metadata, rules }, opts)
    : new k8s.rbac.v1.RoleBinding(child(name, metadata.name), { metadata, roleRef, subjects }, opts);
}

/** Objects of one concern have one name, and are told apart by their kinds. */
function child(name: string, metadataName: string): string {
  return `${name}-${metadataName.replace(/^cmbcluster-/, "")}`;
}
