import type { CloudName } from "../components/cmb-cluster";

/** What a short run of the drills takes out of them; undefined in a full one. */
export function drawn(environment?: NodeJS.ProcessEnv):
  | {
      readonly seed: number;
      /** Draws among a drill's own cases. */
      readonly rest: number;
      /** Drills, without `.drill.test.ts`. */
      readonly drills: readonly string[];
      /** The cloud of all but the first (`ingress` has none). */
      readonly cloud: CloudName;
      /** For the person who reads, with what makes it happen again. */
      readonly told: string;
    }
  | undefined;
