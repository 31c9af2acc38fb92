import { drawer } from "../readiness/draw";
import { describeWithBucket, figure, short } from "./fixtures/drill";
import { administer, LOSS_SECONDS, SYNC_SECONDS, type Found } from "./fixtures/pod";
import { Pressure } from "./fixtures/pressure";
import { protocols } from "./fixtures/servers";

/** How often the node is lost, on each protocol: two hundred times in all. */
const ROUNDS = short ? 5 : 100;
/** How often a platform is lost in its first second, when nothing but empty copies is proven yet. */
const FIRST_ROUNDS = short ? 3 : 20;

/** What a machine that plays other drills beside it is allowed to add to a loss, as far as it says that it did, in seconds. */
const MOST_WITHHELD = 2;
const pressure = new Pressure();

/** A loss without what the machine withheld while it came about. */
const ownLoss = (from: number, to: number) => to - from - Math.min(MOST_WITHHELD, pressure.between(from, to));

/** What so many losses came to, on one line. */
function report(
  protocol: string,
  seed: number,
  losses: number[],
  withheld: number,
  restores: number[],
  found: Found,
): void {
  const sorted = losses.toSorted((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!.toFixed(2);
  figure(
    `${protocol}: ${losses.length} losses of the node (seed ${seed}, copied every ${SYNC_SECONDS} s): lost at most ${at(1)} s, ` +
      `median ${at(0.5)} s, 95 % ${at(0.95)} s of acknowledged writes, of which the ` +
      `machine withheld at most ${withheld.toFixed(2)} s; a start with its restore took ` +
      `${Math.max(...restores).toFixed(1)} s at most; ${found.rows} rows, ${found.files} files.`,
  );
}

// A process that is killed leaves the page cache to the system: what a disk loses with the power is not shown here, and
// cannot matter, since the volume is thrown away.
for (const protocol of protocols) {
  describeWithBucket(protocol, `${protocol}: the node of the backend is lost`, (drill) => {
    test(`[S5, O9] ${ROUNDS} times, at random moments: each restore is sound, whole, and misses nothing older than the promise`, async () => {
      const seed = Number(process.env.CMB_DRILL_SEED ?? Date.now() % 1_000_000);
      const next = drawer(seed);
      const losses: number[] = [];
      const restores: number[] = [];
      let withheld = 0;
      let pod = drill().pod();
      expect(await pod.prepare()).toMatchObject({ ok: true });
      for (let round = 1; round <= ROUNDS; round++) {
        await pod.run();
        pressure.begin();
        await new Promise((done) => setTimeout(done, next() * 3000));
        const killed = await pod.kill();
        pressure.end();
        const acknowledged = pod.acknowledged;
        pod.throwAway();

        pod = drill().pod();
        const prepared = await pod.prepare();
        expect(prepared.ok ? "" : prepared.said).toBe("");
        restores.push(prepared.seconds);
        const found = pod.look();
        expect(found).toMatchObject({ integrity: "ok", wrongFiles: [], rows: found.last });
        const missing = [...acknowledged].filter(([row]) => row > found.last).map(([, at]) => at);
        const from = Math.min(killed, ...missing);
        losses.push(killed - from);
        withheld = Math.max(withheld, killed - from - ownLoss(from, killed));
        expect(ownLoss(from, killed)).toBeLessThan(LOSS_SECONDS);
        if (round % 25 === 0 || round === ROUNDS) report(protocol, seed, losses, withheld, restores, found);
      }
      pod.throwAway();
    }, 3_600_000);

    // Here too, since every run plays these drills on both protocols: each cloud's library has its own word for silence.
    test("[S5] a bucket that does not answer refuses the start and is named; the next start goes on as if nothing were", async () => {
      const door = await drill().server.door();
      const pod = drill().pod(drill().server.bucket(door));
      door.lock();
      const start = await pod.prepare();
      expect(start).toMatchObject({ ok: false });
      expect(start.said).toMatch(
        /^REFUSED: the database bucket cannot be used: (s3|gs):\/\/cmb-drill-db\/claims\//m,
      );
      door.unlock();
      const next = await drill().again(pod).prepare();
      expect(next.ok ? "" : next.said).toBe("");
    }, 120_000);

    test(`[S5, O9] ${FIRST_ROUNDS} times within the first second of a new platform: what comes back is whole, and as new as promised`, async () => {
      const next = drawer(Number(process.env.CMB_DRILL_SEED ?? Date.now() % 1_000_000));
      for (let round = 1; round <= FIRST_ROUNDS; round++) {
        const bucket = drill().server.bucket(undefined, `cmb-drill-new-${round}`);
        const first = drill().pod(bucket);
        await administer(drill().programs, first, "make");
        expect(await first.prepare()).toMatchObject({ ok: true });
        await first.run();
        pressure.begin();
        await new Promise((done) => setTimeout(done, next() * 1000));
        const killed = await first.kill();
        pressure.end();
        const acknowledged = [...first.acknowledged];
        first.throwAway();

        const second = drill().pod(bucket);
        const prepared = await second.prepare();
        expect(prepared.ok ? "" : prepared.said).toBe("");
        const found = second.look();
        expect(found).toMatchObject({ integrity: "ok", wrongFiles: [], rows: found.last });
        const missing = acknowledged.filter(([row]) => row > found.last).map(([, at]) => at);
        expect(ownLoss(Math.min(killed, ...missing), killed)).toBeLessThan(LOSS_SECONDS);
        second.throwAway();
      }
    }, 3_600_000);
  });
}
