import { askForCluster } from "./cloud";
import { type Answer, scripted } from "./fixtures/world";
import type { Place } from "./state";

const google: Place = { cloud: "gcp", account: "science-1", region: "europe-west4", clusterName: "cmb-dev" };
const cluster = { urn: "u", name: "cmb-dev", location: "europe-west4-a", protected: false };

async function ask(answer: Answer) {
  const world = scripted({ gcloud: answer });
  return { answer: await askForCluster(google, cluster, world.run), line: world.calls[0]!.line };
}

describe("[O5] Google, asked for a cluster", () => {
  test("is asked in the cluster's own place and project", async () => {
    const { answer, line } = await ask({ stdout: "{}" });
    expect(answer).toEqual({ is: "there" });
    expect(line).toBe(
      "gcloud container clusters describe cmb-dev --location europe-west4-a --project science-1 --format json(name,status)",
    );
  });

  test("only its own 404 is gone", async () => {
    const stderr =
      "ERROR: (gcloud.container.clusters.describe) ResponseError: code=404, message=Not found: projects/science-1/zones/europe-west4-a/clusters/cmb-dev.";
    expect((await ask({ code: 1, stderr })).answer).toEqual({ is: "gone" });
  });

  test.each([
    ['ResponseError: code=403, message=Required "container.clusters.get" permission', "code=403"],
    [
      "There was a problem refreshing your current auth tokens: invalid_grant",
      "gcloud auth application-default login",
    ],
    [
      "",
      "gcloud container clusters describe cmb-dev --location europe-west4-a --project science-1 --format json(name,status): ended with 1",
    ],
  ])("%j is not", async (stderr, why) => {
    const { answer } = await ask({ code: 1, stderr });
    expect(answer).toEqual({ is: "unknown", why: expect.stringContaining(why) as string });
  });
});
