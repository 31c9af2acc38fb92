import { computedGcp } from "../../testing/computed-gcp";
import { record, settled } from "../../testing/record";
import { Dns, type DnsArgs } from "./dns";
import { gcpProvider } from "./providers";

const make = (args: Partial<DnsArgs> = {}) =>
  record(
    () =>
      new Dns(
        "dns",
        {
          cluster: "cmb-dev",
          project: "acme-science",
          domain: "cmb.example.org",
          address: "203.0.113.10",
          ...args,
        },
        { provider: gcpProvider("gcp", { project: "acme-science", region: "europe-west4" }) },
      ),
    { computed: computedGcp },
  );

test("[D1] a zone that is made is public, signed, protected, and never emptied by force", async () => {
  const { recording, result } = await make();
  const zone = recording.one("dns-zone");
  expect(zone.inputs).toEqual({
    name: "cmb-dev-zone",
    project: "acme-science",
    dnsName: "cmb.example.org.",
    description: "cmb.example.org, served by cmb-dev",
    visibility: "public",
    dnssecConfig: { state: "on" },
    forceDestroy: false,
  });
  expect([zone.protect, zone.retainOnDelete]).toEqual([true, true]);
  expect(result.zoneCreated).toBe(true);
  expect(await settled(result.nameServers)).toHaveLength(2);
  expect(await settled(result.challengeSolver)).toEqual({
    cloudDNS: { project: "acme-science", hostedZoneName: "cmb-dev-zone" },
  });
  const loose = await make({ protect: false });
  expect(loose.recording.one("dns-zone").protect).toBe(false);
});

test("[D1] site, API and environments lead to the address, and nothing else is published", async () => {
  const { recording } = await make({ ttl: 60 });
  const records = recording.ofType("gcp:dns/recordSet:RecordSet");
  expect(records.map((r) => [r.name, r.inputs.name])).toEqual([
    ["dns-site", "cmb.example.org."],
    ["dns-api", "api.cmb.example.org."],
    ["dns-environments", "*.cmb.example.org."],
  ]);
  for (const { inputs, dependencies, protect } of records) {
    expect(inputs).toMatchObject({
      type: "A",
      ttl: 60,
      rrdatas: ["203.0.113.10"],
      managedZone: "cmb-dev-zone",
    });
    expect(dependencies).toContain(recording.one("dns-zone").urn);
    expect(protect).toBe(false);
  }
});

test("[D1] an existing zone is neither managed nor looked up, which would take credentials: only records are made in it", async () => {
  const { recording, result } = await make({ existingZone: "corporate" });
  expect(recording.list().filter((line) => line.startsWith("gcp:"))).toEqual([
    "gcp:dns/recordSet:RecordSet dns-api",
    "gcp:dns/recordSet:RecordSet dns-environments",
    "gcp:dns/recordSet:RecordSet dns-site",
  ]);
  expect(recording.one("dns-site").inputs).toMatchObject({ managedZone: "corporate", ttl: 300 });
  expect(result.zoneCreated).toBe(false);
  expect(result.zone).toEqual({ name: "corporate", resources: [] });
  expect(await settled(result.nameServers)).toEqual([]);
  expect(await settled(result.challengeSolver)).toEqual({
    cloudDNS: { project: "acme-science", hostedZoneName: "corporate" },
  });
});
