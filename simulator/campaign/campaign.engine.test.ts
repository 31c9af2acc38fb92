import { describeWithTools } from "../../testing/with-tools";
import { CLOUDS } from "./cases";
import { main, NEEDED } from "./cli";

/*
 * The whole campaign, each creation and forty kills on each cloud, takes hours: `npm run campaign`. A sample of it here,
 * other cases each time. Clusters are records; what a real cloud leaves after a kill no test here shows.
 */
describeWithTools(NEEDED, "a sample of the campaign of faults", () => {
  const seed = process.env["CMB_ENGINE_SEED"] ?? String(Date.now());

  test.each(CLOUDS)(
    "[O5] %s: what is refused, lost and killed ends where an undisturbed life does, and what is left is named",
    async (cloud) => {
      expect(await main(["--cloud", cloud, "--sample", "2", "--seed", seed])).toBe(0);
    },
    45 * 60 * 1000,
  );
});
