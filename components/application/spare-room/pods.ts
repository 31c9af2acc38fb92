import type * as k8s from "@pulumi/kubernetes";
import type { UserPlacement } from "../../user-volumes";
import type { ApplicationImages } from "../settings";
import type { names } from "./names";
import { IMAGES_LABEL, IMAGES_PULLED, images as own } from "./names";
import type { Place } from "./size";

type PodTemplate = k8s.types.input.core.v1.PodTemplateSpec;
type Container = k8s.types.input.core.v1.Container;

/** Labels that select the pods of one part of the spare room. */
export function labelsOf(part: keyof typeof names): Record<string, string> {
  return { "app.kubernetes.io/name": "cmbcluster-spare-room", "app.kubernetes.io/component": part };
}

/** As Pod Security `restricted` wants every container. */
const confined = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};

/** Of the pod: nobody's account, no names of other Services, no root. */
const restricted = (user: number) => ({
  enableServiceLinks: false,
  securityContext: {
    runAsNonRoot: true,
    runAsUser: user,
    runAsGroup: user,
    seccompProfile: { type: "RuntimeDefault" },
  },
});

const on = ({ nodeSelector, tolerations }: UserPlacement) => ({
  nodeSelector: { ...nodeSelector },
  tolerations: tolerations.map((each) => ({ ...each })),
});

/**
 * A pod that holds room for one environment and does nothing. It goes without a moment's grace, for whoever it makes
 * room for waits for its end.
 */
export function roomPod(place: Place, placement: UserPlacement, priorityClass: string): PodTemplate {
  return {
    metadata: { labels: labelsOf("room") },
    spec: {
      ...on(placement),
      ...restricted(65535),
      automountServiceAccountToken: false,
      priorityClassName: priorityClass,
      terminationGracePeriodSeconds: 0,
      containers: [
        {
          name: "room",
          image: own.pause,
          resources: { requests: amounts(place), limits: amounts(place) },
          securityContext: confined,
        },
      ],
    },
  };
}

const amounts = ({ cpu, memory }: Place) => ({ cpu: `${cpu}m`, memory: `${memory}Mi` });

/** What the pod that pulls images is made of. */
export interface ImagesPod {
  readonly placement: UserPlacement;
  readonly images: ApplicationImages;
  /** Copy of the image in which an environment waits for its bucket. */
  readonly waiting: string;
  /** ConfigMap that holds the script of the main container. */
  readonly script: string;
  readonly serviceAccount: string;
}

/**
 * A pod that pulls, one after the other, the images of an environment, and then says so by a label on itself. The
 * images' own shell is asked for nothing: once a container of an image has started, the image is there.
 */
export function imagesPod({ placement, images, waiting, script, serviceAccount }: ImagesPod): PodTemplate {
  const small = { requests: { cpu: "10m", memory: "32Mi" }, limits: { cpu: "200m", memory: "64Mi" } };
  const pull = (name: string, image: string): Container => ({
    name,
    image,
    imagePullPolicy: "IfNotPresent",
    command: ["/bin/sh", "-c", ":"],
    resources: small,
    securityContext: confined,
  });
  const fromPod = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });
  return {
    metadata: { labels: labelsOf("images") },
    spec: {
      ...on(placement),
      ...restricted(1000),
      serviceAccountName: serviceAccount,
      automountServiceAccountToken: true,
      terminationGracePeriodSeconds: 0,
      initContainers: [pull("waiting", waiting), pull("user-environment", images["user-environment"])],
      containers: [
        {
          name: "mark",
          // Brings Python, and is in the registry whenever the application runs at all.
          image: images.backend,
          imagePullPolicy: "IfNotPresent",
          command: ["python3", "/script/mark.py"],
          env: [
            fromPod("POD_NAME", "metadata.name"),
            fromPod("POD_NAMESPACE", "metadata.namespace"),
            { name: "LABEL", value: IMAGES_LABEL },
            { name: "VALUE", value: IMAGES_PULLED },
          ],
          resources: small,
          securityContext: confined,
          volumeMounts: [{ name: "script", mountPath: "/script", readOnly: true }],
        },
      ],
      volumes: [{ name: "script", configMap: { name: script } }],
    },
  };
}

/** The pod that sets how much room is held. */
export function growthPod(
  tolerations: UserPlacement["tolerations"],
  args: readonly string[],
  serviceAccount: string,
): PodTemplate {
  return {
    metadata: { labels: labelsOf("growth") },
    spec: {
      tolerations: tolerations.map((each) => ({ ...each })),
      ...restricted(65534),
      serviceAccountName: serviceAccount,
      automountServiceAccountToken: true,
      containers: [
        {
          name: "growth",
          image: own.growth,
          command: ["/cluster-proportional-autoscaler", ...args],
          resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "64Mi" } },
          securityContext: confined,
        },
      ],
    },
  };
}
