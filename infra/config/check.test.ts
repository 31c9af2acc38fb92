import { checkConfig, renderFaults } from "./check";
import { asMap, change, sound } from "./fixtures/configs";
import { UNKNOWN } from "./secret-keys";

const codes = (config: Record<string, unknown>, secrets: string[] = []) =>
  checkConfig(
    asMap(config),
    secrets.map((key) => `cmbcluster:${key}`),
  );

test("[C1] twelve different faults give twelve findings in one run", () => {
  const config = change(sound.aws, {
    clusterName: "a-name-far-too-long-for-it",
    domain: "https://cmb.example.org",
    "certificates.email": "ops",
    "application.adminEmails": undefined,
    sesionKey: "secret-typed-wrong",
    sessionKey: "short",
    "backend.replicas": 3,
    "storage.class": "GLACIER",
    "images.tag": "latest",
    "aws.accountId": "12345",
    "aws.cluster.publicAccessCidrs": ["0.0.0.0/0"],
    "aws.network.servicesCidr": "10.0.0.0/20",
  });
  const { faults, settings } = codes(config, ["sessionKey"]);
  expect(faults.map(({ code }) => code)).toEqual([
    ...["CMB-C001", "CMB-C003", "CMB-C009", "CMB-C010", "CMB-C012", "CMB-C013", "CMB-C014", "CMB-C023"],
    ...["CMB-C030", "CMB-C034", "CMB-C035", "CMB-C043"],
  ]);
  expect(settings).toBeUndefined();
});

test("[C1] a fault reads as promised, to the letter", () => {
  const { faults } = codes(change(sound.aws, { "aws.accountId": 12345 }));
  expect(renderFaults(faults, "text")).toBe(
    [
      'CMB-C014  cmbcluster:aws.accountId = "12345"',
      "          an AWS account id has 12 digits; a leading zero may have been lost: quote it",
      "          fix: pulumi config set --path cmbcluster:aws.accountId 123456789012",
    ].join("\n"),
  );
});

test("[C1] the same faults come as JSON, sorted by code", () => {
  const { faults } = codes(change(sound.gcp, { domain: "x", cloud: "azure" }));
  expect(
    (JSON.parse(renderFaults([...faults].reverse(), "json")) as { code: string }[]).map((f) => f.code),
  ).toEqual(["CMB-C005", "CMB-C012"]);
});

test("[C1] a rule is silent about values that are at fault themselves, and about what rests on them", () => {
  const { faults } = codes(change(sound.aws, { "aws.nodes.users.max": "many", "aws.nodes.users.min": 7 }));
  expect(faults.map(({ key }) => key)).toEqual(["cmbcluster:aws.nodes.users.max"]);
});

test("[C3] no secret is shown: not short ones, not plain ones, not ones under a misspelt key", () => {
  const secret = "hunter2-hunter2";
  const config = {
    ...sound.gcp,
    sessionKey: secret,
    nextAuthSecret: secret,
    googleClientSecrt: secret,
    domain: secret,
  };
  const checked = codes(config, ["nextAuthSecret", "domain"]);
  expect(checked.faults.map(({ code }) => code)).toEqual(["CMB-C003", "CMB-C007", "CMB-C008", "CMB-C009"]);
  expect(JSON.stringify(checked)).not.toContain("hunter2");
});

test("[C3] the value withheld from a preview counts as supplied, and its length is not judged", () => {
  const { faults, toSupply } = codes({ ...sound.gcp, sessionKey: UNKNOWN, googleClientSecret: UNKNOWN }, [
    "sessionKey",
    "googleClientSecret",
  ]);
  expect({ faults, toSupply }).toEqual({ faults: [], toSupply: [] });
});

test("[C2] a missing client secret is listed by a preview and refused by an up", () => {
  const raw = asMap(sound.gcp);
  expect(checkConfig(raw, []).toSupply.map(({ code, fix }) => ({ code, fix }))).toEqual([
    { code: "CMB-C057", fix: "pulumi config set --secret cmbcluster:googleClientSecret" },
  ]);
  expect(checkConfig(raw, []).settings).toBeDefined();
  expect(checkConfig(raw, [], { beforeUp: true }).settings).toBeUndefined();
});

test("[P7] both blocks may stand: the other is noted, and checked", () => {
  const both = { ...sound.gcp, aws: sound.aws.aws };
  expect(codes(both).findings).toContainEqual(
    expect.objectContaining({ code: "CMB-N001", key: "cmbcluster:aws" }),
  );
  expect(codes(change(both, { "aws.region": "nowhere" })).faults.map(({ code }) => code)).toEqual([
    "CMB-C015",
  ]);
  expect(codes(both).settings).not.toHaveProperty("aws");
});

test.each<[string, Record<string, unknown>, string[]]>([
  ["CMB-N003", { "protect.data": false }, []],
  ["CMB-N004", { "certificates.issuer": "staging" }, []],
  ["CMB-N006", { "auth.google.clientId": "1-a.apps.googleusercontent.com", "auth.cognito": {} }, []],
  ["CMB-N008", { googleClientSecret: "s" }, ["googleClientSecret"]],
  ["CMB-N008", { cognitoClientSecret: "s" }, ["cognitoClientSecret"]],
  ["CMB-N009", { "auth.cognito.selfSignUp": true }, []],
  ["CMB-N010", { "aws.cluster": { privateOnly: true } }, []],
  ["CMB-N012", { "aws.adoptMountRole": true }, []],
  ["CMB-N016", { "budget.monthly": 100 }, []],
])("[C1] %s is noted when it holds, stops nothing, and is absent otherwise", (code, changes, secrets) => {
  const noted = codes(change(sound.aws, changes), secrets);
  expect(noted.findings.map((finding) => finding.code)).toContain(code);
  expect(noted.faults).toEqual([]);
  expect(codes(sound.aws).findings.map((finding) => finding.code)).not.toContain(code);
});

test("[O9] a profile that wants two regions and gets one is noted on either cloud, and goes through", () => {
  const noted = (cloud: "aws" | "gcp", changes: Record<string, unknown>) => {
    const { faults, findings } = codes(change(sound[cloud], changes));
    expect(faults).toEqual([]);
    return findings.filter(({ code }) => code === "CMB-N017").map(({ key }) => key);
  };
  const seoul = {
    "aws.region": "ap-northeast-2",
    "aws.zones": ["a", "b", "c"].map((z) => `ap-northeast-2${z}`),
  };
  for (const profile of ["staging", "prod"]) {
    expect(noted("aws", { profile, ...seoul })).toEqual(["cmbcluster:aws.copyRegion"]);
    expect(noted("aws", { profile, ...seoul, "aws.copyRegion": "ap-northeast-1" })).toEqual([]);
    expect(noted("aws", { profile, "aws.copyRegion": "none" })).toEqual(["cmbcluster:aws.copyRegion"]);
    expect(noted("aws", { profile })).toEqual([]);
    const zurich = {
      profile,
      "gcp.region": "europe-west6",
      "gcp.zones": ["a", "b", "c"].map((z) => `europe-west6-${z}`),
    };
    expect(noted("gcp", zurich)).toEqual(["cmbcluster:gcp.databaseLocation"]);
    expect(noted("gcp", { profile, "gcp.region": "europe-west4" })).toEqual([]);
  }
  expect(noted("aws", { profile: "dev", ...seoul })).toEqual([]);
  expect(noted("aws", { profile: "dev", "aws.copyRegion": "none" })).toEqual([]);
});

test("[O11] a budget that Google does not watch, or whose alerts go nowhere, is noted and goes through", () => {
  const noted = (cloud: "aws" | "gcp", changes: Record<string, unknown>) => {
    const { faults, findings } = codes(change(sound[cloud], changes));
    expect(faults).toEqual([]);
    return findings
      .filter(({ code }) => /CMB-N01[456]/.test(code))
      .map(({ code, message }) => [code, message]);
  };
  const account = { "gcp.billingAccount": "0123AB-4567CD-89EF01" };
  const budget = { "budget.monthly": 100 };
  const heard = { ...budget, "budget.alertEmails": ["ops@univ.edu"] };
  const says = (code: string, words: string) => [[code, expect.stringContaining(words) as string]];
  expect(noted("gcp", {})).toEqual([]);
  expect(noted("gcp", account)).toEqual(says("CMB-N014", "unused"));
  expect(noted("gcp", heard)).toEqual(says("CMB-N015", "without gcp.billingAccount"));
  expect(noted("gcp", { ...budget, ...account })).toEqual(says("CMB-N016", "only the administrators"));
  expect(noted("gcp", { ...heard, ...account })).toEqual([]);
  expect(noted("aws", budget)).toEqual(says("CMB-N016", "nobody"));
  expect(noted("aws", heard)).toEqual([]);
});

test("[C1] a place of Google's that is not on the program's list is noted with the nearest one, and goes through", () => {
  const noted = (changes: Record<string, unknown>) => {
    const { faults, findings } = codes(change(sound.gcp, changes));
    expect(faults).toEqual([]);
    return findings.filter(({ code }) => code === "CMB-N013").map(({ key, message }) => ({ key, message }));
  };
  expect(noted({ "gcp.zones": ["europe-west4-a", "europe-west4-x"] })).toEqual([
    { key: "cmbcluster:gcp.zones[1]", message: expect.stringContaining("europe-west4-a") as string },
  ]);
  expect(noted({ "gcp.region": "europe-wets4", "gcp.zones": ["europe-wets4-z"] })).toEqual([
    { key: "cmbcluster:gcp.region", message: expect.stringContaining("nearest is europe-west4") as string },
  ]);
  expect(noted({ "gcp.region": "moon-tranquillity1" })).toEqual([
    {
      key: "cmbcluster:gcp.region",
      message: expect.stringMatching(/^(?!.*nearest).*zones are taken to be a, b and c/) as string,
    },
  ]);
  expect(noted({})).toEqual([]);
});

test("[C1] keys of the default providers are ignored, and that is said; Pulumi's own are left alone", () => {
  const { findings } = checkConfig(
    { ...asMap(sound.aws), "aws:region": "x", "gcp:project": "y", "pulumi:tags": "{}" },
    [],
  );
  const ignored = findings.filter(({ code }) => code === "CMB-N002").map(({ key }) => key);
  expect(ignored).toEqual(["aws:region", "gcp:project"]);
});

test("[C1] named images leave nothing to note about them", () => {
  const quiet = codes(change(sound.gcp, { "images.tag": "1.0" })).findings.map((f) => f.code);
  expect(quiet).toEqual([]);
});
