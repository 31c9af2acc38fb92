import { type Check, literal } from "./cel";
import { type AdmissionFacts, BUCKET_ANNOTATION, USER_ACCOUNT, USER_ID } from "./facts";
import { imagesAtHandChecks } from "./images-at-hand";

/** Labels of the application's pods; a selector of the platform's or the chart's own objects matches none of them. */
const LABELS = ["app", "user-id", "env-id", "component"];

/** Beginnings of annotations by which a pod would ask node, network or driver for more than its fields say. */
const REFUSED_ANNOTATIONS = [
  "container.apparmor.security.beta.kubernetes.io/",
  "container.seccomp.security.alpha.kubernetes.io/",
  "seccomp.security.alpha.kubernetes.io/",
  "scheduler.alpha.kubernetes.io/",
  "io.kubernetes.cri",
  "k8s.v1.cni.cncf.io/",
  "eks.amazonaws.com/",
  "vpc.amazonaws.com/",
  "networking.gke.io/",
  "gke-gcsfuse/",
];

/**
 * The name that the application gives the pod, of the very labels that say whose it is (CMBAgents/cmbcluster commit
 * 27019b7, backend/pod_manager.py, `_generate_pod_name`). Where the driver mounts claims, the claim bears the pod's
 * name, and one that is there already is not made anew: by another name the pod would get the database's.
 */
const named = `[object.metadata.?labels[?"user-id"].orValue("")].all(user, object.metadata.name.startsWith("user-" + (size(user) > 20 ? user.substring(0, 20) : user) + "-" + object.metadata.?labels[?"env-id"].orValue("") + "-"))`;

/** Fields of a pod that the application never sends, each with what it would give. */
const REFUSED_FIELDS: Readonly<Record<string, string>> = {
  nodeName: "a node past the scheduler",
  affinity: "nodes of its own choice",
  topologySpreadConstraints: "nodes of its own choice",
  priorityClassName: "a place before others, outside the quota",
  runtimeClassName: "another runtime",
  hostAliases: "names of its own",
  dnsConfig: "name servers of its own",
  imagePullSecrets: "credentials of a registry",
  ephemeralContainers: "containers past these checks",
  resourceClaims: "devices",
  schedulingGates: "a place in the quota that is never used",
  overhead: "a wrong size",
  hostname: "a name of its own",
  subdomain: "a name of its own",
  hostUsers: "another mapping of users",
};

/** What holds for the pod as a whole. */
export function podChecks({
  cluster,
  pulledNodes,
}: Pick<AdmissionFacts, "cluster" | "pulledNodes">): Check[] {
  const fields = Object.entries(REFUSED_FIELDS).filter(([field]) => field !== "affinity" || !pulledNodes);
  return [
    ...identity(cluster),
    ...host,
    ...fields.map(absent),
    ...(pulledNodes ? imagesAtHandChecks(pulledNodes) : []),
    ...placement(cluster),
    ...confinement,
  ];
}

/** A field that is not there. */
function absent([field, gives]: readonly [string, string]): Check {
  return {
    expression: `!has(object.spec.${field})`,
    message: `spec.${field} is not for environments: it gives ${gives}.`,
  };
}

function identity({ userVolumes }: AdmissionFacts["cluster"]): Check[] {
  const driver = Object.entries(userVolumes.podAnnotations);
  return [
    {
      expression: `object.spec.?serviceAccountName.orValue("") == ${literal(USER_ACCOUNT)}`,
      message: `The account of an environment is ${USER_ACCOUNT}.`,
    },
    {
      expression: `object.spec.?automountServiceAccountToken.orValue(true) == false`,
      message: "An environment gets no token for the Kubernetes API.",
    },
    {
      expression:
        `object.metadata.?labels.orValue({}).all(key, key in ${literal(LABELS)})` +
        ` && object.metadata.?labels[?"component"].orValue("") == "user-pod"` +
        ` && ["user-id", "env-id"].all(key, object.metadata.?labels[?key].orValue("") != "")`,
      message: `The labels of an environment are ${LABELS.join(", ")}: others could be what a selector looks for.`,
    },
    {
      expression: named,
      message: `An environment is named user-<user-id>-<env-id>-<time>, as the application names it.`,
    },
    {
      expression: `!has(object.metadata.ownerReferences) && !has(object.metadata.finalizers)`,
      message: "An environment is owned by nothing and held by nothing.",
    },
    {
      expression: `object.metadata.?annotations.orValue({}).all(key, ${[
        `key in ${literal(driver.map(([name]) => name))}`,
        `!${literal(REFUSED_ANNOTATIONS)}.exists(start, key.startsWith(start))`,
      ].join(" || ")})`,
      message: "An annotation asks the node, the network or the driver for more than the pod's fields say.",
    },
    ...driver.map(([name, value]) => ({
      expression: `object.metadata.?annotations[?${literal(name)}].orValue("") == ${literal(value)}`,
      message: `The annotation ${name} is ${value}.`,
    })),
    {
      expression: `object.metadata.?annotations[?${literal(BUCKET_ANNOTATION)}].orValue("") != ""`,
      message: "The pod was not mended: Kyverno, or its policy, is not there.",
    },
  ];
}

const host: Check[] = [
  {
    expression: ["hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace", "setHostnameAsFQDN"]
      .map((field) => `!object.spec.?${field}.orValue(false)`)
      .join(" && "),
    message: "An environment shares neither network nor processes, with the node or between its containers.",
  },
];

function placement({ userPlacement: { nodeSelector, tolerations } }: AdmissionFacts["cluster"]): Check[] {
  const keys = [
    "node.kubernetes.io/not-ready",
    "node.kubernetes.io/unreachable",
    ...tolerations.map(({ key }) => key),
  ];
  return [
    {
      expression: `object.spec.?nodeSelector.orValue({}) == ${literal(nodeSelector)}`,
      message: "An environment runs on the nodes for environments.",
    },
    {
      expression: `object.spec.?tolerations.orValue([]).all(t, t.?key.orValue("") in ${literal(keys)})`,
      message: "An environment tolerates no taint of the platform's nodes.",
    },
    {
      expression: `object.spec.?schedulerName.orValue("default-scheduler") == "default-scheduler"`,
      message: "Environments are placed by the scheduler of the cluster.",
    },
    {
      expression: `object.spec.?priority.orValue(0) == 0`,
      message: "An environment has no priority over others.",
    },
    {
      expression:
        `object.spec.?restartPolicy.orValue("Always") == "Never" && ` +
        `object.spec.?terminationGracePeriodSeconds.orValue(30) <= 30`,
      message: "An environment that ends, ends for good and within 30 seconds.",
    },
    {
      expression: `object.spec.?dnsPolicy.orValue("ClusterFirst") == "ClusterFirst"`,
      message: "Environments use the cluster's name servers.",
    },
    {
      expression: `object.spec.?enableServiceLinks.orValue(true) == false`,
      message: "An environment does not learn the names of others.",
    },
  ];
}

const confinement: Check[] = [
  {
    expression:
      `object.spec.?securityContext.?runAsNonRoot.orValue(false) == true` +
      ` && object.spec.?securityContext.?runAsUser.orValue(0) == ${USER_ID}` +
      ` && object.spec.?securityContext.?runAsGroup.orValue(0) == ${USER_ID}` +
      ` && object.spec.?securityContext.?fsGroup.orValue(0) == ${USER_ID}` +
      ` && object.spec.?securityContext.?seccompProfile.?type.orValue("") == "RuntimeDefault"`,
    message: `An environment runs as user and group ${USER_ID}, with the runtime's seccomp profile.`,
  },
  {
    expression: ["sysctls", "supplementalGroups", "seLinuxOptions", "appArmorProfile", "windowsOptions"]
      .map((field) => `!has(object.spec.securityContext.${field})`)
      .join(" && "),
    message: "No sysctls, further groups, SELinux, AppArmor or Windows options.",
  },
];
