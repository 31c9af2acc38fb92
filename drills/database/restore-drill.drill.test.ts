import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeWithBucket, figure, playedProtocols } from "./fixtures/drill";
import { LEASE_SECONDS, SYNC_SECONDS, type Pod } from "./fixtures/pod";
import { StatusServer } from "./fixtures/status";

/** Five minutes and an hour in life, scaled as the lease is. */
const LIMITS = { pointSeconds: 10, timeSeconds: 120 };
const wait = (seconds: number) => new Promise((done) => setTimeout(done, seconds * 1000));
const numbered = (epoch: number) => String(epoch).padStart(10, "0");

for (const protocol of playedProtocols) {
  describeWithBucket(
    protocol,
    `${protocol}: the restore drill against the genuine bucket, Litestream and API server`,
    (drill) => {
      let status: StatusServer;
      let folder: string;
      let backend: Pod;
      beforeAll(async () => {
        folder = mkdtempSync(join(tmpdir(), `drill-status-${protocol}-`));
        status = await StatusServer.start(folder);
      }, 180_000);
      afterAll(async () => {
        await status.stop();
        rmSync(folder, { recursive: true, force: true });
      });

      /** One drill, as the CronJob runs it: on scratch of its own, with the report where the platform's checks read. */
      const rehearse = () => drill().pod().drill(LIMITS, status.environment);
      const versions = () => drill().administer("versions");

      test("[O9] an empty bucket fails it, says so, and stays empty", async () => {
        const { code, report, said } = await rehearse();
        expect(code).toBe(1);
        expect(said).toContain("fault: The bucket holds no copy of the database.");
        expect(report.faults).toEqual([
          "The bucket holds no copy of the database. Has the backend ever started?",
        ]);
        const left = await status.read();
        expect(left).toMatchObject({ result: "failed", at: report.at });
        expect(JSON.parse(left.report!)).toEqual(report);
        expect(left).not.toHaveProperty("lastPassed");
        expect(await versions()).toEqual([]);
      }, 60_000);

      test("[O9, S5] beside a backend that writes it passes within both limits, and restores all that is older than its recovery point", async () => {
        backend = drill().pod();
        expect(await backend.prepare()).toMatchObject({ ok: true });
        await backend.run();
        await wait(3);
        const before = await versions();
        const at = Date.now() / 1000;
        const { code, report, restored, said } = await rehearse();
        expect({ code, faults: report.faults }).toEqual({ code: 0, faults: undefined });
        const { recoveryPointSeconds: point, recoveryTimeSeconds: time } = report;
        expect(said).toContain(`\nrecovery point: ${point} s, at most 10 s\n`);
        expect(said).toContain(`\nrecovery time: ${time} s, at most 120 s\n`);
        expect(point).toBeLessThan(LIMITS.pointSeconds);
        expect(time).toBeGreaterThan(LEASE_SECONDS + 12.7);
        const found = drill().look(restored);
        expect(found).toMatchObject({ integrity: "ok", rows: found.last, wrongFiles: [] });
        expect(found.files).toBeGreaterThan(0);
        // A beat tells of what Litestream had seen, which looks every so often.
        const missing = [...backend.acknowledged].filter(([row, when]) => row > found.last && when < at);
        const oldest = Math.min(at, ...missing.map(([, when]) => when));
        expect(at - oldest).toBeLessThan(point! + SYNC_SECONDS + 1);
        expect(await status.read()).toMatchObject({ result: "passed", lastPassed: report.at });
        // The backend went on meanwhile: nothing of before is changed, and what is new is its own.
        const after = await versions();
        expect(after).toEqual(expect.arrayContaining(before));
        const epoch = numbered(backend.epoch);
        const own = new RegExp(`^(beats/${epoch}/|epochs/${epoch}/|files/)`);
        expect(after.filter((each) => !before.includes(each) && !own.test(each))).toEqual([]);
        expect(await backend.ready()).toBe(true);
        figure(
          `${protocol}: restore drill beside a backend that writes 40 rows a second: recovery point ${point} s, restore ${report.restoreSeconds} s, ` +
            `${found.rows} rows and ${found.files} files restored, the oldest missing one ${(at - oldest).toFixed(2)} s old.`,
        );
      }, 120_000);

      test("[O9] after the backend has been dead for longer than the limit it fails and names the age; the bucket is unchanged, the last success stays on record", async () => {
        await backend.kill();
        const { lastPassed } = await status.read();
        await wait(LIMITS.pointSeconds + 1);
        const before = await versions();
        const { code, report, said } = await rehearse();
        expect(code).toBe(1);
        const [fault] = report.faults!;
        const age = Number(/^The newest copy is ([\d.]+) s old, 10 are promised/.exec(fault!)![1]);
        expect(age).toBe(report.recoveryPointSeconds);
        expect(age).toBeGreaterThan(LIMITS.pointSeconds);
        expect(age).toBeLessThan(LIMITS.pointSeconds + 20);
        expect(said).toContain(`fault: ${fault}`);
        expect(await versions()).toEqual(before);
        expect(await status.read()).toMatchObject({ result: "failed", at: report.at, lastPassed });
      }, 120_000);

      test("[O9] a damaged object fails it by name: a file, a list of files, the database's copy; brought back, it restores again", async () => {
        const damaged = async (objects: readonly string[], names: RegExp) => {
          await drill().administer("truncate", ...objects);
          const before = await versions();
          const { code, report } = await rehearse();
          expect({ code, result: report.result }).toEqual({ code: 1, result: "failed" });
          expect(report.faults!.join()).toMatch(names);
          expect(report.faults!.join()).toContain("earlier version");
          expect(await versions()).toEqual(before);
          await drill().administer("restore", ...objects);
        };
        const epoch = numbered(backend.epoch);
        const lists = await drill().administer("list", `epochs/${epoch}/manifests/`);
        // One that an early list names, so every later one does: the last ones may be in none yet.
        const [early] = await drill().administer("show", lists[Math.floor(lists.length / 2)]!);
        const [named] = Object.values(JSON.parse(early!) as Record<string, { sha256: string }>);
        const file = `files/${named!.sha256}`;
        await damaged([file], new RegExp(`The object ${file} .* is not what was written`));
        await damaged(
          lists,
          new RegExp(`The object epochs/${epoch}/manifests/\\d+ .* is not a list of files`),
        );
        const copies = await drill().administer("list", `epochs/${epoch}/db/`);
        await damaged(copies, new RegExp(`an object under epochs/${epoch}/db/ is damaged or gone`));
        const { report, restored } = await rehearse();
        // Sound again, and too old as before.
        expect(report.faults).toEqual([expect.stringMatching(/^The newest copy is/)]);
        const found = drill().look(restored);
        expect(found).toMatchObject({ integrity: "ok", rows: found.last, wrongFiles: [] });
      }, 240_000);

      test("[O9] after a clean end nothing would be lost, however long ago; the bucket stays as it is, version by version", async () => {
        await wait(LEASE_SECONDS);
        const next = drill().pod();
        expect(await next.prepare()).toMatchObject({ ok: true });
        await next.run();
        await wait(1);
        await next.end();
        const written = next.look();
        await wait(LIMITS.pointSeconds + 1);
        const before = await versions();
        const { code, report, restored } = await rehearse();
        expect({ code, point: report.recoveryPointSeconds }).toEqual({ code: 0, point: 0 });
        expect(drill().look(restored)).toEqual(written);
        expect(await versions()).toEqual(before);
        expect(await status.read()).toMatchObject({ result: "passed", lastPassed: report.at });
      }, 120_000);

      test("[O9] a bucket that does not answer fails it; so does a report that cannot be left; its account may change that one object only", async () => {
        const door = await drill().server.door();
        door.lock();
        const silent = await drill().pod(drill().server.bucket(door)).drill(LIMITS, status.environment);
        expect(silent).toMatchObject({ code: 1, report: { result: "failed" } });
        expect(silent.report.faults).toHaveLength(1);
        expect(silent.report.faults![0]).toMatch(/^(s3|gs):\/\/cmb-drill-db\/claims\//);
        await status.makeOther("another");
        const pod = drill().pod();
        const kept = await pod.drill(LIMITS, { ...status.environment, DRILL_STATUS: "another" });
        expect(kept).toMatchObject({ code: 1, report: { result: "passed" } });
        expect(kept.said).toMatch(/could not be left where the platform's checks read it: <HTTPError 403/);
        expect(JSON.parse((await status.read()).report!)).toEqual(silent.report);
        // And nothing of the drill lies where a backend would look for its database.
        expect(existsSync(pod.database)).toBe(false);
        expect(readFileSync(join(pod.folder, "termination-log")).length).toBeLessThanOrEqual(4096);
      }, 120_000);
    },
    { tools: ["kube-control-plane", "kwok", "helm"] },
  );
}
