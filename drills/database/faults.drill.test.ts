import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeWithBucket, figure, playedProtocols, short, someOf, type Drill } from "./fixtures/drill";
import { LEASE_SECONDS, LOSS_SECONDS, type Pod, spoil, until } from "./fixtures/pod";
import { mountsDisks, SmallDisk } from "./fixtures/small-disk";

/** Ten minutes in life, scaled as the lease is; but Litestream's pauses after failures are its own. */
const OUTAGE_SECONDS = short ? 8 : 20;
/** Of no matter where the age of a copy is not what is looked at. */
const LIMITS = { pointSeconds: 3600, timeSeconds: 3600 };
const wait = (seconds: number) => new Promise((done) => setTimeout(done, seconds * 1000));

/** A clock that is so many seconds off, for the keeper; Litestream's cannot be moved without the machine's. */
const clock = (seconds: number) => ({
  PYTHONPATH: join(__dirname, "fixtures", "skew"),
  DRILL_SKEW_SECONDS: `${seconds}`,
});

const folderOf = (epoch: number) => `epochs/${String(epoch).padStart(10, "0")}`;
const beatsOf = (epoch: number) => `beats/${String(epoch).padStart(10, "0")}/`;

/** A pod that has written and copied, then lost its node and its volume. */
async function lost(
  drill: Drill,
  settled?: (pod: Pod) => Promise<unknown>,
): Promise<{ pod: Pod; epoch: number; at: number }> {
  const pod = drill.pod();
  expect(await pod.prepare()).toMatchObject({ ok: true });
  await pod.run();
  await wait(2);
  await settled?.(pod);
  const at = await pod.kill();
  const { epoch } = pod;
  pod.throwAway();
  return { pod, epoch, at };
}

/** What a pod wrote before a moment is on a new volume, but for what the loss of a node may cost. */
async function expectRestored(drill: Drill, pod: Pod, at: number): Promise<number> {
  const restored = drill.pod();
  const { ok, said } = await restored.prepare();
  expect(ok ? "" : said).toBe("");
  const found = restored.look();
  expect(found).toMatchObject({ integrity: "ok", rows: found.last, wrongFiles: [] });
  expect(pod.acknowledged.size).toBeGreaterThan(0);
  expect(pod.missing(found, at - LOSS_SECONDS)).toEqual([]);
  return found.last;
}

/**
 * Once the bucket or the disk is back, until Litestream has looked at the volume again, its copy is in the bucket, and
 * the keeper's word on the files with it. Litestream looks at nothing while it pauses after failures, twice as long each
 * time. Returns the seconds.
 */
async function caughtUp(drill: Drill, pod: Pod, comesBack: () => void): Promise<number> {
  const stale = pod.newestCopy();
  const at = performance.now();
  const patience = OUTAGE_SECONDS + 330;
  comesBack();
  await until(() => pod.newestCopy() !== stale, patience, "Litestream looks at the volume again");
  await wait(1);
  const newest = pod.newestCopy()!;
  const copies = `${folderOf(pod.epoch)}/db`;
  const there = async () => (await drill.administer("list", copies)).some((key) => key.endsWith(newest));
  await until(there, patience, "the copy of what was written meanwhile");
  const seconds = (performance.now() - at) / 1000;
  const told = (await drill.administer("list", beatsOf(pod.epoch))).length;
  const more = async () => (await drill.administer("list", beatsOf(pod.epoch))).length > told + 1;
  await until(more, 120, "the keeper's word on the files");
  return seconds;
}

const damages: readonly (readonly [string, (epoch: number) => string])[] = [
  ["a part of the database's copy", (epoch) => `${folderOf(epoch)}/db`],
  ["a list of files", (epoch) => `${folderOf(epoch)}/manifests`],
  ["an uploaded file", () => "files/"],
];

/** Until the keeper has told the bucket that so many transactions were seen there. */
async function copied(drill: Drill, { epoch }: Pod, transactions: number): Promise<void> {
  const told = async () => {
    const newest = (await drill.administer("list", beatsOf(epoch))).at(-1)!;
    const [beat] = await drill.administer("show", newest);
    return ((JSON.parse(beat!) as { copied?: number }).copied ?? 0) >= transactions;
  };
  await until(told, 120, `the keeper's word that ${transactions} transactions are in the bucket`);
}

/** The transaction at which a file of Litestream ends. */
const endOf = (key: string) => parseInt(/-([0-9a-f]{16})\.ltx$/.exec(key)![1]!, 16);

const removals: readonly (readonly [string, (key: string) => boolean, RegExp])[] = [
  [
    "every copy of the newest start",
    () => true,
    /REFUSED: Every copy of epoch \d+ is gone: .*set database\.acceptEpoch to \d+/,
  ],
  [
    "the later copies of the newest start",
    (key) => endOf(key) > 2,
    /REFUSED: .* ends at transaction [12], and was in the bucket up to \d+/,
  ],
];

for (const protocol of playedProtocols) {
  describeWithBucket(protocol, `${protocol}: what goes wrong with the database and its bucket`, (drill) => {
    const longest = (OUTAGE_SECONDS + 300) * 1000;

    test(
      "[S5] a second backend is refused while the owner lives, and told who that is; after a clean end it need not wait",
      async () => {
        const owner = drill().pod();
        expect(await owner.prepare()).toMatchObject({ ok: true });
        await owner.run();
        const second = await drill().pod().prepare();
        expect(second).toMatchObject({ ok: false });
        expect(second.said).toMatch(/REFUSED: The owner of the database lives: pod pod-\d+ on node drill/);
        expect(await owner.ready()).toBe(true);
        const { length } = owner.refused;
        expect(length).toBe(0);
        const rows = () => owner.acknowledged.size;
        const before = rows();
        await until(() => rows() > before, 20, "the owner goes on");
        await owner.end();
        const written = owner.look();
        const next = drill().pod();
        const prepared = await next.prepare();
        expect(prepared).toMatchObject({ ok: true });
        expect(prepared.said).not.toContain("was not released");
        // A clean end loses nothing at all.
        expect(next.look()).toEqual(written);
      },
      longest,
    );

    test(
      "[S5] of two that start at the same moment one gets the database, and the other is told",
      async () => {
        const { pod, at } = await lost(drill());
        const started = await Promise.all([drill().pod().prepare(), drill().pod().prepare()]);
        expect(started.map(({ ok }) => ok).sort()).toEqual([false, true]);
        expect(started.find(({ ok }) => !ok)!.said).toMatch(
          /REFUSED: .*(took the database over at this moment|The owner of the database lives)/,
        );
        await wait(LEASE_SECONDS);
        await expectRestored(drill(), pod, at);
      },
      longest,
    );

    test(
      "[S5] an owner cut off from the bucket and followed by another writes no more and is reached no more; the copies are the other's alone",
      async () => {
        await lost(drill());
        const door = await drill().server.door();
        const cut = drill().pod(drill().server.bucket(door));
        expect(await cut.prepare()).toMatchObject({ ok: true });
        await cut.run(0.05, 500);
        await wait(1);
        door.lock();
        const next = drill().pod();
        expect(await next.prepare()).toMatchObject({ ok: true });
        await next.run();
        door.unlock();
        await until(async () => !(await cut.ready()), 60, "the one that was cut off gives up");
        await until(() => cut.refused.length > 0, 60, "its writes are refused");
        expect(cut.refused[0]).toMatch(/database is locked/);
        expect(await next.ready()).toBe(true);
        const last = Math.max(...next.acknowledged.keys());
        await until(() => next.acknowledged.has(last + 3), 20, "the other goes on");
        await cut.kill();
        await next.end();
        const written = next.look();
        // The volume of the first, should anybody start on it: its database is older than what users have seen.
        const stale = await drill().again(cut).prepare();
        expect(stale.ok).toBe(false);
        expect(stale.said).toMatch(
          new RegExp(`last written in epoch ${cut.epoch}, and epoch ${next.epoch} .* wrote a later one`),
        );
        expect(stale.said).toContain(`set database.acceptEpoch to ${cut.epoch}`);
        const restored = drill().pod();
        expect(await restored.prepare()).toMatchObject({ ok: true });
        expect(restored.look()).toEqual(written);
        // And on purpose.
        await wait(LEASE_SECONDS);
        const accepted = drill().again(cut, { KEEPER_ACCEPT_EPOCH: `${cut.epoch}` });
        expect(await accepted.prepare()).toMatchObject({ ok: true });
        const own = accepted.look();
        expect(own).toMatchObject({ integrity: "ok", wrongFiles: [] });
        expect(cut.missing(own, Infinity)).toEqual([]);
      },
      longest,
    );

    test(
      "[S5] while the bucket cannot be reached the backend goes on, and all of it is copied afterwards; a start is refused",
      async () => {
        await lost(drill());
        const door = await drill().server.door();
        const pod = drill().pod(drill().server.bucket(door));
        expect(await pod.prepare()).toMatchObject({ ok: true });
        await pod.run(0.2);
        await wait(1);
        door.lock();
        const before = pod.acknowledged.size;
        await wait(OUTAGE_SECONDS);
        expect(pod.acknowledged.size).toBeGreaterThan(before + 2 * OUTAGE_SECONDS);
        expect(pod.refused).toEqual([]);
        expect(await pod.ready()).toBe(true);
        const start = await drill().pod(drill().server.bucket(door)).prepare();
        expect(start).toMatchObject({ ok: false });
        expect(start.said).toContain("REFUSED: the database bucket cannot be used");
        const during = Date.now() / 1000;
        const behind = await caughtUp(drill(), pod, () => door.unlock());
        expect(pod.refused).toEqual([]);
        const at = await pod.kill();
        pod.throwAway();
        const restored = drill().pod();
        expect(await restored.prepare()).toMatchObject({ ok: true });
        const found = restored.look();
        expect(found).toMatchObject({ integrity: "ok", rows: found.last, wrongFiles: [] });
        // Of the outage nothing at all, and of what came after it no more than a loss may cost.
        expect(pod.missing(found, during)).toEqual([]);
        expect(pod.missing(found, at - LOSS_SECONDS)).toEqual([]);
        figure(
          `${protocol}: bucket unreachable for ${OUTAGE_SECONDS} s (ten minutes scaled): every write acknowledged meanwhile was copied ${behind.toFixed(0)} s after its return.`,
        );
      },
      longest,
    );
  });

  describeWithBucket(protocol, `${protocol}: what goes wrong on the volume`, (drill) => {
    test("[S5] start upon start on the same volume before anybody has written is no fault, and a database of no bytes, or gone, is", async () => {
      const first = drill().pod();
      expect(await first.prepare()).toMatchObject({ ok: true });
      const again = drill().again(first);
      const start = await again.prepare();
      expect(start.ok ? "" : start.said).toBe("");
      writeFileSync(again.database, "");
      for (const beside of ["-wal", "-shm"]) rmSync(`${again.database}${beside}`, { force: true });
      const hollow = await drill().again(first).prepare();
      expect(hollow.said).toMatch(/REFUSED: .*the file is empty/);
      rmSync(again.database);
      const missing = await drill().again(first).prepare();
      expect(missing.said).toMatch(/REFUSED: .* is missing, and the volume was in use/);
    }, 120_000);

    test("[S5] an unreadable database is not started over, and stays as it is", async () => {
      const pod = drill().pod();
      expect(await pod.prepare()).toMatchObject({ ok: true });
      await pod.run();
      await wait(2);
      await pod.end();
      const written = pod.look();
      expect(written.last).toBe(Math.max(...pod.acknowledged.keys()));
      spoil(pod.database);
      const before = readFileSync(pod.database);
      const start = await drill().again(pod).prepare();
      expect(start.ok).toBe(false);
      expect(start.said).toMatch(/REFUSED: The database .* cannot be read: .*give the volume up/s);
      expect(readFileSync(pod.database).equals(before)).toBe(true);
      // The volume given up: the copy is whole.
      const restored = drill().pod();
      expect(await restored.prepare()).toMatchObject({ ok: true });
      expect(restored.look()).toEqual(written);
    }, 120_000);

    const why = mountsDisks() ? "" : " (skipped: this user cannot mount a small disk)";
    (why ? test.skip : test)(
      `[S5] a full disk: nothing is acknowledged that is not kept, what was before it was full is copied, and room brings it all back${why}`,
      async () => {
        const pod = drill().pod();
        const disk = new SmallDisk(pod.data, 8);
        try {
          disk.fill(6);
          expect(await pod.prepare()).toMatchObject({ ok: true });
          await pod.run(0.005, 2000);
          await until(() => pod.refused.length > 0, 60, "the disk is full");
          const full = pod.refusedSince;
          expect(pod.refused[0]).toMatch(/disk is full|disk I\/O error|No space left/);
          await wait(3);
          // The node lost now: a look at what the bucket holds, as a restore would bring it.
          const now = await drill().pod().drill(LIMITS);
          expect(now.report.faults).toBeUndefined();
          const copied = drill().look(now.restored);
          expect(copied).toMatchObject({ integrity: "ok", wrongFiles: [] });
          expect(pod.missing(copied, full - LOSS_SECONDS)).toEqual([]);

          const behind = await caughtUp(drill(), pod, () => disk.room());
          const refused = pod.refused.length;
          const at = await pod.kill();
          expect(Math.max(...pod.acknowledged.values())).toBeGreaterThan(at - 1);
          const last = await expectRestored(drill(), pod, at);
          figure(
            `${protocol}: a full disk refused ${refused} writes; of what was acknowledged before, ${pod.missing(copied, full).length} rows had no copy yet; ` +
              `copied ${behind.toFixed(0)} s after there was room; the loss of the node then cost ${Math.max(0, pod.acknowledged.size - last)} of ${pod.acknowledged.size} rows.`,
          );
        } finally {
          disk.unmount();
        }
      },
      540_000,
    );

    test("[S5] clocks that are ten minutes off in either direction change nothing: the living is left alone, the dead is followed", async () => {
      const ahead = drill().pod(undefined, clock(600));
      expect(await ahead.prepare()).toMatchObject({ ok: true });
      await ahead.run();
      for (const seconds of [-600, 600]) {
        const other = await drill().pod(undefined, clock(seconds)).prepare();
        expect(other.said).toContain("REFUSED: The owner of the database lives");
      }
      await wait(1);
      const at = await ahead.kill();
      const behind = drill().pod(undefined, clock(-600));
      expect(await behind.prepare()).toMatchObject({ ok: true });
      const found = behind.look();
      expect(found).toMatchObject({ integrity: "ok", wrongFiles: [] });
      expect(ahead.missing(found, at - LOSS_SECONDS)).toEqual([]);
    }, 120_000);
  });

  // A bucket each: what is damaged once is refused ever after.
  for (const [what, prefix] of someOf(damages)) {
    describeWithBucket(protocol, `${protocol}: ${what} is truncated`, (drill) => {
      test("[S5] the start is refused, says which object or path, and leaves no database on the volume; the earlier version brought back, nothing is lost", async () => {
        const { pod: writer, epoch, at } = await lost(drill());
        const objects = (await drill().administer("list", prefix(epoch))).slice(-40);
        expect(objects.length).toBeGreaterThan(0);
        // Every one of its kind: which of them a restore reads is Litestream's choice.
        await drill().administer("truncate", ...objects);
        const pod = drill().pod();
        const start = await pod.prepare();
        expect(start.ok).toBe(false);
        expect(start.said).toMatch(
          /REFUSED: .*(cannot be restored|is not what was written|is not a list of files)/,
        );
        expect(start.said).toMatch(/earlier version/);
        expect(() => readFileSync(pod.database)).toThrow("ENOENT");
        // As the refusal says.
        await drill().administer("restore", ...objects);
        await expectRestored(drill(), writer, at);
      }, 300_000);
    });
  }
  for (const [what, which, refusal] of someOf(removals)) {
    describeWithBucket(protocol, `${protocol}: ${what} are removed`, (drill) => {
      test("[S5] nothing older and nothing empty is taken for it: start and restore drill are refused; brought back, nothing is lost", async () => {
        // An earlier start, whose state would be taken.
        await lost(drill());
        const { pod: writer, epoch, at } = await lost(drill(), (pod) => copied(drill(), pod, 4));
        const objects = (await drill().administer("list", `${folderOf(epoch)}/db`)).filter(which);
        expect(objects.length).toBeGreaterThan(0);
        await drill().administer("remove", ...objects);
        const pod = drill().pod();
        const start = await pod.prepare();
        expect(start).toMatchObject({ ok: false });
        expect(start.said).toMatch(refusal);
        expect(() => readFileSync(pod.database)).toThrow("ENOENT");
        const { report } = await drill().pod().drill(LIMITS);
        expect(`REFUSED: ${report.faults?.join()}`).toMatch(refusal);

        await drill().administer("restore", ...objects);
        await expectRestored(drill(), writer, at);
      }, 300_000);

      test("[S5] given up on purpose, what is left is restored", async () => {
        const { epoch } = await lost(drill());
        const objects = (await drill().administer("list", `${folderOf(epoch)}/db`)).filter(which);
        await drill().administer("remove", ...objects);
        const pod = drill().pod(undefined, { KEEPER_ACCEPT_EPOCH: `${epoch}` });
        const start = await pod.prepare();
        expect(start.ok ? "" : start.said).toBe("");
        expect(pod.look()).toMatchObject({ integrity: "ok", wrongFiles: [] });
      }, 300_000);
    });
  }
}
