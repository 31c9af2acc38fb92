import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeWithTools } from "../../testing/with-tools";
import { cloudNames, type CloudName } from "../../components/cmb-cluster";
import { profiles } from "../../infra/config/profiles";
import { startControlPlane } from "../../simulator/kubernetes";
import { clusterTools, FakeCloud } from "../../simulator/kubernetes/fixtures/cluster";
import { drawn } from "../drawn";
import { billOf } from "./bill";
import { percentile } from "./draw";
import { inputs, shapeOf } from "./inputs";
import { Round, type RoundResult, type RoundSettings } from "./round";
import { startSecondsInWords } from "./start-model";

/*
 * How long people wait for an environment, with the genuine scheduler, API server and controllers of Kubernetes. Models,
 * each named in its file: the autoscalers (Cluster Autoscaler and GKE's cannot be run here), the growth of the room, and
 * everything that a node does after a pod has been given to it. No test here shows how fast a cloud or an image is.
 */

const short = drawn();
const played = short ? [short.cloud] : cloudNames;
const seconds = short ? 280 : 480;
const { spare } = profiles.prod.environments;

/** Environments that run when twenty a minute begin to come: where the promise begins (docs/profiles.md). */
const running: Readonly<Record<CloudName, number>> = { aws: 460, gcp: 320 };

async function play(settings: RoundSettings): Promise<RoundResult> {
  const folder = mkdtempSync(join(tmpdir(), "readiness-"));
  const plane = await startControlPlane({
    folder,
    serverNames: [],
    tools: clusterTools(),
    hooks: new FakeCloud(),
  });
  try {
    return await new Round(plane, settings).play();
  } finally {
    await plane.stop();
    rmSync(folder, { recursive: true });
  }
}

const lines: string[] = [];

/** p95, after a line of figures was kept for the end. */
function report(what: string, { waits, nodes, places, nodesAtEnd }: RoundResult, share = ""): number {
  const at = (part: number) => percentile(waits, part).toFixed(0).padStart(4);
  lines.push(
    `${what.padEnd(44)} ${String(waits.length).padStart(4)} people, ready in s: p50 ${at(0.5)}, p95 ${at(0.95)}, ` +
      `max ${at(1)}; nodes ${nodes} to ${nodesAtEnd}, places held ${places}${share}`,
  );
  return percentile(waits, 0.95);
}

describeWithTools(["kube-control-plane", "kwok"], "ready in a minute", () => {
  afterAll(() => {
    const { arrivalsPerMinute, count, join, pull, scan } = inputs;
    const words = [
      `inputs: ${arrivalsPerMinute} arrivals a minute (Poisson, seed 1) for ${seconds} s, on a clock that waits for the scheduler alone;`,
      `  nodes join in ${join.aws.join("-")} s (aws), ${join.gcp.join("-")} s (gcp); the autoscaler looks every ${scan} s,`,
      `  the growth every ${count} s; an unseen image takes ${pull} s; ${startSecondsInWords()}`,
      ...cloudNames.map((cloud) => {
        const { place, placesPerNode, type } = shapeOf(cloud);
        return `  ${cloud}: an environment asks for ${place.cpu} m and ${place.memory} MiB, its mount included; ${placesPerNode} on a ${type}`;
      }),
    ];
    process.stdout.write(`\n${[...words, ...lines].join("\n")}\n\n`);
  });

  const settingsOf = (cloud: CloudName): RoundSettings => ({
    shape: shapeOf(cloud),
    running: running[cloud],
    perMinute: inputs.arrivalsPerMinute,
    seconds,
    seed: 1,
  });

  test.each(played)(
    "[H6] prod on %s: with spare room 95 of 100 environments are ready within 60 s, for at most 15 per cent of the bill",
    async (cloud) => {
      const settings = settingsOf(cloud);
      const result = await play({ ...settings, spare });
      const { share } = await billOf(settings.shape, result.nodes, result.places);
      const p95 = report(`${cloud}, spare room`, result, `, ${(share * 100).toFixed(1)} % of the bill`);
      expect(p95).toBeLessThan(60);
      expect(share).toBeLessThanOrEqual(0.15);
    },
  );

  test.each(played)(
    "[H6] prod on %s: without spare room they are not, so the figure above is the room's",
    async (cloud) => {
      const settings = settingsOf(cloud);
      const result = await play({ ...settings, seconds: short ? 80 : seconds });
      expect(report(`${cloud}, no spare room`, result)).toBeGreaterThan(60);
    },
  );

  if (!short) {
    test.each(cloudNames)(
      "[H6] prod on %s: room alone, without asking for a node that has the images, is not enough",
      async (cloud) => {
        const result = await play({ ...settingsOf(cloud), spare, asksForImages: false });
        expect(report(`${cloud}, room on nodes still pulling as well`, result)).toBeGreaterThan(60);
      },
    );
  }
});
