import { describeWithTools } from "../../testing/with-tools";
import { eventually } from "../../simulator/kubernetes/fixtures/cluster";
import { cloudNames } from "../../components/cmb-cluster";
import { drawn } from "../drawn";
import { ask, wishOf } from "./asking";
import { backendObjects } from "./backend-objects";
import { victim } from "./hostile";
import { mending } from "./mending";
import { outage } from "./outage";
import { Place } from "./place";
import { sentPod } from "./sent";
import { sweep } from "./sweep";
import { sideCars, volumesAndClaims } from "./user-volumes";
import { walls } from "./walls";

/*
 * The genuine API server and the genuine Kyverno, as its own chart with the program's values makes it, under the
 * program's own policies, asked with a token of the backend's account. What it cannot show: that a driver mounts, and
 * what webhooks a cloud adds of its own; the side car of GKE is put in by the drill, as its webhook would.
 */

const tools = [
  "helm",
  "kube-control-plane",
  "kwok",
  "kyverno-admission-controller",
  "kyverno-background-controller",
  "kyverno-cleanup-controller",
] as const;

const short = drawn();

for (const cloud of short ? [short.cloud] : cloudNames) {
  describeWithTools(tools, `admission on ${cloud}`, () => {
    const place = new Place(cloud);

    beforeAll(async () => {
      await place.start();
      await eventually(() => place.applyPolicies().then(() => true), 120);
      // The webhooks come a moment after the policies; until then every environment is refused.
      await eventually(async () => {
        const pod = sentPod(wishOf(cloud, { ...victim, environment: victim.environment }));
        const { made, refused } = await ask(place.backend, pod);
        if (refused && !/AlreadyExists|already exists/.test(refused)) throw new Error(refused);
        return made !== undefined || undefined;
      }, 120);
    }, 600_000);

    afterAll(() => place.stop(), 60_000);

    mending(place);
    if (cloud === "aws") volumesAndClaims(place);
    else sideCars(place);
    walls(place);
    backendObjects(place);
    sweep(place);
    outage(place);
  });
}
