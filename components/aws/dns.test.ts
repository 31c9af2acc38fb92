import * as aws from "@pulumi/aws";
import { settled } from "../../testing/record";
import { Dns, type DnsArgs } from "./dns";
import { children, recordAws, withProvider } from "./fixtures/recorded";

const make = (changes: Partial<DnsArgs> = {}) =>
  recordAws(
    () =>
      new Dns(
        "d",
        {
          domain: "cmb.example.org",
          region: "eu-central-1",
          target: { dnsName: "nlb.example.net", zoneId: "Z3F0SRJ5LGBH90" },
          protect: true,
          ...changes,
        },
        withProvider(),
      ),
  );

test("[D1] a new zone holds the three names, each an alias of the load balancer", async () => {
  const { recording } = await make();
  expect(children(recording)).toEqual([
    "Record d-api",
    "Record d-environments",
    "Record d-site",
    "Zone d-zone",
    "cmb:aws:Dns d",
  ]);
  const records = recording.ofType("aws:route53/record:Record").map(({ inputs }) => inputs);
  expect(records.map((record) => record.name)).toEqual([
    "cmb.example.org",
    "api.cmb.example.org",
    "*.cmb.example.org",
  ]);
  for (const record of records) {
    expect(record).toMatchObject({
      zoneId: "Z0123456789ABCDEFGHIJ",
      type: "A",
      aliases: [{ name: "nlb.example.net", zoneId: "Z3F0SRJ5LGBH90", evaluateTargetHealth: false }],
    });
  }
});

test("[O5] the records, not the zone, can be made as late as something else, so that they are deleted beside it", async () => {
  const { recording } = await recordAws(() => {
    const opts = withProvider();
    const late = new aws.ec2.Vpc("late", {}, opts);
    const target = { dnsName: "nlb.example.net", zoneId: "Z3F0SRJ5LGBH90" };
    const args = { domain: "cmb.example.org", region: "eu-central-1", target, protect: true };
    return new Dns("d", { ...args, recordsAfter: [late] }, opts);
  });
  const late = recording.one("late").urn;
  for (const { dependencies } of recording.ofType("aws:route53/record:Record"))
    expect(dependencies).toContain(late);
  expect(recording.one("d-zone").dependencies).not.toContain(late);
});

test("[D1] the zone is kept, and an unprotected one goes with the challenges left in it", async () => {
  const kept = (await make()).recording.one("d-zone");
  expect([kept.protect, kept.retainOnDelete, kept.inputs.forceDestroy]).toEqual([true, true, false]);
  const loose = (await make({ protect: false })).recording.one("d-zone");
  expect([loose.protect, loose.retainOnDelete, loose.inputs.forceDestroy]).toEqual([false, false, true]);
});

test("[D2] the solver of DNS-01 challenges names the zone, so that it need not search for it", async () => {
  const { result } = await make();
  expect(await settled(result.challengeSolver)).toEqual({
    route53: { region: "eu-central-1", hostedZoneID: "Z0123456789ABCDEFGHIJ" },
  });
  expect(await settled(result.nameServers)).toHaveLength(4);
  expect(result.zoneCreated).toBe(true);
});

test("[D1] an existing zone is used as it is: only records are made, and nothing is looked up", async () => {
  const { recording, result } = await make({ existingZone: "Z9EXISTING" });
  expect(recording.ofType("aws:route53/zone:Zone")).toEqual([]);
  expect(recording.calls).toEqual([]);
  expect(recording.one("d-site").inputs.zoneId).toBe("Z9EXISTING");
  expect(result.zoneCreated).toBe(false);
  expect(await settled(result.nameServers)).toEqual([]);
});
