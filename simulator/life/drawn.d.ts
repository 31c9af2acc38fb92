/** What a short run takes: undefined for a whole one. */
export function drawn(environment?: NodeJS.ProcessEnv):
  | {
      readonly seed: number;
      readonly cloud: "aws" | "gcp";
      /** `changes`: changed configurations; `end`: destroy, return, and a cluster that is gone. */
      readonly chapter: "changes" | "end";
      /** Engine tests beside the life, without `.engine.test.ts`. */
      readonly others: readonly string[];
    }
  | undefined;
