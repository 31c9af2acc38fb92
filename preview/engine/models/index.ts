import type { ComponentModel } from "./component";
import { expandEksCluster } from "./eks-cluster";
import { isMap, UNKNOWN, type ValueMap } from "../values";

/** Remote components that can be expanded without their plugin, by type. */
export const componentModels: Readonly<Record<string, ComponentModel>> = {
  "eks:index:Cluster": expandEksCluster,
};

/**
 * Fields that a provider fills inside a block which the program gave, by type. Without them a preview would
 * show such a field as known and undefined. Fields outside any block need no mention: what the program did
 * not give is unknown. From the output types of @pulumi/aws 7.48.0 and @pulumi/gcp 9.37.0.
 */
const COMPUTED_IN_BLOCKS: Readonly<Record<string, readonly string[]>> = {
  "aws:eks/cluster:Cluster": ["vpcConfig.clusterSecurityGroupId", "vpcConfig.vpcId"],
  "gcp:container/cluster:Cluster": [
    ...["masterAuth.clientCertificate", "masterAuth.clientKey", "masterAuth.clusterCaCertificate"],
    ...["privateClusterConfig.privateEndpoint", "privateClusterConfig.publicEndpoint"],
    "controlPlaneEndpointsConfig.dnsEndpointConfig.endpoint",
  ],
};

/** The names that the API server gives an object which brings none. */
const COMPUTED_IN_KUBERNETES = ["metadata.name", "metadata.namespace", "metadata.uid"];

/**
 * What a provider answers to a creation that is only previewed: the inputs, and unknown for all else. Names
 * which a provider would make up (a bucket without `bucket`) stay unknown here, although a genuine preview
 * shows a random one.
 */
export function previewOutputs(type: string, inputs: ValueMap): ValueMap {
  const paths = type.startsWith("kubernetes:") ? COMPUTED_IN_KUBERNETES : (COMPUTED_IN_BLOCKS[type] ?? []);
  return paths.reduce((outputs, path) => withUnknown(outputs, path.split(".")), inputs);
}

function withUnknown(map: ValueMap, [key, ...rest]: string[]): ValueMap {
  if (key === undefined) return map;
  if (rest.length === 0) return key in map ? map : { ...map, [key]: UNKNOWN };
  const inner = map[key];
  return isMap(inner) ? { ...map, [key]: withUnknown(inner, rest) } : map;
}
