import type { CloudView, Properties, ResourceModel } from "../models/model";
import type { PluginRequest } from "./host";
import { kubernetesSeconds } from "./kubernetes-times";
import { SimulatedProvider, type World } from "./simulated-provider";

/**
 * Kubernetes without a cluster: whatever is asked for is written down and answered. For runs about the clouds
 * alone, hundreds of them; nothing of what a real API server would check is checked.
 */
export function kubernetesRecords(world: World, request: PluginRequest, kill: () => void): SimulatedProvider {
  const models = new Proxy<Record<string, ResourceModel>>({}, { get: (_, type) => record(String(type)) });
  return new SimulatedProvider({ ...world, models }, request.packageName, request.environment, kill);
}

function record(type: string): ResourceModel {
  return {
    type,
    durations: {
      // The chart decides how long a release takes: it is slept in `created`.
      create: 0,
      update: kubernetesSeconds(type, "update", {}),
      delete: kubernetesSeconds(type, "delete", {}),
      source: "estimate",
    },
    id: (inputs, cloud) => nameOf(inputs, cloud),
    // Server-side apply takes over what is there (pulumi-kubernetes v4.34.2, await.go: "we currently always upsert the
    // object"); helm refuses a release whose name is in use.
    adopts: () => !type.startsWith("kubernetes:helm.sh/"),
    outputs: (inputs, cloud) => ({ metadata: { ...block(inputs["metadata"]), uid: cloud.hex(32) } }),
    created: ({ properties }, cloud) => cloud.sleep(kubernetesSeconds(type, "create", properties)),
  };
}

function nameOf(inputs: Properties, cloud: CloudView): string {
  const { namespace, name } = { ...inputs, ...block(inputs["metadata"]) };
  const own = typeof name === "string" ? name : cloud.hex(8);
  return typeof namespace === "string" ? `${namespace}/${own}` : own;
}

function block(value: unknown): Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Properties) : {};
}
