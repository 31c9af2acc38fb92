import { askedByBackend, bucketPattern, literal, literals, matched, object } from "./cel";
import { type AdmissionFacts, BUCKET_ANNOTATION, VOLUME_LABEL } from "./facts";
import { type Wall, wall } from "./walls";

/** Label that marks the volumes of one namespace's environments. */
export function volumeLabels(namespace: string) {
  return { [VOLUME_LABEL]: namespace };
}

/** The account of Kyverno's background controller, which makes what policies generate. */
const BACKGROUND_USER = "system:serviceaccount:kyverno:kyverno-background-controller";

/** Buckets have no size; Kubernetes wants one, and compares claim and volume by it. */
const NOMINAL_SIZE = "1Pi";

/**
 * Where the driver mounts claims: a PersistentVolume for exactly the pod's bucket, and the claim that the mended pod
 * names, both made when the pod is admitted. The claim is owned by the pod and goes with it; the volume, which has no
 * namespace and can be owned by no pod, is swept once its claim is gone (`sweep.ts`).
 *
 * Nothing is synchronised: Kyverno would revert what Kubernetes itself writes into the volume when it is bound, and
 * would be asked at every deletion of a pod.
 *
 * @requirement S4
 */
export function volumePolicy({ cluster, namespace }: AdmissionFacts) {
  return {
    apiVersion: "policies.kyverno.io/v1",
    kind: "GeneratingPolicy",
    metadata: { name: "cmbcluster-user-volumes" },
    spec: {
      evaluation: {
        synchronize: { enabled: false },
        generateExisting: { enabled: false },
        orphanDownstreamOnPolicyDelete: { enabled: true },
      },
      webhookConfiguration: { timeoutSeconds: 10 },
      matchConstraints: matched(namespace, [{ resources: ["pods"] }]),
      matchConditions: [
        askedByBackend(namespace),
        // The webhook is asked about deletions too, whatever the rules say.
        { name: "made", expression: `request.operation == "CREATE"` },
      ],
      variables: [
        { name: "pod", expression: `string(object.metadata.name)` },
        { name: "volume", expression: `[${volume(cluster, namespace)}]` },
        { name: "claim", expression: `[${claim(namespace)}]` },
      ],
      generate: [
        { expression: `generator.apply("", variables.volume)` },
        { expression: `generator.apply(${literal(namespace)}, variables.claim)` },
      ],
    },
  };
}

/** The whole volume; of the request it takes the pod's name and the bucket that the walls have looked at. */
function volume({ userVolumes }: AdmissionFacts["cluster"], namespace: string): string {
  const { driver, mountOptions, attributes } = userVolumes;
  return object({
    apiVersion: literal("v1"),
    kind: literal("PersistentVolume"),
    metadata: object({ name: volumeName(namespace), labels: literal(volumeLabels(namespace)) }),
    spec: object({
      capacity: object({ storage: literal(NOMINAL_SIZE) }),
      accessModes: literal(["ReadWriteMany"]),
      persistentVolumeReclaimPolicy: literal("Retain"),
      storageClassName: literal(""),
      claimRef: object({
        ...literals({ apiVersion: "v1", kind: "PersistentVolumeClaim", namespace }),
        name: "variables.pod",
      }),
      mountOptions: literal(mountOptions),
      csi: object({
        driver: literal(driver),
        volumeHandle: volumeName(namespace),
        volumeAttributes: object({
          bucketName: `string(object.metadata.annotations[${literal(BUCKET_ANNOTATION)}])`,
          ...literals(attributes),
        }),
      }),
    }),
  });
}

function claim(namespace: string): string {
  const owner = object({
    ...literals({ apiVersion: "v1", kind: "Pod" }),
    name: "variables.pod",
    uid: "string(object.metadata.uid)",
  });
  return object({
    apiVersion: literal("v1"),
    kind: literal("PersistentVolumeClaim"),
    metadata: object({
      name: "variables.pod",
      namespace: literal(namespace),
      labels: literal(volumeLabels(namespace)),
      ownerReferences: `[${owner}]`,
    }),
    spec: object({
      accessModes: literal(["ReadWriteMany"]),
      storageClassName: literal(""),
      volumeName: volumeName(namespace),
      resources: object({ requests: literal({ storage: NOMINAL_SIZE }) }),
    }),
  });
}

/** Volumes are named across all namespaces. */
function volumeName(namespace: string): string {
  return `${literal(`${namespace}-`)} + variables.pod`;
}

/**
 * What the policy above writes, and nothing else, becomes a volume with this driver for a claim of the namespace: one
 * that somebody brings along, or changes later, is refused.
 */
export function volumeWall({ cluster, namespace }: AdmissionFacts): Wall {
  const { driver, mountOptions, attributes } = cluster.userVolumes;
  // A volume lies in no namespace, and what lies in none is never passed over for the selector of namespaces.
  return wall("cmbcluster-user-volumes", namespace, {
    rules: [{ resources: ["persistentvolumes"], operations: ["CREATE", "UPDATE"] }],
    conditions: [
      {
        name: "for-the-namespace",
        expression:
          `object.spec.?csi.?driver.orValue("") == ${literal(driver)}` +
          ` && object.spec.?claimRef.?namespace.orValue("") == ${literal(namespace)}`,
      },
    ],
    checks: [
      {
        expression: `request.operation != "CREATE" || request.userInfo.username == ${literal(BACKGROUND_USER)}`,
        message: "Volumes for environments are made by Kyverno alone.",
      },
      {
        expression:
          `object.spec.csi.?volumeAttributes.?bucketName.orValue("").matches(${literal(bucketPattern)})` +
          ` && object.spec.?mountOptions.orValue([]) == ${literal(mountOptions)}` +
          Object.entries(attributes)
            .map(
              ([name, value]) =>
                ` && object.spec.csi.?volumeAttributes[?${literal(name)}].orValue("") == ${literal(value)}`,
            )
            .join(""),
        message: "The volume is not as it is made: another bucket, option or identity.",
      },
    ],
  });
}
