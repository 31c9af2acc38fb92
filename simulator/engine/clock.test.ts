import { nextTurn, VirtualClock } from "./clock";

test("an hour passes at once, and in order", async () => {
  const clock = new VirtualClock();
  const seen: string[] = [];
  const sleeper = async (name: string, seconds: number) => {
    await clock.sleep(seconds);
    seen.push(`${name} at ${clock.now()}`);
  };
  await Promise.all([sleeper("late", 3600), sleeper("early", 5), sleeper("early too", 5)]);
  expect(seen).toEqual(["early at 5", "early too at 5", "late at 3600"]);
});

test("what follows from a step is done before the next one", async () => {
  const clock = new VirtualClock();
  const seen: string[] = [];
  const chain = (async () => {
    await clock.sleep(10);
    await clock.sleep(10);
    seen.push(`chain ${clock.now()}`);
  })();
  const other = clock.sleep(15).then(() => seen.push(`other ${clock.now()}`));
  await Promise.all([chain, other]);
  expect(seen).toEqual(["other 15", "chain 20"]);
});

test("time stands still while real work is under way", async () => {
  const clock = new VirtualClock();
  const release = clock.hold();
  let woken = false;
  const sleeping = clock.sleep(1).then(() => (woken = true));
  for (let round = 0; round < 10; round++) await nextTurn();
  expect([woken, clock.now()]).toEqual([false, 0]);
  release();
  release();
  await sleeping;
  expect(clock.now()).toBe(1);
});

test("a request that arrives while the clock is about to move is waited for", async () => {
  let touchDuringQuiet = true;
  let quietCalls = 0;
  const clock: VirtualClock = new VirtualClock(0, async () => {
    quietCalls++;
    if (touchDuringQuiet) clock.touch();
    touchDuringQuiet = false;
    await nextTurn();
  });
  await clock.sleep(1);
  expect(quietCalls).toBe(2);
});

test("a timer that was cancelled neither runs nor lets time pass", async () => {
  const clock = new VirtualClock(7);
  const timer = clock.at(500, () => fail());
  timer.cancel();
  await clock.sleep(1);
  expect(clock.now()).toBe(8);
});

function fail(): never {
  throw new Error("was cancelled");
}

test("work in a cluster holds time, unless the cluster waits for its cloud", async () => {
  const clock = new VirtualClock();
  let finish: () => void = () => undefined;
  const work = clock.duringClusterWork(() => new Promise<void>((resolve) => (finish = resolve)));
  let woken = false;
  const sleeping = clock.sleep(60).then(() => (woken = true));
  for (let round = 0; round < 10; round++) await nextTurn();
  expect(woken).toBe(false);
  const done = clock.wanted();
  await sleeping;
  expect(clock.now()).toBe(60);
  done();
  let again = false;
  const later = clock.sleep(1).then(() => (again = true));
  for (let round = 0; round < 10; round++) await nextTurn();
  expect(again).toBe(false);
  finish();
  await Promise.all([work, later]);
});

test("what nobody waits for happens when its time comes, and lets no time pass", async () => {
  const clock = new VirtualClock();
  const seen: number[] = [];
  clock.at(30, () => seen.push(clock.now()), true);
  for (let round = 0; round < 10; round++) await nextTurn();
  expect([clock.now(), seen]).toEqual([0, []]);
  await clock.sleep(40);
  expect([clock.now(), seen]).toEqual([40, [30]]);
});
