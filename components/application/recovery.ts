/** What a recovery of the database promises. */
export const recoveryGoals = {
  /** Oldest state, in seconds, that a recovery may bring back (RPO). */
  pointSeconds: 300,
  /** Longest time, in seconds, from the loss until the backend answers (RTO). */
  timeSeconds: 3600,
} as const;

/** A step of a recovery besides the lease and the restore, which a drill measures. */
export interface RecoveryStep {
  readonly what: string;
  readonly seconds: number;
  readonly source: string;
}

/**
 * What a recovery from the loss of a zone takes besides. Published durations, none measured here; of two clouds the
 * slower one. Not in it: the time until a person gives the word.
 *
 * @requirement O9
 */
export const recoverySteps: readonly RecoveryStep[] = [
  {
    what: "Kubernetes takes the nodes of the zone for lost",
    seconds: 50,
    source: "kube-controller-manager, node-monitor-grace-period (50 s since v1.32)",
  },
  {
    what: "the old claim goes and a new one is made",
    seconds: 30,
    source: "estimate: a few calls of the API",
  },
  {
    what: "a node in another zone, where none has room",
    seconds: 150,
    source: "published scale-up times: EKS 90 to 150 s, GKE 60 to 120 s",
  },
  {
    what: "a disk is made and attached",
    seconds: 60,
    source: "published times of the EBS and PD CSI drivers: 10 to 60 s",
  },
  {
    what: "images are pulled",
    seconds: 60,
    source: "estimate for an image of some hundred MB from the own registry",
  },
  { what: "the backend's first answer", seconds: 30, source: "its probes: first after 10 s, then every 5 s" },
];

/** Sum of {@link recoverySteps}. */
export const recoveryStartSeconds = recoverySteps.reduce((sum, { seconds }) => sum + seconds, 0);
