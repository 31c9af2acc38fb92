import type { Stored } from "../engine/store";
import type { Json } from "../../preview/engine/values";
import { differences, pictureOf } from "./picture";

const thing = (name: string, id: string, properties: Record<string, Json> = {}): Stored => ({
  urn: `urn:pulumi:s::p::aws:ec2/vpc:Vpc::${name}`,
  object: {
    kind: "aws:ec2/vpc:Vpc",
    id,
    place: "1/us-east-1",
    status: "active",
    properties,
    visibleAt: 0,
    createdAt: 0,
  },
});

const compare = (before: Stored[], after: Stored[]) => differences(pictureOf(before), pictureOf(after));

test("made-up ids make no difference, wherever they stand", () => {
  const life = (digits: string) => [
    thing("vpc", `vpc-${digits}`, {
      arn: `arn:aws:ec2:us-east-1:1:vpc/vpc-${digits}`,
      made: "2026-01-01T00:00:00Z",
    }),
    thing("subnet", `subnet-${digits}`, { vpcId: `vpc-${digits}` }),
  ];
  expect(compare(life("0a1b2c3d4e5f"), life("ffee00112233"))).toEqual([]);
});

test("a thing that is there twice is told as too much", () => {
  const vpc = thing("vpc", "vpc-0a1b2c3d");
  expect(compare([vpc], [vpc, thing("vpc", "vpc-9f8e7d6c")])).toEqual(["too much: aws:ec2/vpc:Vpc vpc (2)"]);
});

test("a thing that is not there is told as missing", () => {
  expect(compare([thing("vpc", "vpc-0a1b2c3d")], [])).toEqual(["missing: aws:ec2/vpc:Vpc vpc"]);
});

test("a property that is otherwise is told with both values", () => {
  const [line] = compare(
    [thing("vpc", "v-1", { cidr: "10.0.0.0/16" })],
    [thing("vpc", "v-1", { cidr: "10.1.0.0/16" })],
  );
  expect(line).toMatch(/vpc: cidr is "10\.1\.0\.0\/16" instead of "10\.0\.0\.0\/16"/);
});

test("a reference to another resource is a difference, its id is not", () => {
  const life = (target: string, digits: string) => [
    thing("one", `vpc-a${digits}`),
    thing("two", `vpc-b${digits}`),
    thing("user", "user-of-it", { vpcId: `vpc-${target}${digits}` }),
  ];
  expect(compare(life("a", "11111111"), life("a", "22222222"))).toEqual([]);
  expect(compare(life("a", "11111111"), life("b", "22222222"))).toHaveLength(1);
});

test("a thing that stays unfinished is a difference", () => {
  const unfinished = thing("vpc", "vpc-0a1b2c3d");
  unfinished.object.status = "creating";
  expect(compare([thing("vpc", "vpc-0a1b2c3d")], [unfinished])).toHaveLength(1);
});

test("settings have the id of their bucket: the order in which they were made makes no difference", () => {
  const bucket = thing("bucket", "cmb-data");
  const [one, two] = [
    thing("one", "cmb-data", { bucket: "cmb-data" }),
    thing("two", "cmb-data", { bucket: "cmb-data" }),
  ];
  expect(compare([bucket, one, two], [two, one, bucket])).toEqual([]);
});

test("an id that IAM has drawn without a digit makes no difference either", () => {
  const role = (id: string) => [thing("entry", "entry", { principalUniqueId: id })];
  expect(compare(role("AROAEZEYNSRWWBPMGZPHD"), role("AROA3XFRBF23456789ABC"))).toEqual([]);
});
