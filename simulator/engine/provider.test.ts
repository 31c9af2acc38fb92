import { Secret, UNKNOWN, type ValueMap } from "../../preview/engine/values";
import { CloudError, type ClusterHands, type ResourceModel } from "../models/model";
import { VirtualClock } from "./clock";
import { Faults } from "./faults";
import { InitFailed, type Named, SimulatedProvider, type World } from "./simulated-provider";
import { Store } from "./store";
import { Timeline } from "./timeline";

/** Providers on clouds in memory, asked without a wire. */
const BUCKET = "aws:s3/bucket:Bucket";
const ROLE = "aws:iam/role:Role";
const resource = (type: string, name = "n"): Named => ({
  urn: `urn:pulumi:s::p::${type}::${name}`,
  type,
  name,
  timeout: 0,
});

const text = (value: unknown) => (typeof value === "string" ? value : "");

function bucket(more: Partial<ResourceModel> = {}): ResourceModel {
  return {
    type: BUCKET,
    durations: { create: 3, delete: 1, source: "test" },
    id: ({ bucket: name }) => text(name),
    uniqueName: ({ bucket: name }) => `global:${text(name)}`,
    outputs: ({ bucket: name }) => ({ arn: `arn:aws:s3:::${text(name)}` }),
    ...more,
  };
}

function setUp(models: readonly ResourceModel[], killed = jest.fn()) {
  const clock = new VirtualClock();
  const world: World = {
    clock,
    store: new Store(undefined, () => clock.now()),
    clusters: {} as ClusterHands,
    seed: "s",
    faults: new Faults(),
    timeline: new Timeline(),
    models: Object.fromEntries(models.map((model) => [model.type, model])),
    invokes: { "aws:index/getRegion:getRegion": (_, cloud) => ({ region: cloud?.region ?? "" }) },
    credentials: {},
  };
  const provider = new SimulatedProvider(world, "aws", {}, killed);
  const configure = (args: ValueMap = {}) =>
    provider.configure({ region: "us-east-1", defaultTags: '{"tags":{"owner":"us"}}', ...args });
  configure();
  return { world, provider, configure, killed };
}

test("a creation takes its time, answers inputs and outputs, and keeps secrets secret", async () => {
  const { world, provider } = setUp([bucket()]);
  const inputs = { bucket: "b", tags: { token: new Secret("x") }, __defaults: [] };
  const { id, properties } = await provider.create(resource(BUCKET), inputs);
  expect(id).toBe("b");
  expect(world.clock.now()).toBe(3);
  expect(properties).toMatchObject({ bucket: "b", arn: "arn:aws:s3:::b" });
  expect(properties).not.toHaveProperty("__defaults");
  expect(JSON.stringify(properties)).toContain('"token":"[secret]"');
  expect(JSON.stringify(properties)).not.toContain('"x"');
  expect(world.store.all()[0]!.object.properties["tagsAll"]).toEqual({ owner: "us", token: "x" });
});

test("a preview knows the inputs, and nothing that only the cloud can say", () => {
  const { provider } = setUp([bucket()]);
  expect(provider.preview(resource(BUCKET), { bucket: "b" })).toMatchObject({ bucket: "b", arn: UNKNOWN });
});

test("the preview of an update keeps what is, but for what changes along", () => {
  const template = bucket({ changesWith: { policy: ["version"] } });
  const { provider } = setUp([template]);
  const olds = { bucket: "b", policy: "1", version: 1, arn: "a" };
  expect(provider.preview(resource(BUCKET), { bucket: "b", policy: "2" }, olds)).toMatchObject({
    version: UNKNOWN,
    arn: "a",
  });
  expect(provider.preview(resource(BUCKET), { bucket: "b", policy: "1" }, olds)).toMatchObject({
    version: 1,
  });
});

test("a name that is taken is refused, and what was refused is not there", async () => {
  const { world, provider } = setUp([bucket()]);
  await provider.create(resource(BUCKET, "one"), { bucket: "b" });
  await expect(provider.create(resource(BUCKET, "two"), { bucket: "b" })).rejects.toThrow("AlreadyExists");
  expect(world.store.all()).toHaveLength(1);
});

test("a provider tries again for as long as it says, and succeeds once the reason is gone", async () => {
  const needing = bucket({
    needs: () => [
      { property: "role", kind: ROLE, address: "r", error: new CloudError("NoSuchEntity", "no role r", 120) },
    ],
  });
  const { world, provider } = setUp([needing]);
  world.clock.at(50, () =>
    world.store.put({
      object: {
        kind: ROLE,
        id: "r",
        place: "p",
        status: "active",
        properties: {},
        visibleAt: 0,
        createdAt: 50,
      },
      urn: "urn:role",
    }),
  );
  await provider.create(resource(BUCKET), { bucket: "b" });
  expect(world.clock.now()).toBe(53);
  const [operation] = world.timeline.operations;
  expect(operation).toMatchObject({ needed: ["urn:role"], work: 3 });
});

test("what stays missing fails when the provider's patience ends, in the cloud's words", async () => {
  const needing = bucket({
    needs: () => [
      { property: "role", kind: ROLE, address: "r", error: new CloudError("NoSuchEntity", "no role r", 120) },
    ],
  });
  const { world, provider } = setUp([needing]);
  await expect(provider.create(resource(BUCKET), { bucket: "b" })).rejects.toThrow("NoSuchEntity: no role r");
  expect(world.clock.now()).toBe(120);
  expect(world.store.all()).toEqual([]);
});

test("what breaks after it exists is told to the engine as made in part", async () => {
  const breaking = bucket({
    created: () => {
      throw new CloudError("CreateFailed", "no nodes joined");
    },
  });
  const { world, provider } = setUp([breaking]);
  const failed = await provider.create(resource(BUCKET), { bucket: "b" }).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(InitFailed);
  expect((failed as InitFailed).answer.id).toBe("b");
  expect(world.store.all()[0]!.object.status).toBe("failed");
});

test("a deletion waits for what stands in its way, and what is not there is no fault", async () => {
  let full = true;
  const holding = bucket({ blockers: () => (full ? [new CloudError("BucketNotEmpty", "b", 60)] : []) });
  const { world, provider } = setUp([holding]);
  await provider.create(resource(BUCKET), { bucket: "b" });
  await expect(provider.delete(resource(BUCKET), "b")).rejects.toThrow("BucketNotEmpty");
  full = false;
  await provider.delete(resource(BUCKET), "b");
  await provider.delete(resource(BUCKET), "b");
  expect(world.store.all()).toEqual([]);
});

test("what is gone, or a setting of something that is gone, reads as nothing", async () => {
  const setting: ResourceModel = {
    type: "aws:s3/bucketVersioning:BucketVersioning",
    durations: { create: 1, delete: 1, source: "test" },
    id: ({ bucket: name }) => text(name),
    settingOf: ({ bucket: name }) => ({ kind: BUCKET, address: text(name) }),
  };
  const { world, provider } = setUp([bucket(), setting]);
  await provider.create(resource(BUCKET), { bucket: "b" });
  await provider.create(resource(setting.type), { bucket: "b" });
  const read = () => provider.read(resource(setting.type), "b", { bucket: "b" }, {});
  expect(await read()).toMatchObject({ id: "b", inputs: { bucket: "b" } });
  world.store.remove(world.store.ofKind(BUCKET)[0]!);
  expect(await read()).toBeUndefined();
});

test("an import finds a thing that no program made, with its inputs", async () => {
  const { world, provider } = setUp([bucket()]);
  const properties = { bucket: "b", arn: "a", forceDestroy: true };
  world.store.put({
    object: { kind: BUCKET, id: "b", place: "p", status: "active", properties, visibleAt: 0, createdAt: 0 },
  });
  const found = await provider.read(resource(BUCKET), "b", {}, {});
  expect(found?.inputs).toEqual({ bucket: "b", forceDestroy: true });
});

test("other default tags are a change of every resource that takes tags", () => {
  const { provider } = setUp([bucket()]);
  const olds = { bucket: "b", tagsAll: { owner: "them" } };
  const request = { oldInputs: { bucket: "b" }, news: { bucket: "b" }, olds, ignoreChanges: [] };
  expect(provider.diff(resource(BUCKET), request).changes).toEqual([
    { path: "tagsAll", kind: "update", replaces: false },
  ]);
});

test("credentials of another account, or expired ones, are refused before anything is asked", async () => {
  const { world, provider, configure } = setUp([bucket()]);
  expect(() => configure({ allowedAccountIds: '["222233334444"]' })).not.toThrow();
  Object.assign(world.credentials, { account: "999999999999" });
  expect(() => configure({ allowedAccountIds: '["222233334444"]' })).toThrow(
    "AWS account ID not allowed: 999999999999",
  );
  world.faults.credentialsValid = false;
  await expect(provider.create(resource(BUCKET), { bucket: "b" })).rejects.toThrow("ExpiredToken");
  await expect(provider.read(resource(BUCKET), "b", {}, {})).rejects.toThrow("ExpiredToken");
  await expect(provider.invoke("aws:index/getRegion:getRegion", {})).rejects.toThrow("ExpiredToken");
});

test("a function is answered from the provider's configuration; one without a model is refused by name", async () => {
  const { world, provider } = setUp([]);
  expect(await provider.invoke("aws:index/getRegion:getRegion", {})).toEqual({ region: "us-east-1" });
  expect(world.timeline.invocations).toEqual([
    { token: "aws:index/getRegion:getRegion", region: "us-east-1" },
  ]);
  await expect(provider.invoke("aws:ec2/getAmi:getAmi", {})).rejects.toThrow("aws:ec2/getAmi:getAmi");
});

test("a type without a model is refused by name, never made up", async () => {
  const { provider } = setUp([]);
  await expect(provider.create(resource("aws:sqs/queue:Queue"), {})).rejects.toThrow(
    "no model of aws:sqs/queue:Queue",
  );
});

test("a script's kill ends the engine, and the cloud goes on", async () => {
  const { world, provider, killed } = setUp([bucket()]);
  world.faults.set([{ fault: "kill", nth: 2 }]);
  await provider.create(resource(BUCKET, "one"), { bucket: "one" });
  expect(killed).not.toHaveBeenCalled();
  await provider.create(resource(BUCKET, "two"), { bucket: "two" });
  expect(killed).toHaveBeenCalledTimes(1);
  expect(world.store.all()).toHaveLength(2);
});

test("an import of what a program made leaves out what the cloud has added inside a block", async () => {
  const versioned = bucket({ outputs: () => ({ versionings: { enabled: true, mfaDelete: false } }) });
  const { provider } = setUp([versioned]);
  await provider.create(resource(BUCKET), { bucket: "b", versionings: { enabled: true } });
  const imported = await provider.read(resource(BUCKET), "b", {}, {});
  expect(imported!.inputs).toEqual({ bucket: "b", versionings: { enabled: true } });
  expect(imported!.properties).toMatchObject({ versionings: { enabled: true, mfaDelete: false } });
});
