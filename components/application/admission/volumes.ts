import { askedByBackend, bucketPattern, literal, matched } from "./cel";
import { type AdmissionFacts, BUCKET_ANNOTATION, VOLUME_LABEL } from "./facts";
import { type Wall, wall } from "./walls";

/** Label that marks the volumes of one namespace's environments. */
export function volumeLabels(namespace: string) {
  return { [VOLUME_LABEL]: namespace };
}

/** The account of Kyverno's background controller, which makes what policies generate. */
export const BACKGROUND_USER = "system:serviceaccount:kyverno:kyverno-background-controller";

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
  const { driver, mountOptions, attributes } = cluster.userVolumes;
  const labels = literal(volumeLabels(namespace));
  const fixedAttributes = Object.entries(attributes).map(
    ([name, value]) => `, ${literal(name)}: ${literal(value)}`,
  );
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
        {
          name: "volume",
          expression: `[{
            "apiVersion": dyn("v1"), "kind": dyn("PersistentVolume"),
            "metadata": dyn({"name": ${volumeName(namespace)}, "labels": ${labels}}),
            "spec": dyn({
              "capacity": dyn({"storage": ${literal(NOMINAL_SIZE)}}),
              "accessModes": dyn(["ReadWriteMany"]),
              "persistentVolumeReclaimPolicy": dyn("Retain"),
              "storageClassName": dyn(""),
              "claimRef": dyn({"apiVersion": "v1", "kind": "PersistentVolumeClaim",
                "namespace": ${literal(namespace)}, "name": variables.pod}),
              "mountOptions": dyn(${literal(mountOptions)}),
              "csi": dyn({"driver": dyn(${literal(driver)}), "volumeHandle": dyn(${volumeName(namespace)}),
                "volumeAttributes": dyn({"bucketName": string(object.metadata.annotations[${literal(
                  BUCKET_ANNOTATION,
                )}])${fixedAttributes.join("")}})})
            })
          }]`,
        },
        {
          name: "claim",
          expression: `[{
            "apiVersion": dyn("v1"), "kind": dyn("PersistentVolumeClaim"),
            "metadata": dyn({"name": dyn(variables.pod), "namespace": dyn(${literal(namespace)}),
              "labels": dyn(${labels}),
              "ownerReferences": dyn([{"apiVersion": "v1", "kind": "Pod", "name": variables.pod,
                "uid": string(object.metadata.uid)}])}),
            "spec": dyn({
              "accessModes": dyn(["ReadWriteMany"]), "storageClassName": dyn(""),
              "volumeName": dyn(${volumeName(namespace)}),
              "resources": dyn({"requests": {"storage": ${literal(NOMINAL_SIZE)}}})
            })
          }]`,
        },
      ],
      generate: [
        { expression: `generator.apply("", variables.volume)` },
        { expression: `generator.apply(${literal(namespace)}, variables.claim)` },
      ],
    },
  };
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
