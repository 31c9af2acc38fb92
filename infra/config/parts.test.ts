import { checkConfig } from "./check";
import { overlap, parseCidr, sizeOf } from "./cidr";
import { asMap, change, sound } from "./fixtures/configs";
import { readPath, removeCommand, setCommand, writePath } from "./keys";
import { editDistance, nearest } from "./spelling";

test.each(["10.0.0.0", "10.0.0.0/33", "10.0.0.1/24", "010.0.0.0/8", "256.0.0.0/8", "a/8", "::/0"])(
  "%s is no IPv4 range",
  (text) => {
    expect(parseCidr(text)).toBeUndefined();
  },
);

test("ranges know their size and whether they meet, neighbours not", () => {
  const [a, b, c] = ["10.0.0.0/24", "10.0.1.0/24", "10.0.0.0/16"].map((text) => parseCidr(text)!);
  expect(sizeOf(a!)).toBe(256);
  expect([overlap(a!, b!), overlap(a!, c!), overlap(c!, b!)]).toEqual([false, true, true]);
});

test("a swap of two letters is one edit, and letter case none", () => {
  expect([
    editDistance("doamin", "domain"),
    editDistance("Domain", "domain"),
    editDistance("", "abc"),
  ]).toEqual([1, 0, 3]);
});

test("[C1] the nearest known key is offered only when it is near", () => {
  expect(nearest("acountId", ["accountId", "region"])).toBe("accountId");
  expect(nearest("colour", ["accountId", "region"])).toBeUndefined();
  expect(nearest("x", [])).toBeUndefined();
});

test("paths are written as the CLI takes them, and read back", () => {
  expect(writePath(["tags", "a.b"])).toBe('tags["a.b"]');
  expect(readPath("aws.zones[1]")).toEqual(["aws", "zones", 1]);
});

test("[C1] commands survive a shell: brackets, quotes, blanks, a leading hyphen", () => {
  expect(setCommand(["aws", "zones", 0], "us-east-1a")).toBe(
    "pulumi config set --path 'cmbcluster:aws.zones[0]' us-east-1a",
  );
  expect(setCommand(["domain"], "it's")).toBe("pulumi config set cmbcluster:domain 'it'\\''s'");
  expect(setCommand(["domain"], "-x")).toBe("pulumi config set -- cmbcluster:domain -x");
});

test("[C1] the command that removes a key survives a shell too, and says --path where the key is nested", () => {
  expect(removeCommand(["tags", "cost.center"])).toBe(
    `pulumi config rm --path 'cmbcluster:tags["cost.center"]'`,
  );
  expect(removeCommand(["doman"])).toBe("pulumi config rm cmbcluster:doman");
});

test("a class that is no cloud's is mended to the nearest intent, one cloud's name to what it means on both", () => {
  const fix = (name: string) =>
    checkConfig(asMap(change(sound.gcp, { "storage.class": name })), []).faults.map((fault) => fault.fix);
  const set = (intent: string) => [`pulumi config set --path cmbcluster:storage.class ${intent}`];
  expect(fix("achive")).toEqual(set("archive"));
  expect(fix("COLDLINE")).toEqual(set("cold"));
  expect(fix("nonsense-of-a-word")).toEqual(set("cold"));
  expect(fix("ONEZONE_IA")).toEqual(set("cold"));
});
