/**
 * The names of the application's objects, written here once: the program creates some of the objects and hands
 * the names of all to the chart, which makes none up.
 */
export const names = {
  /** Helm release; also the `app.kubernetes.io/instance` of every selector, so it can never change. */
  release: "cmbcluster",
  /** Deployment, Service, disruption budget and configuration of the backend. */
  backend: "cmbcluster-backend",
  /** The same of the front end, and its autoscaler and service account. */
  frontend: "cmbcluster-frontend",
  /** Claim of the database's block volume: holds data, so it can never change. */
  databaseClaim: "cmbcluster-database",
  /** ConfigMap with the program that keeps the database's copies. */
  keeper: "cmbcluster-keeper",
  /** CronJob of the restore drill, and the ConfigMap that it leaves its report in. */
  restoreDrill: "cmbcluster-restore-drill",
  /** Secret objects, made by the program. */
  backendSecret: "cmbcluster-backend-secrets",
  frontendSecret: "cmbcluster-frontend-secrets",
} as const;

/** Ports of the Services and containers, fixed by the application's images. */
export const ports = { backend: 8000, frontend: 8501 } as const;

/**
 * The only ingress class that works: the application writes `nginx` into an annotation of each environment's
 * Ingress, and the API server refuses one whose class and annotation differ.
 */
export const INGRESS_CLASS = "nginx";
