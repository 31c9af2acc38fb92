import { testSettings } from "../../testing/settings";
import { refusals, renderRefusals } from "./compare";
import { factsOf, type StackFacts } from "./facts";
import { rules } from "./rules";

const google = factsOf(testSettings("gcp"));
const amazon = factsOf(testSettings("aws"));

/** Another value for each fact that can only be refused. */
const moved: StackFacts = {
  clusterName: "other",
  namespace: "other",
  "gcp.project": "other-project",
  "gcp.region": "us-central1",
  "gcp.zones": ["us-central1-b"],
  "gcp.databaseLocation": "US",
  "gcp.secretLocations": ["us-central1"],
  "gcp.network.nodesCidr": "10.99.0.0/24",
  "gcp.network.podsCidr": "10.99.0.0/16",
  "gcp.network.servicesCidr": "10.98.0.0/20",
  "gcp.network.controlPlaneCidr": "10.97.0.0/28",
  "aws.accountId": "999999999999",
  "aws.region": "eu-west-1",
  "aws.zones": ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
  "aws.copyRegion": "us-west-2",
  "aws.network.cidr": "10.99.0.0/16",
  "aws.network.servicesCidr": "10.98.0.0/16",
  "auth.cognito.accountId": "999999999999",
  "auth.cognito.region": "eu-west-1",
};

describe("[P7] what a live stack is bound to", () => {
  test.each([
    ["gcp", google, amazon],
    ["aws", amazon, google],
  ])(
    "a stack on %s refuses the other cloud, names both ways out, and tells nothing else",
    (cloud, was, is) => {
      const found = refusals(was, is);
      expect(found.map(({ code, key }) => [code, key])).toEqual([["CMB-S001", "cmbcluster:cloud"]]);
      expect(found[0]!.cause).toContain(`on ${cloud} (cluster ${String(was["clusterName"])} in `);
      expect(found[0]!.fix).toMatch(new RegExp(`^pulumi config set cmbcluster:cloud ${cloud}; to move: `));
    },
  );

  test("a stack known by its cloud alone refuses the other one too", () => {
    expect(refusals({ cloud: "aws" }, google)[0]!.cause).toContain("keeps data, on aws; on another cloud");
  });

  test("every rule refuses a change of its fact, with what was there and the command that puts it back", () => {
    expect(Object.keys(moved).sort()).toEqual(Object.keys(rules).sort());
    const before = {
      ...amazon,
      ...google,
      cloud: "gcp",
      "aws.copyRegion": "eu-west-3",
      "auth.cognito.accountId": "1",
      "auth.cognito.region": "x",
    };
    const found = refusals(before, { ...before, ...moved });
    expect(found.map(({ key }) => key)).toEqual(Object.keys(rules).map((key) => `cmbcluster:${key}`));
    for (const { code, key, cause, fix } of found) {
      const was = before[key.replace("cmbcluster:", "") as keyof typeof before];
      expect([code, cause]).toEqual([
        "CMB-S002",
        expect.stringContaining(`made with ${JSON.stringify(was)}`),
      ]);
      expect(fix).toContain(key);
    }
  });

  test("the same facts, or none recorded, refuse nothing", () => {
    expect(refusals(google, google)).toEqual([]);
    expect(refusals({}, amazon)).toEqual([]);
  });

  test("[O9] a copy in a second region can be added later, and then stays where it is", () => {
    const copied = { ...amazon, "aws.copyRegion": "eu-west-1" };
    expect(refusals(amazon, copied)).toEqual([]);
    expect(refusals(copied, { ...copied, "aws.copyRegion": "eu-west-3" })[0]!.cause).toContain(
      "S3 moves no bucket",
    );
  });

  test("what one of both sides does not have is not compared: a pool added later", () => {
    const pool = { ...google, "auth.cognito.accountId": "1", "auth.cognito.region": "eu-central-1" };
    expect(refusals(google, pool)).toEqual([]);
    expect(refusals(pool, google)).toEqual([]);
  });
});

describe("[P7] what the cloud changes in place is let through", () => {
  const zones = (...list: string[]) => ({ ...google, "gcp.zones": list });
  test("a regional cluster takes more zones, in any order, and gives none away", () => {
    expect(refusals(zones("a", "b"), zones("c", "b", "a"))).toEqual([]);
    expect(refusals(zones("a", "b"), zones("a", "c"))).toHaveLength(1);
  });

  test("a zonal cluster stays in its zone: a second one would make it regional", () => {
    expect(refusals(zones("a"), zones("a", "b"))).toHaveLength(1);
    expect(refusals(zones("a", "b"), zones("a"))).toHaveLength(1);
  });

  test("on AWS the order of zones counts, since ranges go by position", () => {
    expect(
      refusals({ ...amazon, "aws.zones": ["a", "b", "c"] }, { ...amazon, "aws.zones": ["b", "a", "c"] }),
    ).toHaveLength(1);
  });

  test("a subnet's range grows around what it was, and does nothing else", () => {
    const nodes = (range: string) => ({ ...google, "gcp.network.nodesCidr": range });
    expect(refusals(nodes("10.0.0.0/24"), nodes("10.0.0.0/22"))).toEqual([]);
    expect(refusals(nodes("10.0.0.0/22"), nodes("10.0.0.0/24"))).toHaveLength(1);
    expect(refusals(nodes("broken"), nodes("10.0.0.0/24"))).toHaveLength(1);
  });
});

test("[P7] a refusal reads as a fault of the configuration does: three lines, the last with the command", () => {
  const [one] = refusals({ ...google, "gcp.zones": ["a"] }, { ...google, "gcp.zones": ["b", "c"] });
  expect(renderRefusals([one!])).toBe(
    'CMB-S002  cmbcluster:gcp.zones = ["b","c"]\n' +
      '          this stack was made with ["a"]; the cluster would be made anew, with all that runs in it and the environments of its users; nodes and volumes stay in the zone they were made in\n' +
      "          fix: pulumi config rm --path cmbcluster:gcp.zones && pulumi config set --path 'cmbcluster:gcp.zones[0]' a; to move: a second stack with its own clusterName, copy the data, point the domain there, retire this one (docs/state.md, Moving)",
  );
});
