import type { PulledNodes } from "../spare-room";
import { type Check, literal, literals } from "./cel";
import type { AdmissionFacts } from "./facts";

const NODE = "kubernetes.io/hostname";

/**
 * What puts an environment on a node that has its images, as a field of the mended pod; nothing where no spare room
 * is kept. Without it an environment would go where room was made last, which is where the images are still coming.
 *
 * @requirement H6
 */
export function imagesAtHand({ pulledNodes }: Pick<AdmissionFacts, "pulledNodes">): string {
  if (!pulledNodes) return "";
  const { labels, namespace } = pulledNodes;
  const affinity = "Object.spec.affinity";
  const list = `${affinity}.podAffinity.requiredDuringSchedulingIgnoredDuringExecution`;
  return (
    `\n    affinity: ${affinity}{podAffinity: ${affinity}.podAffinity{` +
    `requiredDuringSchedulingIgnoredDuringExecution: [${list}{` +
    `labelSelector: ${list}.labelSelector{matchLabels: ${literal(labels)}}, ` +
    `namespaces: ${literal([namespace])}, topologyKey: ${literal(NODE)}}]}},`
  );
}

/** That a pod asks for these nodes and for no others. */
export function imagesAtHandChecks({ namespace, labels }: PulledNodes): Check[] {
  const wish = `object.spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution`;
  const wanted = Object.entries(literals(labels)).map(
    ([key, value]) => `${wish}[0].?labelSelector.?matchLabels[?${literal(key)}].orValue("") == ${value}`,
  );
  return [
    {
      expression: [
        `has(object.spec.affinity)`,
        `!has(object.spec.affinity.nodeAffinity)`,
        `!has(object.spec.affinity.podAntiAffinity)`,
        `has(object.spec.affinity.podAffinity)`,
        `!has(object.spec.affinity.podAffinity.preferredDuringSchedulingIgnoredDuringExecution)`,
        `size(object.spec.?affinity.?podAffinity.?requiredDuringSchedulingIgnoredDuringExecution.orValue([])) == 1`,
        `${wish}[0].topologyKey == ${literal(NODE)}`,
        `${wish}[0].?namespaces.orValue([]) == ${literal([namespace])}`,
        `!has(${wish}[0].namespaceSelector)`,
        ...wanted,
      ].join(" && "),
      message: "The only wish in affinity is for a node that has the images.",
    },
  ];
}
