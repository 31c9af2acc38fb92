import type { Stored } from "../engine/store";
import { adoptions } from "./recovery";

const urnOf = (type: string, name: string, stack = "aws-dev") =>
  `urn:pulumi:${stack}::cmbcluster::${type}::${name}`;
const thing = (kind: string, id: string, urn: string | undefined): Stored => ({
  urn,
  object: { kind, id, place: "1/us-east-1", status: "active", properties: {}, visibleAt: 0, createdAt: 0 },
});
const VPC = "aws:ec2/vpc:Vpc";
const state = {
  deployment: {
    resources: [{ type: VPC, urn: urnOf(VPC, "known"), id: "vpc-known" }],
    pending_operations: [{ resource: { urn: urnOf(VPC, "pending") }, type: "creating" }],
  },
};

test("what no state knows is named, with the command that adopts it", () => {
  const found = adoptions(
    "aws-dev",
    [thing(VPC, "vpc-known", urnOf(VPC, "known")), thing(VPC, "vpc-1", urnOf(VPC, "lost"))],
    state,
  );
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ known: "lost", stray: { object: { id: "vpc-1" } } });
  expect(found[0]!.command).toContain("lost (aws:ec2/vpc:Vpc) with the id 'vpc-1'");
  expect(found[0]!.command).toMatch(/^pulumi preview .* pulumi import --stack aws-dev --file lost.json/);
});

test("a pending creation is forgotten before its thing is imported", () => {
  const [found] = adoptions("aws-dev", [thing(VPC, "vpc-2", urnOf(VPC, "pending"))], state);
  expect(found!.known).toBe("pending");
  expect(found!.command).toMatch(/^pulumi refresh --stack aws-dev --clear-pending-creates; pulumi preview/);
});

test("not a stray: what came by itself, what is another stack's, what server-side apply takes over", () => {
  const secret = "kubernetes:core/v1:Secret";
  const others = [
    thing("aws:hidden/networkInterface", "eni-1", undefined),
    thing(VPC, "vpc-3", urnOf(VPC, "other", "aws-new")),
    thing(secret, "ns/name", urnOf(secret, "secret")),
  ];
  expect(adoptions("aws-dev", others, state)).toEqual([]);
});

test("a helm release is a stray: helm refuses a name in use", () => {
  const release = "kubernetes:helm.sh/v3:Release";
  expect(
    adoptions("aws-dev", [thing(release, "traefik/traefik", urnOf(release, "release"))], state),
  ).toHaveLength(1);
});
