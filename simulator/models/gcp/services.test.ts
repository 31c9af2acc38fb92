import { PROJECT, World } from "./fixtures/world";
import { SERVICE } from "./services";
import { HIDDEN } from "./common";
import { NETWORK } from "./network";
import { gcpModels } from ".";

const api = (name: string, more = {}) => ({ project: PROJECT, service: `${name}.googleapis.com`, ...more });
const id = (name: string) => `${PROJECT}/${name}.googleapis.com`;

test("APIs are enabled through Resource Manager, which comes first", async () => {
  const world = new World();
  expect(await world.refusal(world.create(SERVICE, api("compute")))).toContain(
    "cloudresourcemanager.googleapis.com has not been used",
  );
  await Promise.all([
    world.create(SERVICE, api("serviceusage")),
    world.create(SERVICE, api("cloudresourcemanager")),
  ]);
  await world.create(SERVICE, api("compute"));
  expect(world.ids(HIDDEN.api)).toContain(id("compute"));
});

test("an API can be called once it has been enabled, and not while it is being", async () => {
  const world = new World(["cloudresourcemanager"]);
  const enabling = world.create(SERVICE, api("compute"));
  await world.clock.sleep(19);
  expect(await world.refusal(world.create(NETWORK, { name: "cmb" }))).toContain(
    "wait a few minutes for the action to propagate",
  );
  await enabling;
  await world.create(NETWORK, { name: "cmb" });
});

test("an API that is on already is taken note of", async () => {
  const world = new World(["cloudresourcemanager", "compute"]);
  await world.create(SERVICE, api("compute"));
  await world.create(SERVICE, api("compute"));
  expect(world.ids(SERVICE)).toEqual([id("compute")]);
});

test("a resource that goes leaves its API on, unless it says otherwise", async () => {
  const world = new World(["cloudresourcemanager"]);
  await world.create(SERVICE, api("compute", { disableOnDestroy: false }));
  await world.remove(SERVICE, id("compute"));
  expect([world.ids(SERVICE), world.ids(HIDDEN.api).includes(id("compute"))]).toEqual([[], true]);
  await world.create(SERVICE, api("compute", { disableOnDestroy: true }));
  await world.remove(SERVICE, id("compute"));
  expect(world.ids(HIDDEN.api)).not.toContain(id("compute"));
});

test("an API that others run on is not switched off, unless they go with it", async () => {
  const world = new World(["cloudresourcemanager", "container"]);
  await world.create(SERVICE, api("compute", { disableOnDestroy: true }));
  expect(await world.refusal(world.remove(SERVICE, id("compute")))).toContain(
    "is depended on by the following active service(s): container",
  );
  const more = { disableOnDestroy: true, disableDependentServices: true };
  await world.update(SERVICE, id("compute"), api("compute", more));
  await world.remove(SERVICE, id("compute"));
  expect(world.ids(HIDDEN.api)).toEqual([id("cloudresourcemanager")]);
});

test("a need leads to the resource that stands for it, so that the longest chain can be found", async () => {
  const world = new World(["cloudresourcemanager"]);
  const kinds = () =>
    gcpModels[NETWORK]!.needs!({ name: "cmb" }, world.view).map(({ kind, address }) => [kind, address]);
  expect(kinds()).toEqual([[HIDDEN.api, id("compute")]]);
  await world.create(SERVICE, api("compute", { disableOnDestroy: false }));
  expect(kinds()).toEqual([[SERVICE, id("compute")]]);
  await world.remove(SERVICE, id("compute"));
  expect(kinds()).toEqual([]);
});
