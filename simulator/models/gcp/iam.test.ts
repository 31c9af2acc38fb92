import { APIS, EMAIL, inputs, POOL, withCluster } from "./fixtures/stack";
import { PROJECT, World } from "./fixtures/world";
import { ACCOUNT, BROKEN_BINDING, CUSTOM_ROLE } from "./accounts";
import { POLICY_WRITER } from "./iam";
import { text } from "./common";

const PROJECT_MEMBER = "gcp:projects/iAMMember:IAMMember";
const TRUST = "gcp:serviceaccount/iAMMember:IAMMember";
const ACCOUNT_ID = `projects/${PROJECT}/serviceAccounts/${EMAIL}`;
const DAY = 86_400;

const binding = { project: PROJECT, role: "roles/viewer", member: `serviceAccount:${EMAIL}` };
const trust = {
  serviceAccountId: ACCOUNT_ID,
  role: "roles/iam.workloadIdentityUser",
  member: `serviceAccount:${POOL}[cmb/backend]`,
};
const role = { roleId: "cmb.backend", title: "Backend", permissions: ["storage.buckets.create"] };
const ROLE_ID = `projects/${PROJECT}/roles/cmb.backend`;

async function withAccount(): Promise<World> {
  const world = new World(APIS);
  await world.create(ACCOUNT, inputs.account());
  return world;
}

test("a policy entry for an account that does not exist yet is refused, also while the account is being made", async () => {
  const world = new World(APIS);
  expect(await world.refusal(world.create(PROJECT_MEMBER, binding))).toContain(
    `Service account ${EMAIL} does not exist`,
  );
  const making = world.create(ACCOUNT, inputs.account());
  await world.clock.sleep(5);
  expect(await world.refusal(world.create(PROJECT_MEMBER, binding))).toContain("does not exist");
  await making;
  const { id } = await world.create(PROJECT_MEMBER, binding);
  expect(id).toBe(`${PROJECT}/roles/viewer/serviceAccount:${EMAIL}`);
});

test("an entry with a condition is another one than that without", async () => {
  const world = await withAccount();
  await world.create(PROJECT_MEMBER, binding);
  const condition = { title: "t", expression: 'resource.name.startsWith("a")' };
  const { id } = await world.create(PROJECT_MEMBER, { ...binding, condition });
  expect(id).toBe(`${PROJECT}/roles/viewer/serviceAccount:${EMAIL}/t//resource.name.startsWith("a")`);
  expect(world.ids(PROJECT_MEMBER)).toHaveLength(2);
});

test("a condition of more than twelve operators is refused, one of twelve is not", async () => {
  const world = await withAccount();
  const condition = (operators: number) => ({
    title: "t",
    expression: Array(operators + 1)
      .fill("true")
      .join(" || "),
  });
  expect(
    await world.refusal(world.create(PROJECT_MEMBER, { ...binding, condition: condition(13) })),
  ).toContain("13 logical operators");
  await world.create(PROJECT_MEMBER, { ...binding, condition: condition(12) });
});

test("people, groups and Google's own agents are taken at their word", async () => {
  const world = new World(APIS);
  for (const member of [
    "user:a@example.org",
    "serviceAccount:service-1@gcp-sa-logging.iam.gserviceaccount.com",
  ])
    await world.create(PROJECT_MEMBER, { ...binding, member });
  expect(world.ids(PROJECT_MEMBER)).toHaveLength(2);
});

test("a custom role has to be there before it is given", async () => {
  const world = await withAccount();
  expect(await world.refusal(world.create(PROJECT_MEMBER, { ...binding, role: ROLE_ID }))).toContain(
    `Role (${ROLE_ID}) does not exist`,
  );
  await world.create(CUSTOM_ROLE, role);
  await world.create(PROJECT_MEMBER, { ...binding, role: ROLE_ID });
});

test("Workload Identity is refused before the project has had a cluster with it, and stays after the cluster", async () => {
  const before = await withAccount();
  expect(await before.refusal(before.create(TRUST, trust))).toContain(
    `Identity Pool does not exist (${POOL})`,
  );
  const world = await withCluster();
  const { id } = await world.create(TRUST, trust);
  await world.remove(TRUST, id);
  await world.remove("gcp:container/cluster:Cluster", world.ids("gcp:container/cluster:Cluster")[0]!);
  await world.create(TRUST, trust);
});

test("a cluster without Workload Identity brings no pool", async () => {
  const world = await withCluster({ workloadIdentityConfig: {} });
  expect(await world.refusal(world.create(TRUST, trust))).toContain("Identity Pool does not exist");
});

test("somebody else's write to the policy is waited for, half a minute long", async () => {
  const world = await withAccount();
  const writing = () => world.put(POLICY_WRITER, PROJECT);
  writing();
  const began = world.clock.now();
  world.view.later(12, (cloud) => cloud.remove(POLICY_WRITER, PROJECT));
  await world.create(PROJECT_MEMBER, binding);
  expect(world.clock.now() - began).toBe(12 + 8);
  writing();
  expect(await world.refusal(world.create(PROJECT_MEMBER, { ...binding, role: "roles/editor" }))).toContain(
    "concurrent policy changes",
  );
});

test("what a policy said of a deleted account stays broken for the next account of the name", async () => {
  const world = await withAccount();
  const before = text(world.view.find(ACCOUNT, ACCOUNT_ID)!.properties, "uniqueId");
  const { id } = await world.create(PROJECT_MEMBER, binding);
  await world.remove(ACCOUNT, ACCOUNT_ID);
  const again = await world.create(ACCOUNT, inputs.account());
  expect(again.properties["uniqueId"]).not.toBe(before);
  expect(world.ids(PROJECT_MEMBER)).toEqual([]);
  const [broken] = world.store.ofKind(BROKEN_BINDING);
  expect(broken?.object.properties["member"]).toBe(`deleted:serviceAccount:${EMAIL}?uid=${before}`);
  expect(broken?.object.id).toContain(id);
});

test("an account of the name is in the way, unless the program takes it over with its number", async () => {
  const world = await withAccount();
  const { uniqueId } = world.view.find(ACCOUNT, ACCOUNT_ID)!.properties;
  expect(await world.refusal(world.create(ACCOUNT, inputs.account()))).toContain("already exists");
  const taken = await world.create(ACCOUNT, inputs.account({ createIgnoreAlreadyExists: true }));
  expect(taken.properties["uniqueId"]).toBe(uniqueId);
  expect(world.ids(ACCOUNT)).toEqual([ACCOUNT_ID]);
});

test.each([
  [6, "brings the role back", undefined],
  [8, "refuses the id", "existing role with that role_id in a deleted state"],
  [36, "still refuses the id", "in a deleted state"],
  [38, "has forgotten the role", undefined],
])("%i days after a role was deleted Google %s", async (days, _what, words) => {
  const world = new World(APIS);
  await world.create(CUSTOM_ROLE, role);
  await world.remove(CUSTOM_ROLE, ROLE_ID);
  await world.clock.sleep(days * DAY);
  const again = world.create(CUSTOM_ROLE, role);
  if (words) await expect(again).rejects.toThrow(words);
  else expect((await again).properties["deleted"]).toBe(false);
});

test("a role that lives must be imported, not made again", async () => {
  const world = new World(APIS);
  await world.create(CUSTOM_ROLE, role);
  expect(await world.refusal(world.create(CUSTOM_ROLE, role))).toContain(
    "already exists and must be imported",
  );
});

test("ids that Google would not take are faults of the inputs", () => {
  const world = new World();
  expect(world.faults(ACCOUNT, { accountId: "tiny" })[0]).toContain("doesn't match regexp");
  expect(world.faults(ACCOUNT, { accountId: "cmb-nodes" })).toEqual([]);
  expect(world.faults(CUSTOM_ROLE, { ...role, roleId: "with-hyphen" })[0]).toContain("doesn't match regexp");
  expect(world.faults(CUSTOM_ROLE, { ...role, permissions: [] })[0]).toContain("1 item minimum");
  expect(world.faults(CUSTOM_ROLE, role)).toEqual([]);
});

test.each([
  ["gcp:storage/bucketIAMMember:BucketIAMMember", { bucket: "b" }, "The specified bucket does not exist"],
  [
    "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember",
    { repository: "r" },
    "repositories/r' was not found",
  ],
  [
    "gcp:dns/dnsManagedZoneIamMember:DnsManagedZoneIamMember",
    { managedZone: "z" },
    "managedZones/z' was not found",
  ],
  ["gcp:secretmanager/secretIamMember:SecretIamMember", { secretId: "s" }, "secrets/s' was not found"],
  [TRUST, { serviceAccountId: ACCOUNT_ID, role: "roles/viewer" }, `'${EMAIL}' was not found`],
])("%s needs what it is an entry of", async (type, target, words) => {
  const world = new World(APIS);
  const given = { role: "roles/viewer", member: "user:a@example.org", ...target };
  expect(await world.refusal(world.create(type, given))).toContain(words);
});

test("a bucket that is closed to the public takes no entry for everybody", async () => {
  const world = new World(APIS);
  const name = "quiet-lake-db";
  await world.create("gcp:storage/bucket:Bucket", {
    name,
    location: "EU",
    publicAccessPrevention: "enforced",
  });
  const entry = { bucket: name, role: "roles/storage.objectViewer", member: "allUsers" };
  const type = "gcp:storage/bucketIAMMember:BucketIAMMember";
  expect(await world.refusal(world.create(type, entry))).toContain("public access prevention is enforced");
  expect((await world.create(type, { ...entry, member: "user:a@example.org" })).id).toBe(
    `b/${name}/roles/storage.objectViewer/user:a@example.org`,
  );
});
