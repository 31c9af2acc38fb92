import { describeWithTools } from "../../testing/with-tools";
import { LIFE_TOOLS } from "../needed-tools";
import { configChanges, switches } from "./config-changes";
import { destroyAndReturn } from "./destroy";
import { drawn } from "./drawn";
import { firstUp } from "./first-up";
import { goneCluster } from "./gone-cluster";
import { rights } from "./rights";
import { begin, type Shipped, type StackLife } from "./stack-life";

/**
 * The life of a shipped stack under the genuine engine, Kubernetes provider and API server, on simulated clouds: one
 * life, told in order; a short run skips chapters (drawn.js). No test here shows that a real cloud accepts the configuration.
 */
export function wholeLife(stack: Shipped): void {
  const short = drawn();
  describeWithTools(LIFE_TOOLS, stack, () => {
    let life: StackLife;
    beforeAll(async () => void (life = await begin(stack)));
    afterAll(() => life.close());

    describe("from nothing to an application that runs", () => firstUp(() => life));
    describe("what the API server lets whom do", () => rights(() => life));
    const told = (chapter: NonNullable<typeof short>["chapter"]) =>
      short && short.chapter !== chapter ? describe.skip : describe;
    told("changes")("a change of the configuration", () => configChanges(() => life));
    told("switch")("what plain Pulumi stops at, and another cloud", () => switches(() => life));
    told("end")("destroyed, and up again", () => destroyAndReturn(() => life));
    told("gone")("its cluster deleted by somebody else", () => goneCluster(() => life));
  });
}
