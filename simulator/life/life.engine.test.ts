import { firstUp } from "./first-up";
import { begin, SHIPPED, type StackLife } from "./stack-life";

/**
 * The life of each shipped stack under the genuine engine, Kubernetes provider and API server, on simulated clouds:
 * one life, told in order. No test here shows that a real cloud accepts the configuration.
 */
describe.each(SHIPPED)("%s", (stack) => {
  let life: StackLife;
  beforeAll(async () => void (life = await begin(stack)));
  afterAll(() => life.close());

  describe("first up", () => firstUp(() => life));
});
