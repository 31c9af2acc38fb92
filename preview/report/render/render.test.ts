import { stripVTControlCharacters } from "node:util";
import { isColoured, paint } from "./paint";
import { hanging, wrap, wrapList, WIDTH } from "./layout";
import { summary } from "./summary";
import { tree } from "./tree";
import { type ConfigReport, refusedReport, reportOf } from "../build";
import { awsGraph } from "../fixtures/aws";
import { gcpGraph } from "../fixtures/gcp";
import { GraphBuilder } from "../fixtures/graph";

const plain = paint(false);
const today = new Date("2026-11-21");
const outputs = { profile: "dev", application: "waits for images" };
const config: ConfigReport = {
  faults: [],
  toSupply: [
    {
      code: "CMB-C057",
      key: "cmbcluster:googleClientSecret",
      cause: "Google shows it",
      fix: "pulumi config set --secret …",
    },
  ],
  findings: [{ code: "CMB-N001", key: "cmbcluster:gcp", message: "checked and not used" }],
};
const aws = reportOf(
  awsGraph().recording({ outputs, logs: [{ severity: "warning", message: "mind the gap" }] }),
  config,
);
const gcp = reportOf(gcpGraph().recording(), config);

test("the page of a stack: headline, sections, grants, ways in, data, what to supply, remarks", () => {
  expect(summary(aws, plain, today)).toMatchInlineSnapshot(`
   "aws-dev   AWS eu-central-1 · profile dev · preview, nothing is created                  50 resources
     network       VPC 10.0.0.0/16, 3 zones, 1 NAT gateway, flow logs                                12
     cluster       EKS 1.35, private nodes: system 1–3 t3.large and users 0–5 t3.xlarge              10
     registry      ECR, 2 repositories, tags immutable, scanned on push                               2
     buckets       S3 cmb-db-123456789012, and 1 more, versioned, no public access                    5
     identity      Cognito pool cmb, MFA required, no self sign-up                                    2
     workload-iam  IRSA, 1 role for service accounts                                                  4
     dns           Route 53 zone example.org (made here), records example.org *.example.org           8
     secrets       Secrets Manager cmb/key                                                            1
     platform      aws-load-balancer-controller, traefik 41.3.0                                       2
     application   not installed yet, prepared: Namespace                                             3
     stack         Role                                                                               1
     cost          US$ 0.00 a month fixed; 0.00 with every pool at its maximum; no price known
                   too low by what has no price: aws nat.hour in a region not known, aws nat.gb in a
                   region not known, aws eks.cluster in a region not known, … (17)

     Grants (5)
       cmbcluster/cmbcluster-ksa  may create buckets, write objects and abort unfinished uploads in
         andromeda-*, orion-*, draco-*, … (5 patterns); list all buckets; ses:SendEmail on anything
         under conditions; not iam:* on all but user/x; never delete old versions for good on
         cmb-db-123456789012
       kube-system/aws-load-balancer-controller  may use what L allows
       kube-system/s3-csi-driver-sa  may do what is known only after up
       EKS add-on aws-ebs-csi-driver  may use what E allows
       ec2.amazonaws.com (cmb-node)  may run nodes

     Reachable from the internet (4)
       EKS API, public endpoint          192.0.2.0/24, with IAM rights
       NLB cmb-nlb, ports 80, 443        anyone on the internet
       Cognito sign-in page cmb-sign-in  anyone on the internet
       DNS zone example.org              anyone on the internet (reads its records)

     Reachable from inside (1)
       EKS API, private endpoint  the VPC only

     A destroy would keep (5), would lose (2)
       database              objects: protected and retained
       pool                  people's accounts: protected
       zone                  the delegation of the domain: protected
       key                   a copy of the key that encrypts users' files: retained
       keys-file-encryption  the key that encrypts users' files, in the state: protected
       logs                  objects: lost
       mount                 access to every user's bucket: lost

     To supply before up (1)
       CMB-C057  cmbcluster:googleClientSecret  Google shows it
                 pulumi config set --secret …

     Images not named yet: the application waits (output imageCommands tells how to push them)

     Remarks (1)
       CMB-N001  cmbcluster:gcp  checked and not used

     Said by the program (1)
       warning  mind the gap
   "
  `);
});

test("no line is longer than a page is wide, but for words that cannot be broken", () => {
  for (const report of [aws, gcp]) {
    for (const line of summary(report, plain, today).split("\n"))
      expect(line.length).toBeLessThanOrEqual(WIDTH);
    for (const line of tree(report, plain).split("\n")) expect(line.length).toBeLessThanOrEqual(WIDTH);
  }
});

test("colour changes nothing but colour, and is absent without it", () => {
  const coloured = summary(aws, paint(true), today);
  expect(coloured).not.toBe(summary(aws, plain, today));
  expect(stripVTControlCharacters(coloured)).toBe(summary(aws, plain, today));
  expect(stripVTControlCharacters(tree(aws, paint(true)))).toBe(tree(aws, plain));
  // eslint-disable-next-line no-control-regex -- the terminal's codes are what must be absent
  expect(summary(aws, plain, today)).not.toMatch(/\u001b/);
});

test("a stack that refused or crashed shows its error and claims no plan", () => {
  for (const exit of ["refused", "crashed"] as const) {
    const page = summary(reportOf(awsGraph().recording({ exit, error: "no\nway" }), config), plain);
    expect(page).toContain(exit);
    expect(page).toContain("no\nway");
    expect(page).not.toContain("Grants");
    expect(page).not.toContain("nothing is created");
  }
});

test("a stack with faults says how many, and plans nothing", () => {
  const finding = { code: "CMB-C001", key: "k", cause: "c", fix: "f" };
  const page = summary(refusedReport("dev", "p", { ...config, faults: [finding, finding] }), plain);
  expect(page).toBe("dev   2 faults of configuration, nothing was planned\n");
});

test("blocks without rows are left out", () => {
  const page = summary(
    reportOf(new GraphBuilder().recording(), { ...config, toSupply: [], findings: [] }),
    plain,
  );
  expect(page.trim().split("\n")).toEqual([expect.stringMatching(/^dev {3}preview, .* 0 resources$/)]);
});

test("the tree puts every resource under its component, with marks and the inputs that fit", () => {
  const lines = tree(aws, plain).split("\n");
  expect(lines).toHaveLength(aws.resources.length + 1);
  expect(lines).toContain("      aws Vpc vpc  cidrBlock=10.0.0.0/16");
  expect(lines).toContain("      aws Bucket database  protected retained  bucket=cmb-db-123456789012");
  expect(lines.find((line) => line.includes("Network"))).toBe("    cmb:aws:Network network");
});

test("text wraps at spaces and hangs below its label", () => {
  expect(wrap("a bb ccc", 4)).toEqual(["a bb", "ccc"]);
  expect(wrap("unbreakable", 4)).toEqual(["unbreakable"]);
  expect(hanging("x: ", "one two", 7)).toEqual(["x: one", "   two"]);
});

test("a list wraps between its items where they fit, and within one that does not", () => {
  expect(wrapList("a 1, b 2; c 3", 8)).toEqual(["a 1,", "b 2; c 3"]);
  expect(wrapList("a, bb cc dd, e", 5)).toEqual(["a,", "bb cc", "dd, e"]);
});

test("what to supply stands in columns, keys without the project, its command unbroken", () => {
  const supply = { code: "CMB-C1", cause: "word ".repeat(30).trim(), fix: `set ${"x ".repeat(60)}end` };
  const toSupply = [
    { ...supply, key: "p:a" },
    { ...supply, key: "q:long" },
  ];
  const lines = summary({ ...aws, toSupply }, plain).split("\n");
  const at = lines.indexOf("  To supply before up (2)");
  expect(lines[at + 1]).toMatch(/^ {4}CMB-C1 {2}a {7}word/);
  expect(lines[at + 2]).toMatch(/^ {20}word/);
  expect(lines[at + 3]).toBe(`            ${supply.fix}`);
  expect(lines[at + 4]).toMatch(/^ {4}CMB-C1 {2}q:long {2}word/);
});

test("remarks hang below their own text", () => {
  const notes = [{ code: "CMB-N1", key: "p:a", message: "word ".repeat(30).trim() }];
  const lines = summary({ ...aws, notes, logs: [] }, plain).split("\n");
  const at = lines.indexOf("  Remarks (1)");
  expect(lines[at + 1]).toMatch(/^ {4}CMB-N1 {2}a {2}word/);
  expect(lines[at + 2]).toMatch(/^ {15}word/);
});

test("the count of a section stands at the right of its first line", () => {
  const long = { ...aws, sections: [{ name: "s", fact: Array(40).fill("fact").join(", "), count: 7 }] };
  const lines = summary(long, plain).split("\n").slice(1, 4);
  expect(lines[0]).toMatch(/^ {2}s {2}fact, .* 7$/);
  expect(lines[0]).toHaveLength(WIDTH);
  expect(lines[1]).toMatch(/^ {5}fact, .*,$/);
});

test.each([
  ["auto", true, {}, true],
  ["auto", false, {}, false],
  ["auto", true, { NO_COLOR: "1" }, false],
  ["auto", true, { NO_COLOR: "" }, true],
  ["auto", true, { TERM: "dumb" }, false],
  ["always", false, { NO_COLOR: "1" }, true],
  ["never", true, {}, false],
] as const)("colour %s, terminal %s, environment %j: %s", (choice, isTerminal, environment, expected) => {
  expect(isColoured({ choice, isTerminal, environment })).toBe(expected);
});
