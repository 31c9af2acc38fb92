import type { CloudName } from "../components/cmb-cluster";

/** What a short run of the drills takes out of them; undefined in a full one. */
export function drawn(
  environment?: NodeJS.ProcessEnv,
): { seed: number; drill: string; cloud: CloudName } | undefined;
