/**
 * A genuine Kubernetes control plane without containers, and what a cloud does in its clusters: nodes, volumes, load
 * balancers, images. `startControlPlane` starts one; `startProxy` leads clients to it under the names that a cloud
 * would give it, and serves stand-ins for the charts of others.
 */
export type {
  ApiFailure,
  CloudHooks,
  ClusterTools,
  ControlPlane,
  ControlPlaneOptions,
  DiskRequest,
  KubernetesApi,
  KubernetesObject,
  LoadBalancerAddress,
  LoadBalancerRequest,
  TargetBinding,
  TokenUser,
} from "./types";
export type { ChartProxy, ProxyOptions } from "./proxy-types";
export { startControlPlane } from "./control-plane";
export { startProxy } from "./proxy";
