import type { EngineEvent } from "../lab";
import type { Stored } from "../engine/store";
import { faultsOf, namedBy, unknownTo } from "./recovery";
import { takeoverCommand } from "./takeover";

const urnOf = (type: string, name: string, stack = "aws-dev") =>
  `urn:pulumi:${stack}::cmbcluster::${type}::${name}`;
const thing = (kind: string, id: string, urn: string | undefined): Stored => ({
  urn,
  object: { kind, id, place: "1/us-east-1", status: "active", properties: {}, visibleAt: 0, createdAt: 0 },
});
const VPC = "aws:ec2/vpc:Vpc";
const BUCKET = "aws:s3/bucket:Bucket";
const state = { deployment: { resources: [{ type: VPC, urn: urnOf(VPC, "known"), id: "vpc-known" }] } };
const lost = thing(VPC, "vpc-1", urnOf(VPC, "lost"));
const bucket = thing(BUCKET, "data", urnOf(BUCKET, "data"));

test("the record's judgement: what no state knows", () => {
  const things = [thing(VPC, "vpc-known", urnOf(VPC, "known")), lost];
  expect(unknownTo("aws-dev", things, state)).toEqual([lost]);
});

test("not unknown: what came by itself, what is another stack's, what server-side apply takes over", () => {
  const secret = "kubernetes:core/v1:Secret";
  const others = [
    thing("aws:hidden/networkInterface", "eni-1", undefined),
    thing(VPC, "vpc-3", urnOf(VPC, "other", "aws-new")),
    thing(secret, "ns/name", urnOf(secret, "secret")),
  ];
  expect(unknownTo("aws-dev", others, state)).toEqual([]);
});

test("a helm release can be unknown: helm refuses a name in use", () => {
  const kind = "kubernetes:helm.sh/v3:Release";
  const release = thing(kind, "traefik/traefik", urnOf(kind, "release"));
  expect(unknownTo("aws-dev", [release], state)).toEqual([release]);
});

describe("what npm run strays says is held against the record", () => {
  const told = (...strays: { type: string; id: string; resource?: string }[]) => ({
    stack: "aws-dev",
    strays: strays.map((one) => ({ ...one, called: "" })),
  });
  test("all of the kinds that it looks for, and nothing else, each with its resource", () => {
    expect(faultsOf(told({ type: VPC, id: "vpc-1", resource: "lost" }), [lost, bucket])).toEqual([]);
  });
  test.each([
    ["one that it does not name", told(), /does not name aws:ec2\/vpc:Vpc vpc-1, of urn:.*::lost$/],
    [
      "one that is none",
      told({ type: VPC, id: "vpc-1", resource: "lost" }, { type: VPC, id: "vpc-known", resource: "known" }),
      /names aws:ec2\/vpc:Vpc vpc-known, which is none/,
    ],
    ["a second one", told({ type: VPC, id: "vpc-1" }), /knows no resource for aws:ec2\/vpc:Vpc vpc-1/],
  ])("%s is a fault", (_what, document, fault) => {
    expect(faultsOf(document, [lost])).toEqual([expect.stringMatching(fault)]);
  });
});

test("a name that is taken is named by the run that could not make it again, a lost answer names nothing", () => {
  const said = (urn: string | undefined, message: string): EngineEvent => ({
    sequence: 0,
    diagnosticEvent: { urn, severity: "error", message },
  });
  const taken = said(bucket.urn, "creating: BucketAlreadyOwnedByYou: you already own it");
  expect(namedBy({ events: [taken] }, [lost, bucket])).toEqual([bucket]);
  const scripted = said(bucket.urn, "connection reset by peer, already (fault by script)");
  expect(namedBy({ events: [scripted] }, [bucket])).toEqual([]);
  expect(namedBy({ events: [said(bucket.urn, "AccessDenied")] }, [bucket])).toEqual([]);
});

test("what exists is taken over under the parents and providers of the program", () => {
  const command = takeoverCommand("aws-dev", bucket);
  expect(command).toContain("data (aws:s3/bucket:Bucket) with the id 'data'");
  expect(command).toMatch(/^pulumi preview .* pulumi import --stack aws-dev --file lost.json/);
});
