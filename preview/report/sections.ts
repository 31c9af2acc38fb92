import type { RecordedResource } from "../engine";
import type { Query } from "./query";

/**
 * The parts of a stack in the order in which a reader meets them, with the component types that make them. Where
 * two fit, the later one holds: a platform's `Ingress` is the platform's.
 */
const SECTIONS: readonly (readonly [section: string, component: RegExp])[] = [
  ["services", /^cmb:\w+:Services$/],
  ["network", /^cmb:\w+:Network$/],
  ["cluster", /^cmb:\w+:(Cluster|Node\w+|WorkloadAddons|Autoscaler|SleepSchedule)$/],
  ["registry", /^cmb:\w+:Registry$/],
  ["buckets", /^cmb:\w+:Buckets?$/],
  ["identity", /^cmb:\w+:(Identity|Cognito\w*|SignIn\w*)$/],
  ["workload-iam", /^cmb:\w+:(Workload(Iam|Identity|Binding)|MountIdentity)$/],
  ["dns", /^cmb:\w+:(Dns|Ingress\w*|LoadBalancer)$/],
  ["secrets", /^cmb:\w+:KeptSecrets?$/],
  ["logs", /^cmb:\w+:LogStore$/],
  ["platform", /^cmb:(platform:\w+|\w+:Controllers)$/],
  ["application", /^cmb:application:/],
];

/** Section of what no component of the deployment holds: the stack itself. */
export const REST = "stack";

/** Names of all sections, in order. */
export const sectionNames: readonly string[] = [...SECTIONS.map(([name]) => name), REST];

/** The section a resource belongs to: that of the nearest component that makes one. */
export function sectionOf(query: Query, resource: RecordedResource): string {
  for (const { type } of [resource, ...query.ancestors(resource)]) {
    const found = SECTIONS.findLast(([, component]) => component.test(type));
    if (found) return found[0];
  }
  return REST;
}

/** True for what the engine or a provider makes; components only group. */
export function isCounted(resource: RecordedResource): boolean {
  return resource.custom && !resource.type.startsWith("pulumi:providers:");
}
