import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { copyResources } from "../../components/application/database-values";
import { describeWithBucket, figure, playedProtocols, short } from "./fixtures/drill";
import { type Pod, until } from "./fixtures/pod";
import { Peaks } from "./fixtures/peaks";

/** What is in the database, and in two uploads of the size that the ingress lets through by default. */
const SIZE = short ? { database: 40, each: 20 } : { database: 200, each: 100 };
const UPLOADS = 2;
/** And in the largest that are copied and brought back side by side. */
const SMALL = { each: 1, uploads: 60 };

const programs = [
  ["keeper, prepare", "keeper prepare"],
  ["keeper, watch", "keeper watch"],
  ["keeper, drill", "keeper drill"],
  ["litestream, first copy", "replicate -once"],
  ["litestream, beside the backend", "replicate -config"],
  ["litestream, restore", "restore -config"],
] as const;
const container = (name: string) => copyResources[name.startsWith("keeper") ? "keeper" : "litestream"];
const mebibytes = (amount: string) => Number(/^(\d+)Mi$/.exec(amount)![1]);

// Resident sets of the processes, as the kernel counts them: a container is charged for its files in the page cache too,
// which the kernel gives back before it ends anybody. `prepare` and the drill run Litestream inside their own container.
for (const protocol of playedProtocols) {
  describeWithBucket(protocol, `${protocol}: what the copies take of the backend's node`, (drill) => {
    test(`[S5] with ${SIZE.database} MiB of database and ${UPLOADS} uploads of ${SIZE.each} MiB keeper and Litestream stay within their limits of memory`, async () => {
      const pod = drill().pod();
      const grow = (one: Pod, size: number, uploads: string, each = SIZE.each, count = UPLOADS) =>
        spawnSync(
          drill().programs.python,
          [
            join(__dirname, "fixtures", "programs", "grow.py"),
            ...[one.database, uploads, size, each, count].map(String),
          ],
          { stdio: "inherit" },
        );
      grow(pod, SIZE.database, pod.uploads);
      const peaks = new Peaks(programs);
      let times: string;
      try {
        const first = await pod.prepare();
        expect(first.ok ? "" : first.said).toBe("");
        await pod.run();
        // And as many again while the backend runs.
        const more = drill().pod();
        grow(more, 1, join(pod.uploads, "more"));
        grow(more, 1, join(pod.uploads, "small"), SMALL.each, SMALL.uploads);
        const contents = async () => (await drill().administer("list", "files/")).length;
        const files = await contents();
        await until(
          async () => (await contents()) >= files + UPLOADS + SMALL.uploads,
          120,
          "the uploads are copied",
        );
        await pod.end();
        const written = pod.look();
        const report = await drill().pod().drill({ pointSeconds: 3600, timeSeconds: 3600 });
        expect(report.report.faults).toBeUndefined();
        const restored = drill().pod();
        const second = await restored.prepare();
        expect(second.ok ? "" : second.said).toBe("");
        expect(restored.look()).toEqual(written);
        times = `first copy ${first.seconds.toFixed(0)} s, a start with its restore ${second.seconds.toFixed(0)} s, drill ${report.seconds.toFixed(0)} s`;
      } finally {
        peaks.stop();
      }
      const found = peaks.stop();
      figure(
        `${protocol}: ${SIZE.database} MiB of database, ${2 * UPLOADS} uploads of ${SIZE.each} MiB, ${SMALL.uploads} of ${SMALL.each}: ` +
          `${[...found].map(([name, peak]) => `${name} ${peak.toFixed(0)} MiB`).join(", ")}; ${times}.`,
      );
      expect([...found.keys()].sort()).toEqual(programs.map(([name]) => name).sort());
      const over = [...found].filter(([name, peak]) => peak > mebibytes(container(name).limits.memory));
      expect(over).toEqual([]);
      const inside = (["prepare", "drill"] as const).map(
        (name) =>
          found.get(`keeper, ${name}`)! +
          Math.max(found.get("litestream, restore")!, found.get("litestream, first copy")!),
      );
      for (const sum of inside) expect(sum).toBeLessThan(mebibytes(copyResources.keeper.limits.memory));
      // Requests are what it holds all the time.
      expect(found.get("keeper, watch")).toBeLessThan(mebibytes(copyResources.keeper.requests.memory));
    }, 600_000);
  });
}
