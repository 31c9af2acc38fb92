/** What a short run of the engine tests takes out of them; undefined in a full one. */
export function drawn(environment?: NodeJS.ProcessEnv):
  | {
      readonly seed: number;
      /**
       * `changes`: changed configurations; `switch`: protection, and another cloud in the stack's file; `end`: destroy and
       * return; `gone`: a cluster that somebody deleted.
       */
      readonly chapter: "changes" | "switch" | "end" | "gone";
      /** Engine tests, the life first, without `.engine.test.ts`. */
      readonly files: readonly string[];
      /** For the person who reads, with what makes it happen again. */
      readonly told: string;
    }
  | undefined;
