import { CLUSTER_ID, EMAIL, withCluster } from "./fixtures/stack";
import { like, PROJECT, REGION, ZONE } from "./fixtures/world";
import { gcpInvokes } from "./invokes";

const ask = (
  token: string,
  args: Record<string, string>,
  cloud?: Parameters<(typeof gcpInvokes)[string]>[1],
) => gcpInvokes[token]!(args, cloud);

test("what exists is found, as its resource shows it", async () => {
  const world = await withCluster();
  await world.create("gcp:storage/bucket:Bucket", { name: "cmb-db", location: "EU" });
  await world.create("gcp:projects/iAMCustomRole:IAMCustomRole", {
    roleId: "cmb.x",
    title: "x",
    permissions: ["a.b.c"],
  });
  await world.create("gcp:dns/managedZone:ManagedZone", { name: "zone", dnsName: "cmb.example.org." });
  await world.create("gcp:compute/address:Address", { name: "in", region: REGION });
  const cloud = world.view;
  const accounts = [expect.objectContaining({ email: EMAIL })];
  expect(
    await ask("gcp:serviceaccount/getAccount:getAccount", { accountId: "cmb-nodes" }, cloud),
  ).toMatchObject({ email: EMAIL });
  expect(await ask("gcp:serviceaccount/getAccount:getAccount", { accountId: EMAIL }, cloud)).toMatchObject({
    email: EMAIL,
  });
  expect(await ask("gcp:serviceaccount/getS:getS", {}, cloud)).toEqual({ accounts });
  expect(await ask("gcp:storage/getBucket:getBucket", { name: "cmb-db" }, cloud)).toMatchObject({
    url: "gs://cmb-db",
  });
  expect(await ask("gcp:storage/getBuckets:getBuckets", { prefix: "cmb" }, cloud)).toMatchObject({
    buckets: [{ name: "cmb-db", location: "EU" }],
  });
  expect(await ask("gcp:storage/getBuckets:getBuckets", { prefix: "x" }, cloud)).toEqual({ buckets: [] });
  expect(await ask("gcp:iam/getRoles:getRoles", {}, cloud)).toEqual({
    roles: [{ name: `projects/${PROJECT}/roles/cmb.x` }],
  });
  expect(await ask("gcp:dns/getManagedZone:getManagedZone", { name: "zone" }, cloud)).toMatchObject({
    dnsName: "cmb.example.org.",
  });
  expect(await ask("gcp:compute/getAddress:getAddress", { name: "in" }, cloud)).toMatchObject({
    address: like(/^34\./),
  });
  expect(
    await ask("gcp:container/getCluster:getCluster", { name: "cmb", location: ZONE }, cloud),
  ).toMatchObject({ id: CLUSTER_ID });
});

test("what does not exist is not found", async () => {
  const cloud = (await withCluster()).view;
  for (const [token, args] of [
    ["gcp:serviceaccount/getAccount:getAccount", { accountId: "nobody" }],
    ["gcp:storage/getBucket:getBucket", { name: "none" }],
    ["gcp:dns/getManagedZone:getManagedZone", { name: "none" }],
    ["gcp:compute/getAddress:getAddress", { name: "none" }],
    ["gcp:container/getCluster:getCluster", { name: "none", location: ZONE }],
  ] as const)
    expect(() => ask(token, args, cloud)).toThrow("not found");
});

test("offline nothing exists: lists are empty, and what is asked for by name has that name alone", async () => {
  const answers = await Promise.all(
    Object.keys(gcpInvokes).map(async (token) => [
      token.split(":").at(-1),
      await ask(token, { name: "n", accountId: "a" }),
    ]),
  );
  expect(Object.fromEntries(answers)).toEqual({
    getAccount: { accountId: "a" },
    getS: { accounts: [] },
    getBucket: { name: "n" },
    getBuckets: { buckets: [] },
    getRoles: { roles: [] },
    getManagedZone: { name: "n" },
    getAddress: { name: "n" },
    getCluster: { name: "n" },
    getZones: { names: [] },
    getProject: { projectId: "", id: "projects/", name: "", number: like(/^\d{12}$/) },
    getClientConfig: { project: "", region: "", accessToken: "" },
  });
});

test("project and credentials are the provider's", async () => {
  const cloud = (await withCluster()).view;
  expect(await ask("gcp:organizations/getClientConfig:getClientConfig", {}, cloud)).toMatchObject({
    project: PROJECT,
    region: REGION,
  });
  expect(await ask("gcp:organizations/getProject:getProject", {}, cloud)).toMatchObject({
    projectId: PROJECT,
  });
  expect(await ask("gcp:compute/getZones:getZones", {}, cloud)).toEqual({
    names: ["a", "b", "c"].map((zone) => `${REGION}-${zone}`),
  });
});
