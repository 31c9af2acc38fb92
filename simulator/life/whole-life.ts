import { configChanges } from "./config-changes";
import { destroyAndReturn } from "./destroy";
import { firstUp } from "./first-up";
import { goneCluster } from "./gone-cluster";
import { rights } from "./rights";
import { begin, type Shipped, type StackLife } from "./stack-life";

/**
 * The life of a shipped stack under the genuine engine, Kubernetes provider and API server, on simulated clouds: one
 * life, told in order. No test here shows that a real cloud accepts the configuration.
 */
export function wholeLife(stack: Shipped): void {
  describe(stack, () => {
    let life: StackLife;
    beforeAll(async () => void (life = await begin(stack)));
    afterAll(() => life.close());

    describe("from nothing to an application that runs", () => firstUp(() => life));
    describe("what the API server lets whom do", () => rights(() => life));
    describe("a change of the configuration", () => configChanges(() => life));
    describe("destroyed, and up again", () => destroyAndReturn(() => life));
    describe("its cluster deleted by somebody else", () => goneCluster(() => life));
  });
}
