import { type Check, imageAllowed, literal, type Variable } from "./cel";
import { type AdmissionFacts, FILES, USER_ID, WAITING, WORKSPACE } from "./facts";
import { waitingChecks } from "./wait-for-walls";

type Facts = Pick<AdmissionFacts, "cluster" | "images">;

/**
 * The containers by who they are from: `main` the environment's own, `waiting` the one that waits for the mount,
 * `helpers` what the cloud has put in.
 */
export function containerVariables({ cluster }: Pick<Facts, "cluster">): Variable[] {
  const helper = cluster.userVolumes.helper?.container ?? "";
  const inits = `object.spec.?initContainers.orValue([])`;
  return [
    { name: "main", expression: `object.spec.containers` },
    { name: "waiting", expression: `${inits}.filter(c, c.name == ${literal(WAITING)})` },
    { name: "helpers", expression: `${inits}.filter(c, c.name == ${literal(helper)})` },
    { name: "others", expression: `${inits}.filter(c, !(c.name in ${literal([WAITING, helper])}))` },
    // What a user's program runs in.
    { name: "theirs", expression: `variables.main + variables.waiting` },
  ];
}

/** What holds for containers. */
export function containerChecks(facts: Facts): Check[] {
  return [
    ...which(facts),
    ...waitingChecks("variables.waiting"),
    ...helpers(facts),
    ...confined,
    ...environment,
    ...reach,
  ];
}

function which({ cluster, images }: Facts): Check[] {
  return [
    {
      expression:
        `size(variables.main) == 1 && size(variables.waiting) == 1 && size(variables.others) == 0` +
        ` && size(variables.helpers) <= 1`,
      message: "An environment has one container and the one that waits for its bucket.",
    },
    {
      expression: `variables.main.all(c, ${imageAllowed("c.image", images)})`,
      message: `Images come from ${images.join(", ")} (cmbcluster:environments.allowedImages).`,
    },
    {
      expression: `variables.waiting.all(c, c.image == ${literal(cluster.registry.mirrors.busybox)})`,
      message:
        "The container that waits for the bucket runs the copy of busybox in the stack's own registry.",
    },
    {
      expression: `variables.theirs.all(c, c.?imagePullPolicy.orValue("") == "IfNotPresent")`,
      message: "Images are pulled where they are not there yet.",
    },
  ];
}

function helpers({ cluster: { userVolumes } }: Facts): Check[] {
  const { helper } = userVolumes;
  if (!helper) return [];
  return [
    {
      expression: `variables.helpers.all(c, c.image.matches(${literal(helper.image)}))`,
      message: `${helper.container} is the cloud's own.`,
    },
    {
      expression:
        `variables.helpers.all(c, c.?securityContext.?runAsNonRoot.orValue(false)` +
        ` && !c.?securityContext.?privileged.orValue(false)` +
        ` && c.?securityContext.?allowPrivilegeEscalation.orValue(true) == false` +
        ` && !has(c.securityContext.capabilities.add) && !has(c.lifecycle) && !has(c.command)` +
        ` && c.?env.orValue([]).all(e, !has(e.valueFrom)) && size(c.?envFrom.orValue([])) == 0)`,
      message: `${helper.container} is as the cloud makes it.`,
    },
  ];
}

const confined: Check[] = [
  {
    expression: `variables.theirs.all(c, ${[
      `c.?securityContext.?runAsNonRoot.orValue(false)`,
      `c.?securityContext.?runAsUser.orValue(${USER_ID}) == ${USER_ID}`,
      `c.?securityContext.?runAsGroup.orValue(${USER_ID}) == ${USER_ID}`,
      `c.?securityContext.?allowPrivilegeEscalation.orValue(true) == false`,
      `!c.?securityContext.?privileged.orValue(false)`,
      `c.?securityContext.?capabilities.?drop.orValue([]) == ["ALL"]`,
      `size(c.?securityContext.?capabilities.?add.orValue([])) == 0`,
      `c.?securityContext.?seccompProfile.?type.orValue("") == "RuntimeDefault"`,
    ].join(" && ")})`,
    message: `Containers run as user and group ${USER_ID}, unprivileged, with every capability dropped.`,
  },
  {
    expression: `variables.theirs.all(c, ${[
      "procMount",
      "seLinuxOptions",
      "appArmorProfile",
      "windowsOptions",
    ]
      .map((field) => `!has(c.securityContext.${field})`)
      .join(" && ")})`,
    message: "No mount of /proc, SELinux, AppArmor or Windows options of its own.",
  },
  {
    expression: `variables.theirs.all(c, ${["requests", "limits"]
      .map(
        (list) => `c.?resources.?${list}.orValue({}).all(key, key in ["cpu", "memory", "ephemeral-storage"])`,
      )
      .join(" && ")} && !has(c.resources.claims))`,
    message: "Environments ask for CPU, memory and local disk.",
  },
];

const userLabel = `object.metadata.?labels[?"user-id"].orValue("")`;
const environmentLabel = `object.metadata.?labels[?"env-id"].orValue("")`;

const environment: Check[] = [
  {
    expression: `variables.theirs.all(c, c.?env.orValue([]).all(e, !has(e.valueFrom)))`,
    message: "Variables are plain: none is taken from a Secret, a ConfigMap or the pod's own fields.",
  },
  {
    // The last of two would win.
    expression: `variables.main.all(c, ["USER_ID", "ENV_ID", "STORAGE_BUCKET"].all(name, c.?env.orValue([]).filter(e, e.name == name).size() == 1))`,
    message: "USER_ID, ENV_ID and STORAGE_BUCKET are there once.",
  },
  {
    expression:
      `variables.main.all(c, c.?env.orValue([]).all(e, e.name != "ENV_ID" || e.?value.orValue("") == ${environmentLabel}))` +
      ` && variables.main.all(c, c.?env.orValue([]).all(e, e.name != "STORAGE_BUCKET" || e.?value.orValue("") == variables.bucket))`,
    message: "Label, variables and volume name the same environment and the same bucket.",
  },
  {
    expression:
      `variables.theirs.all(c, c.?envFrom.orValue([]).all(from, has(from.secretRef) && !has(from.configMapRef)` +
      ` && from.secretRef.?name.orValue("") == "user-env-" + ${userLabel} + "-" + ${environmentLabel}))`,
    message: "The only Secret whose variables an environment takes is its own.",
  },
];

/** A kubelet follows probes and hooks from the node's network, past every network policy. */
const reach: Check[] = [
  {
    expression: `variables.theirs.all(c, !has(c.lifecycle) && !has(c.volumeDevices) && !has(c.restartPolicy))`,
    message: "No lifecycle hooks, no block devices, no side cars.",
  },
  {
    expression: `variables.theirs.all(c, ${["startupProbe", "readinessProbe", "livenessProbe"]
      .map((probe) => `(!has(c.${probe}) || has(c.${probe}.exec))`)
      .join(" && ")})`,
    message: "Probes run a command in the container: the node asks no address for an environment.",
  },
  {
    expression: `variables.theirs.all(c, c.?ports.orValue([]).all(p, p.?hostPort.orValue(0) == 0))`,
    message: "No port of the node.",
  },
  {
    expression:
      `variables.theirs.all(c, c.?volumeMounts.orValue([]).all(m, m.name in ${literal([WORKSPACE, FILES])}` +
      ` && !has(m.subPath) && !has(m.subPathExpr) && !has(m.mountPropagation)))`,
    message: `Mounted are ${WORKSPACE} and ${FILES}, whole.`,
  },
];
