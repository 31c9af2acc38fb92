import { namespace } from "../../app-chart/combinations";
import { eventually } from "../../simulator/kubernetes/fixtures/cluster";
import { ask, gone, pods, wishOf } from "./asking";
import { GRACE_SECONDS, type Place } from "./place";
import { sentPod } from "./sent";

/** Waits until a second of the minute has come, or is a moment ago. */
async function untilSecond(second: number): Promise<void> {
  while (![0, 1, 2].includes(new Date().getSeconds() - second)) {
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/** What failed creates leave behind is taken away: by Kyverno's cleanup controller, at the full minute in this drill. */
export function sweep(place: Place): void {
  const { cloud } = place;
  const secrets = (within = namespace) => `/api/v1/namespaces/${within}/secrets`;
  const secret = (name: string) => ({ apiVersion: "v1", kind: "Secret", metadata: { name } });
  const there = async () => (await place.api.list(secrets())).map(({ metadata }) => metadata.name);

  test("[S4] secrets of failed creates go once they are old, those of a living pod, young ones and others stay", async () => {
    const wish = wishOf(cloud, { user: "user-3", mail: "eve@example.org", environment: "0e0e0e0e" });
    const pod = sentPod(wish);
    expect((await ask(place.backend, pod)).refused).toBeUndefined();
    const left = ["user-env-bob-example-org-1e1e1e1e", "user-files-bob-example-org-1e1e1e1e"];
    const living = ["user-env-eve-example-org-0e0e0e0e", "user-files-eve-example-org-0e0e0e0e"];
    const young = "user-env-bob-example-org-2e2e2e2e";
    const others = [
      "user-env-notes",
      "my-user-env-bob-1e1e1e1e",
      "user-envelope-bob-1e1e1e1e",
      "keys-1e1e1e1e",
    ];

    await untilSecond(10);
    for (const name of [...left, ...living]) await place.backend.create(secrets(), secret(name));
    for (const name of others) await place.api.create(secrets(), secret(name));
    // Of the same name, where no application is.
    await place.api.create(secrets("default"), secret(left[0]!));
    const began = performance.now();
    await untilSecond(45);
    await place.backend.create(secrets(), secret(young));
    await eventually(async () => {
      const names = await there();
      return left.every((name) => !names.includes(name)) || undefined;
    }, 60);
    const took = (performance.now() - began) / 1000;
    expect(took).toBeGreaterThan(GRACE_SECONDS);
    expect(await there()).toEqual(expect.arrayContaining([young, ...living, ...others]));

    // The pod alone has kept its secrets, and the young one is old a minute later.
    await place.backend.delete(`${pods}/${pod.metadata.name}`, { graceSeconds: 0 });
    await eventually(async () => {
      const names = await there();
      return [young, ...living].every((name) => !names.includes(name)) || undefined;
    }, 120);
    expect(await there()).toEqual(expect.arrayContaining(others));
    expect(await gone(place.api, `${secrets("default")}/${left[0]!}`)).toBeUndefined();
    console.log(
      `admission on ${cloud}: left-over secrets gone ${took.toFixed(0)} s after they were made (ten minutes as ` +
        `${GRACE_SECONDS} s, every five minutes as every minute)`,
    );
  }, 300_000);
}
