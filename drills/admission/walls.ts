import { namespace } from "../../app-chart/combinations";
import { ask, plainPod, podOf, pods, wishOf } from "./asking";
import { type Hostile, harmless, hostile } from "./hostile";
import type { Place } from "./place";
import { sentPod } from "./sent";

/** What is no environment is refused, whoever asks. */
export function walls(place: Place): void {
  const { cloud } = place;

  test("[W2, H5] each hostile variant is refused, for the reason that it should be", async () => {
    const refusals = hostile.map((variant, index) => ({
      variant,
      reason: async () => {
        const environment = (0xa0000000 + index).toString(16);
        const { refused } = await ask(place.backend, podOf(cloud, variant, environment));
        return refused?.replace(/\s+/g, " ") ?? "LET IN";
      },
    }));
    const told: string[] = [];
    const wrong: string[] = [];
    const behind: typeof refusals = [];
    const judge = ({ name, refused }: Hostile, reason: string) => {
      told.push(`  ${name}`);
      if (!new RegExp(refused, "s").test(reason)) wrong.push(`${name}: ${reason.slice(0, 400)}`);
    };
    for (const each of refusals) {
      const reason = await each.reason();
      // Pod Security is asked first, and what it refuses no wall gets to see.
      if (reason.includes('violates PodSecurity "restricted')) behind.push(each);
      else judge(each.variant, reason);
    }
    await place.enforce("privileged");
    try {
      for (const each of behind) judge(each.variant, await each.reason());
    } finally {
      await place.enforce("restricted");
    }
    console.log(
      `admission on ${cloud}: ${told.length} hostile variants refused, the last ${behind.length} by Pod Security first ` +
        `and without it by the walls\n${told.join("\n")}`,
    );
    expect(wrong).toEqual([]);
    expect(hostile.length).toBeGreaterThanOrEqual(50);
  }, 240_000);

  test.each(harmless.map((variant, index) => [variant.name, variant, index] as const))(
    "[H5] made harmless: %s",
    async (_, variant, index) => {
      const pod = podOf(cloud, variant, (0xb0000000 + index).toString(16));
      const { made, refused } = await ask(place.backend, pod);
      expect(refused).toBeUndefined();
      expect(variant.gone(made!)).toEqual([]);
      await place.backend.delete(`${pods}/${pod.metadata.name}`, { graceSeconds: 0 });
    },
  );

  test("an ephemeral container enters no environment, whoever wants it in", async () => {
    const { name } = sentPod(wishOf(cloud)).metadata;
    const body = { spec: { ephemeralContainers: [{ name: "look", image: "busybox" }] } };
    await expect(place.api.patch(`${pods}/${name}/ephemeralcontainers`, body, "strategic")).rejects.toThrow(
      /No ephemeral container|restricted/,
    );
    await expect(place.backend.patch(`${pods}/${name}/ephemeralcontainers`, body)).rejects.toThrow(
      /forbidden/,
    );
  });

  test("a pod under the account of environments is held to the same, whoever makes it", async () => {
    const pod = {
      ...plainPod,
      serviceAccountName: "cmbcluster-user-sa",
      automountServiceAccountToken: false,
    };
    const metadata = { name: "like-an-environment", namespace };
    await expect(
      place.api.create(pods, { apiVersion: "v1", kind: "Pod", metadata, spec: pod }),
    ).rejects.toThrow(/'cmbcluster-environments'.*denied/s);
  });
}
