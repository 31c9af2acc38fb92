import { namespace } from "../../app-chart/combinations";
import { ask, plainPod, podOf, pods, wishOf } from "./asking";
import { harmless, hostile } from "./hostile";
import type { Place } from "./place";
import { sentPod } from "./sent";

/** What is no environment is refused, whoever asks. */
export function walls(place: Place): void {
  const { cloud } = place;

  test("[W2, H5] each hostile variant is refused, for the reason that it should be", async () => {
    const answers: string[] = [];
    const wrong: string[] = [];
    for (const [index, variant] of hostile.entries()) {
      const environment = (0xa0000000 + index).toString(16);
      const { made, refused } = await ask(place.backend, podOf(cloud, variant, environment));
      const reason = refused?.replace(/\s+/g, " ") ?? "LET IN";
      const matches = named(variant.refused).test(reason);
      if (made || !matches) wrong.push(`${variant.name}: ${reason.slice(0, 400)}`);
      answers.push(`  ${variant.name}`);
    }
    console.log(`admission on ${cloud}: ${answers.length} hostile variants refused\n${answers.join("\n")}`);
    expect(wrong).toEqual([]);
    expect(hostile.length).toBeGreaterThanOrEqual(30);
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

/** Pod Security and the walls are both asked, in no set order: either's reason will do for what both refuse. */
function named(reason: string | RegExp): RegExp {
  const own = typeof reason === "string" ? reason : reason.source;
  return new RegExp(`${own}|violates PodSecurity "restricted`, "s");
}
