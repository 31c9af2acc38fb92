import type { CmbCluster } from "../components/cmb-cluster";
import type { Grant } from "../components/grants";
import {
  BACKEND_SERVICE_ACCOUNT,
  RESTORE_DRILL_SERVICE_ACCOUNT,
  USER_SERVICE_ACCOUNT,
} from "../components/naming";

/**
 * Binds every workload that the program brings, with the rights that it has there.
 *
 * @param beside what the backend may do besides, as with a user pool
 */
export function bindEveryWorkload(cluster: CmbCluster, namespace: string, beside: readonly Grant[] = []) {
  const { database } = cluster.buckets;
  return {
    backend: cluster.bindWorkload("backend", {
      namespace,
      serviceAccount: BACKEND_SERVICE_ACCOUNT,
      grants: [{ verb: "manage-user-buckets" }, { verb: "replicate-database", bucket: database }, ...beside],
    }),
    users: cluster.bindWorkload("users", {
      namespace,
      serviceAccount: USER_SERVICE_ACCOUNT,
      grants: [{ verb: "mount-user-buckets" }],
    }),
    drill: cluster.bindWorkload("drill", {
      namespace,
      serviceAccount: RESTORE_DRILL_SERVICE_ACCOUNT,
      grants: [{ verb: "read-database", bucket: database }],
    }),
    certificates: cluster.bindWorkload("certificates", {
      namespace: "cert-manager",
      serviceAccount: "cert-manager",
      grants: [{ verb: "answer-dns-challenge" }],
    }),
  };
}
