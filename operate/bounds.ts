import { nameOf, type Plan, type Step } from "./plan";

/** A node group whose new bounds leave out the size that it has at present. */
export interface OutOfBounds {
  /** Logical name. */
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Nodes it has now, as the refresh of this run found it. */
  readonly present: number;
  /** What moves bounds and size together; absent where that would end user environments. */
  readonly command?: string;
}

interface Scaling {
  readonly minSize?: number;
  readonly maxSize?: number;
  readonly desiredSize?: number;
}

/**
 * Node groups of EKS that an update would be refused for. EKS takes no bounds which the present size is outside of
 * (`Minimum capacity 1 can't be greater than desired size 0`), and the program leaves the present size to the
 * autoscaler; without this the run would stop half-way.
 */
export function outOfBounds({ steps }: Plan): OutOfBounds[] {
  return steps.flatMap((step) => {
    const isGroup = step.op === "update" && step.newState?.type === "aws:eks/nodeGroup:NodeGroup";
    const found = isGroup ? judged(step) : undefined;
    return found ? [found] : [];
  });
}

function judged({ urn, oldState, newState }: Step): OutOfBounds | undefined {
  const { minSize: min, maxSize: max } = (newState?.inputs?.["scalingConfig"] ?? {}) as Scaling;
  const { desiredSize: present } = (oldState?.outputs?.["scalingConfig"] ?? {}) as Scaling;
  if (min === undefined || max === undefined || present === undefined) return undefined;
  const group = { name: nameOf(urn), min, max, present };
  if (present < min) return { ...group, command: grow(oldState?.outputs ?? {}, min, max) };
  return present > max ? group : undefined;
}

/** `arn:aws:eks:<region>:<account>:nodegroup/<cluster>/<group>/<id>` (service authorization reference, EKS). */
function grow(outputs: Readonly<Record<string, unknown>>, min: number, max: number): string {
  const [, , , region, , path] = String(outputs["arn"]).split(":");
  const [, cluster, group] = (path ?? "").split("/");
  return (
    `aws eks update-nodegroup-config --region ${region} --cluster-name ${cluster} --nodegroup-name ${group} ` +
    `--scaling-config minSize=${min},maxSize=${max},desiredSize=${min}`
  );
}

/** As a person reads it; empty when every group is within its bounds. */
export function renderBounds(groups: readonly OutOfBounds[], stack: string): string {
  if (groups.length === 0) return "";
  const lines = groups.flatMap(({ name, min, max, present, command }) => [
    `  ${name}: ${min} to ${max} nodes, of which it has ${present} now`,
    command === undefined
      ? "    wait until the autoscaler has shrunk it: fewer nodes by hand end the user environments on them"
      : `    ${command}`,
  ]);
  return [
    "refused, nothing was touched: EKS takes no bounds that the present size of a node group is outside of",
    ...lines,
    `  then again: npm run up -- ${stack}`,
  ].join("\n");
}
