import { askedByBackend, literal, literals, matched, object, type Variable } from "./cel";
import {
  type AdmissionFacts,
  BUCKET_ANNOTATION,
  OWNER_ANNOTATION,
  localDisk,
  USER_ID,
  WAITING,
  WORKSPACE,
  WORKSPACE_AS_SENT,
} from "./facts";
import { imagesAtHand } from "./images-at-hand";
import { waitingArgs } from "./wait-for-walls";

/**
 * What turns the pod that the application sends into one that can run, and run apart from others: a MutatingPolicy of
 * Kyverno, asked for the backend's pods alone, without whose answer none of them is admitted.
 *
 * The application gives its volume another name than its mounts (every pod is refused for it, on every cloud), and
 * asks for less security than the namespace demands. What is set here is set whatever the request says; what is not
 * set here and not expected is refused by the walls (`walls.ts`), which see the mended pod.
 *
 * @requirement S4
 * @requirement H5
 */
export function mendingPolicy(facts: AdmissionFacts) {
  return {
    apiVersion: "policies.kyverno.io/v1",
    kind: "MutatingPolicy",
    metadata: { name: "cmbcluster-mend-environments" },
    spec: {
      failurePolicy: "Fail",
      // A Deployment's pods come from the ReplicaSet controller, never from the backend.
      autogen: { podControllers: { controllers: [] } },
      // Lets lists be set that are otherwise taken for one value each: dropped capabilities, tolerations.
      evaluation: { useServerSideApply: true },
      webhookConfiguration: { timeoutSeconds: 10 },
      matchConstraints: matched(facts.namespace, [{ resources: ["pods"] }]),
      matchConditions: [askedByBackend(facts.namespace)],
      variables: variables(facts),
      mutations: [
        { patchType: "JSONPatch", jsonPatch: { expression: volumesPatch(facts) } },
        { patchType: "ApplyConfiguration", applyConfiguration: { expression: podPatch(facts) } },
      ],
    },
  };
}

/** The API server may ask twice (another webhook changed the pod): the second time the bucket is in the annotation. */
function variables({ cluster }: AdmissionFacts): Variable[] {
  const { driver } = cluster.userVolumes;
  return [
    {
      name: "sent",
      expression:
        `object.spec.?volumes.orValue([]).filter(v, v.name == ${literal(WORKSPACE_AS_SENT)}` +
        ` && v.?csi.?driver.orValue("") == ${literal(driver)})`,
    },
    {
      name: "bucket",
      expression:
        `size(variables.sent) == 1 ? variables.sent[0].csi.?volumeAttributes.?bucketName.orValue("")` +
        ` : object.metadata.?annotations[?${literal(BUCKET_ANNOTATION)}].orValue("")`,
    },
    {
      name: "users",
      expression:
        `object.spec.containers.map(c, c.?env.orValue([]).filter(e, e.name == "USER_ID"` +
        ` && e.?value.orValue("") != "").map(e, string(e.value)))`,
    },
    {
      // Written whatever the request brings: the walls, which cannot compute it, compare it with the bucket.
      name: "owner",
      expression:
        `size(variables.users) == 1 && size(variables.users[0]) == 1` +
        ` ? md5(variables.users[0][0]).substring(0, 8) : ""`,
    },
  ];
}

/** The volume gets the name that the mounts say, and is written anew: of the request's only the bucket is kept. */
function volumesPatch({ cluster }: AdmissionFacts): string {
  const { kind, driver, mountOptions, attributes } = cluster.userVolumes;
  const inlineAttributes = {
    bucketName: "variables.bucket",
    mountOptions: literal(mountOptions.join(",")),
    ...literals(attributes),
  };
  const source: Record<string, string> =
    kind === "claim"
      ? { persistentVolumeClaim: object({ claimName: "object.metadata.name" }) }
      : { csi: object({ driver: literal(driver), volumeAttributes: object(inlineAttributes) }) };
  return (
    `size(variables.sent) != 1 ? [] : [JSONPatch{op: "replace", path: "/spec/volumes", ` +
    `value: object.spec.volumes.map(v, v.name == ${literal(WORKSPACE_AS_SENT)}` +
    ` ? ${object({ name: literal(WORKSPACE), ...source })} : dyn(v))}]`
  );
}

function podPatch({ cluster, pulledNodes }: AdmissionFacts): string {
  const { nodeSelector, tolerations } = cluster.userPlacement;
  return `Object{
  metadata: Object.metadata{annotations: ${annotations(cluster.userVolumes.podAnnotations)}},
  spec: Object.spec{
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    nodeSelector: ${literal(nodeSelector)},
    tolerations: ${keptTolerations} + ${literal(tolerations)},${imagesAtHand({ pulledNodes })}
    securityContext: Object.spec.securityContext{
      runAsNonRoot: true, runAsUser: ${USER_ID}, runAsGroup: ${USER_ID}, fsGroup: ${USER_ID},
      seccompProfile: Object.spec.securityContext.seccompProfile{type: "RuntimeDefault"}
    },
    initContainers: ${initContainers(cluster)},
    containers: object.spec.containers.map(c, Object.spec.containers{
      name: c.name,
      imagePullPolicy: "IfNotPresent",
      resources: Object.spec.containers.resources{
        requests: {"ephemeral-storage": ${literal(localDisk.request)}},
        limits: {"ephemeral-storage": ${literal(localDisk.limit)}}
      },
      securityContext: ${confined("Object.spec.containers")}
    })
  }
}`;
}

function annotations(ofDriver: Readonly<Record<string, string>>): string {
  const fixed = Object.entries(ofDriver).map(([name, value]) => `, ${literal(name)}: ${literal(value)}`);
  const written = `${literal(BUCKET_ANNOTATION)}: string(variables.bucket), ${literal(OWNER_ANNOTATION)}: variables.owner`;
  return `{${written}${fixed.join("")}}`;
}

/** Those that the API server itself gives every pod: five minutes on a node that no longer answers. */
const keptTolerations =
  `object.spec.?tolerations.orValue([]).filter(t, t.?effect.orValue("") == "NoExecute" && t.?key.orValue("") in ` +
  `["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"])`;

/** The waiting one runs the copy of its image, and waits for the walls first; the one that the cloud has put in gets room for large writes. */
function initContainers({ registry, userVolumes: { helper } }: AdmissionFacts["cluster"]): string {
  const type = "Object.spec.initContainers";
  const waiting =
    `c.name == ${literal(WAITING)} ? ${type}{name: c.name, image: ${literal(registry.mirrors.busybox)}, ` +
    `imagePullPolicy: "IfNotPresent", args: ${waitingArgs("c")}, securityContext: ${confined(type)}}`;
  const helping = helper
    ? ` : c.name == ${literal(helper.container)} ? ${type}{name: c.name, resources: ${type}.resources{` +
      `requests: ${literal(helper.resources.requests)}, limits: ${literal(helper.resources.limits)}}}`
    : "";
  return `object.spec.?initContainers.orValue([]).map(c, ${waiting}${helping} : ${type}{name: c.name})`;
}

/** What Pod Security `restricted` asks of a container, beyond what the application sends. */
function confined(container: string): string {
  const type = `${container}.securityContext`;
  return (
    `${type}{runAsNonRoot: true, allowPrivilegeEscalation: false, ` +
    `capabilities: ${type}.capabilities{drop: ["ALL"]}, seccompProfile: ${type}.seccompProfile{type: "RuntimeDefault"}}`
  );
}
