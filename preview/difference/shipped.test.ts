import { previewDocument } from "../report/document";
import { shippedRepository } from "./fixtures/shipped";

// The shipped program with its rights widened, as a change under review would: what a cloud makes of it is not shown.
jest.setTimeout(240_000);

const shipped = shippedRepository();
afterAll(() => shipped.remove());

const differenceOf = async (stack: string) => {
  const { code, out, err } = await shipped.run(stack, "--against", "HEAD", "--json");
  const { differences } = previewDocument.parse(JSON.parse(out));
  expect([code, err, differences![0]!.reason]).toEqual([0, "", undefined]);
  return differences![0]!.changes!;
};
const gained = ({ grants }: Awaited<ReturnType<typeof differenceOf>>) =>
  grants.gained.map(({ who, words }) => `${who} ${words}`);

describe("on Amazon", () => {
  let changes: Awaited<ReturnType<typeof differenceOf>>;

  beforeAll(async () => {
    shipped.change("components/aws/workload-policies.ts", [
      '      Sid: "WatchChanges",',
      '      Sid: "Everything", Effect: "Allow", Action: "*", Resource: "*",\n    },\n    {\n      Sid: "WatchChanges",',
    ]);
    shipped.change("components/aws/irsa.ts", [
      "Principal: { Federated:",
      'Principal: { AWS: "*", Federated:',
    ]);
    shipped.change(
      "components/aws/private-bucket.ts",
      ["blockPublicPolicy: true", "blockPublicPolicy: false"],
      ["restrictPublicBuckets: true", "restrictPublicBuckets: false"],
      [
        '    Sid: "DenyWithoutTls",\n    Effect: "Deny",\n    Principal: "*",\n    Action: "s3:*",',
        '    Sid: "DenyWithoutTls",\n    Effect: "Allow",\n    Principal: "*",\n    Action: "s3:GetObject",',
      ],
    );
    shipped.change("components/aws/buckets.ts", [
      "description: `Encrypts the data of",
      'policy: JSON.stringify({ Statement: [{ Effect: "Allow", Principal: "*", Action: "kms:*", Resource: "*" }] }),\n' +
        "        description: `Encrypts the data of",
    ]);
    shipped.change("components/aws/nat-instance.ts", [
      "  cidrIpv4,\n",
      '  cidrIpv4: ["198.51.100.0/24", "0.0.0.0/1"][i] ?? cidrIpv4,\n',
    ]);
    shipped.change("Pulumi.aws-dev.yaml", [
      "    cluster:\n",
      "    cluster:\n      admins: [arn:aws:iam::000000000000:role/newcomer]\n",
    ]);
    changes = await differenceOf("aws-dev");
  });

  test("[P8] a right widened in a policy that waits for a zone's id is a right gained, with its name for the id", () => {
    expect(gained(changes)).toContain("cert-manager/cert-manager may * on anything");
    const policy = changes.resources.find(({ name }) => name === "cmb-certificates-policy")!;
    expect(policy.properties).toMatchObject([{ path: "policy.Statement[Sid=Everything]" }]);
    // Only what was added: the zone's id, which nobody knows yet, is the same on both sides.
    expect(JSON.stringify(changes.grants)).not.toContain("hostedzone");
  });

  test("[P8] a trust opened to everybody is told of each role, though the cluster's issuer is unknown", () => {
    const roles = changes.grants.gained.filter(({ words }) => words.startsWith("may act as role"));
    expect(roles.map(({ resources: [role] }) => role)).toEqual(
      expect.arrayContaining(["role cmb-dev-backend", "role cmb-dev-certificates", "role cmb-dev-drill"]),
    );
    expect(roles).toHaveLength(8);
    expect(roles.every(({ who }) => who.startsWith("anyone on the internet"))).toBe(true);
    expect(changes.unseen).toBeUndefined();
  });

  test("[P8] a bucket and a key opened to everybody are rights gained, the blocks that fell ways in", () => {
    expect(gained(changes)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^anyone on the internet .*may read objects of cmb-dev-db-0/),
        "anyone on the internet may kms:* on cmb-buckets-data-key",
      ]),
    );
    const what = changes.exposure.gained.map((one) => one.what);
    expect(what).toContain(
      "bucket cmb-dev-db-000000000000, public access not blocked (blockPublicPolicy, restrictPublicBuckets)",
    );
    expect(what).toContain("cmb-buckets-data-key, by its policy");
  });

  test("[P8] a new administrator of the cluster is a right gained, and the created rows say who", () => {
    expect(gained(changes)).toContain("role/newcomer may administer the cluster: everything in it");
    const entry = changes.resources.find(({ type }) => type === "aws:eks/accessEntry:AccessEntry")!;
    expect(entry.properties).toContainEqual(
      expect.objectContaining({ path: "principalArn", after: "arn:aws:iam::000000000000:role/newcomer" }),
    );
  });

  test("[P8] a port opened to a part of the internet is a way in that names the range", () => {
    const nat = changes.exposure.gained.filter(({ what }) => what.includes("nat"));
    expect(nat.map(({ who }) => who)).toEqual([
      "198.51.100.0/24, where an address leads to it",
      "0.0.0.0/1, where an address leads to it",
    ]);
  });
});

test("[P8] on Google: who may newly act as a service account, and public access that is no longer prevented", async () => {
  shipped.change("components/gcp/workload-iam.ts", [
    "goog[${namespace}/${serviceAccount}]`",
    "goog[default/default]`",
  ]);
  shipped.change("components/gcp/buckets.ts", ['"enforced"', '"inherited"']);
  const changes = await differenceOf("gcp-dev");
  expect(gained(changes)).toContain("default/default may act as service account cmb-dev-backend");
  expect(changes.grants.lost.map(({ who, words }) => `${who} ${words}`)).toContain(
    "cmb-dev/cmbcluster-ksa may act as service account cmb-dev-backend",
  );
  expect(changes.exposure.gained.map(({ what }) => what)).toContain(
    "bucket placeholder-project-cmb-dev-db, public access not prevented",
  );
});
