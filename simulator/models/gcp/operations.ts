import { CloudError, type CloudView } from "../model";
import { HIDDEN, putHidden } from "./common";

/** Operations on the pools of one cluster that GKE runs at the same time. */
const CONCURRENT = 5;

/**
 * Seconds for which the provider tries again when the cluster is busy: up to the timeout of the operation
 * (terraform-provider-google, resource_container_node_pool.go: 30 min in older versions, 2 h since).
 */
const RETRIED = 7200;

/** What an operation is about: the cluster as a whole, or one of its pools. */
export type OperationScope = "cluster" | "pool";

/**
 * Begins an operation on a cluster, or refuses it while another one is in its way: what concerns the cluster runs
 * alone, pools are worked on five at a time (`Too many operations: cluster … hits the concurrent operations quota
 * 5`, terraform-provider-google issue 15205). The provider tries both again.
 */
export function beginOperation(
  cloud: CloudView,
  cluster: string,
  scope: OperationScope,
  seconds: number,
): void {
  const running = cloud.list(HIDDEN.operation, ({ properties }) => properties["cluster"] === cluster);
  for (const over of running.filter(({ properties }) => Number(properties["until"]) <= cloud.now()))
    cloud.remove(HIDDEN.operation, over.id);
  const others = running.filter(({ properties }) => Number(properties["until"]) > cloud.now());
  const incompatible = others.find(
    ({ properties }) => scope === "cluster" || properties["scope"] === "cluster",
  );
  if (incompatible)
    throw new CloudError(
      "failedPrecondition",
      `Error 400: Operation ${incompatible.id} is currently running on cluster ${cluster}. Please wait and try ` +
        "again once it is done., failedPrecondition",
      RETRIED,
    );
  if (others.length >= CONCURRENT)
    throw new CloudError(
      "rateLimitExceeded",
      `Error 429: Too many operations: cluster "${cluster}" hits the concurrent operations quota ${CONCURRENT}, ` +
        "please try again later.",
      RETRIED,
    );
  const id = `operation-${cloud.now()}-${cloud.hex(8)}`;
  putHidden(cloud, HIDDEN.operation, id, { cluster, scope, until: cloud.now() + seconds });
}

/** Forgets what ran on a cluster that is gone. */
export function forgetOperations(cloud: CloudView, cluster: string): void {
  for (const { id } of cloud.list(HIDDEN.operation, ({ properties }) => properties["cluster"] === cluster))
    cloud.remove(HIDDEN.operation, id);
}
