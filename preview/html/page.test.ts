import { createHash } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { reportOf } from "../report/build";
import type { StackReport } from "../report/document";
import { awsGraph } from "../report/fixtures/aws";
import { gcpGraph } from "../report/fixtures/gcp";
import { findBrowser } from "./find-browser";
import { page } from "./page";
import { topologyOf } from "./topology";

const config = { faults: [], findings: [], toSupply: [] };
const aws = reportOf(awsGraph().recording({ outputs: { profile: "dev" } }), config);
const gcp = reportOf(gcpGraph().recording(), config);

test("the page is one file: it names no other place to fetch from, and its policy forbids any", () => {
  const text = page([aws, gcp]);
  expect(text).not.toMatch(
    /\b(src|srcset|poster|data)="(?!\d)|<(link|img|iframe|object|embed|base|form)\b|@import|url\((?!#)/,
  );
  expect(text.match(/href="[^#"]/g)).toBeNull();
  expect(text).toContain(`content="default-src 'none'; `);
  const hash = (tag: string) => {
    const inner = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(text)![1]!;
    return `${tag}-src 'sha256-${createHash("sha256").update(inner).digest("base64")}'`;
  };
  expect(text).toContain(hash("style"));
  expect(text).toContain(hash("script"));
  expect(text).not.toMatch(/ style="| on[a-z]+="/);
});

test("names out of a plan stay text: nothing of them becomes markup", () => {
  const evil = `</script><script>alert("1")</script><img src=x onerror='y'>`;
  const hostile: StackReport = {
    ...aws,
    stack: evil,
    region: evil,
    sections: [{ name: evil, fact: evil, count: 1 }],
    resources: aws.resources.map((one) => ({
      ...one,
      name: evil,
      inputs: { [evil]: evil, availabilityZone: evil },
    })),
    exposure: [{ what: evil, who: evil, internet: true, urn: aws.resources[1]!.urn }],
    grants: aws.grants.map((one) => ({ ...one, who: evil, verbs: [evil], on: [evil], identity: evil })),
    data: [{ urn: "u", type: evil, name: evil, holds: evil, kept: "no" }],
    findings: [{ code: evil, key: evil, cause: evil, fix: evil }],
    toSupply: [{ code: evil, key: evil, cause: evil, fix: evil }],
    notes: [{ code: evil, key: evil, message: evil }],
    logs: [{ severity: "info", message: evil }],
  };
  const text = page([hostile]);
  expect(text.match(/<script/g)).toHaveLength(1);
  expect(text).not.toContain("<img");
  expect(text).toContain("&lt;img");
});

test("everything of the report is on it: parts, ways in, rights, data, the bill, every resource", () => {
  const text = page([aws]);
  for (const { name } of aws.sections) expect(text).toContain(`<td>${name}</td>`);
  for (const { what } of aws.exposure) expect(text).toContain(`<td>${what}</td>`);
  for (const { name } of aws.data) expect(text).toContain(`<td>${name}</td>`);
  expect(text.match(/data-words="/g)).toHaveLength(aws.resources.length);
  expect(text).toContain("loses it");
  expect(text).toContain("a month fixed");
});

test("every box and every line is told in words as well", () => {
  const text = page([aws]);
  const { things, connections } = topologyOf(aws);
  expect(text.match(/class="box /g)).toHaveLength(things.length);
  expect(text.match(/role="img"\s+aria-label="[^"]+"/g)).toHaveLength(things.length);
  expect(text).toContain(`The ${connections.length} lines in words`);
});

test("two stacks stand on one page, with what differs where they are on two clouds; one alone without", () => {
  expect(page([aws, gcp])).toContain('<section id="compare"');
  expect(page([aws, gcp])).toContain("Who can reach what");
  expect(page([aws])).not.toContain('id="compare"');
  expect(page([aws, { ...aws, stack: "other" }])).not.toContain('id="compare"');
});

test("a plan that was refused shows why, and no picture", () => {
  const refused: StackReport = {
    ...gcp,
    exit: "refused",
    error: "CMB-C001 no",
    resources: [],
    cost: undefined,
  };
  const text = page([refused]);
  expect(text).toContain("<strong>refused</strong>");
  expect(text).toContain("CMB-C001 no");
  expect(text).not.toContain("<svg");
  expect(page([{ ...gcp, cost: undefined }])).toContain("not estimated");
  const holes = {
    ...gcp.cost!,
    prices: undefined,
    unpriced: [{ what: "moonlight", key: "k", fixed: true, share: "platform" as const, resources: [] }],
  };
  expect(page([{ ...gcp, cost: holes }])).toContain("No price is known of moonlight");
});

test("the picture leads from the internet over the ways in to the cluster, and from identities to what they reach", () => {
  for (const report of [aws, gcp]) {
    const { things, connections } = topologyOf(report);
    const kinds = new Map(things.map(({ id, kind }) => [id, kind]));
    const ways = new Set(connections.map(({ from, to }) => `${kinds.get(from)} → ${kinds.get(to)}`));
    expect([...ways]).toEqual(
      expect.arrayContaining(["internet → way in", "way in → cluster", "identity → data"]),
    );
    const who = new Set(report.grants.map((grant) => grant.who));
    expect(things.filter(({ kind }) => kind === "identity")).toHaveLength(who.size);
  }
});

test("what is denied is no way to anything: it has no line and no box of its own", () => {
  const [grant] = aws.grants;
  const denial = {
    ...grant!,
    effect: "deny" as const,
    on: ["kept-from"],
    resources: ["arn:aws:s3:::kept-from"],
  };
  const pictured = (one: typeof denial | typeof grant) =>
    JSON.stringify(topologyOf({ ...aws, grants: [...aws.grants, one!] }));
  expect(pictured(denial)).not.toContain("kept-from");
  expect(pictured({ ...denial, effect: "allow" })).toContain("kept-from");
  expect(JSON.stringify(topologyOf(aws))).not.toContain("never ");
});

test("a browser is found by its names on PATH; without one it is told what brings it", () => {
  const folder = mkdtempSync(join(tmpdir(), "browser-"));
  const path = join(folder, "chromium");
  expect(findBrowser(folder)).toEqual({
    missing: expect.stringContaining("apt-get install chromium") as string,
  });
  writeFileSync(path, "");
  expect(findBrowser(folder)).toHaveProperty("missing");
  chmodSync(path, 0o755);
  expect(findBrowser(folder)).toEqual({ path });
  rmSync(folder, { recursive: true });
});
