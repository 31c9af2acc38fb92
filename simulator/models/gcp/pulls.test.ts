import { CLUSTER_ID, EMAIL, inputs, NETWORK_ID, SUBNETWORK_ID, withCluster } from "./fixtures/stack";
import { PROJECT, REGION, type World } from "./fixtures/world";
import { NODE_POOL, CLUSTER } from "./cluster";
import { canPull } from "./pulls";

const OWN = `${REGION}-docker.pkg.dev/${PROJECT}/cmb/cmb-backend:1`;
const OTHER = "docker.io/traefik:v3";
const READER = "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember";
const pulls = (world: World) => [OWN, OTHER].map((image) => canPull(world.view, CLUSTER_ID, image));

async function withPool(): Promise<World> {
  const world = await withCluster();
  await world.create(NODE_POOL, inputs.pool());
  await world.create("gcp:artifactregistry/repository:Repository", {
    repositoryId: "cmb",
    location: REGION,
    format: "DOCKER",
  });
  return world;
}

const reader = {
  location: REGION,
  repository: "cmb",
  role: "roles/artifactregistry.reader",
  member: `serviceAccount:${EMAIL}`,
};

test("private nodes reach other people's registries through a NAT gateway only", async () => {
  const world = await withPool();
  expect(pulls(world)).toEqual([false, false]);
  await world.create("gcp:compute/router:Router", { name: "cmb", region: REGION, network: NETWORK_ID });
  const nat = { name: "cmb", region: REGION, router: "cmb" };
  const making = world.create("gcp:compute/routerNat:RouterNat", nat);
  await world.clock.sleep(1);
  expect(pulls(world)).toEqual([false, false]);
  await making;
  expect(pulls(world)).toEqual([false, true]);
});

test("the stack's own images need private access to Google and a role for the nodes' account", async () => {
  const world = await withPool();
  await world.create(READER, reader);
  expect(pulls(world)).toEqual([false, false]);
  await world.update(
    "gcp:compute/subnetwork:Subnetwork",
    SUBNETWORK_ID,
    inputs.subnetwork({ privateIpGoogleAccess: true }),
  );
  expect(pulls(world)).toEqual([true, false]);
  await world.remove(READER, world.ids(READER)[0]!);
  expect(pulls(world)).toEqual([false, false]);
  const member = {
    project: PROJECT,
    role: "roles/container.defaultNodeServiceAccount",
    member: reader.member,
  };
  await world.create("gcp:projects/iAMMember:IAMMember", member);
  expect(pulls(world)).toEqual([false, false]);
  await world.create("gcp:projects/iAMMember:IAMMember", {
    ...member,
    role: "roles/artifactregistry.reader",
  });
  expect(pulls(world)).toEqual([true, false]);
});

test("nodes with addresses of their own need no gateway, and a cluster that is gone pulls nothing", async () => {
  const world = await withCluster({ privateClusterConfig: { enablePrivateNodes: false } });
  expect(pulls(world)).toEqual([false, true]);
  await world.remove(CLUSTER, CLUSTER_ID);
  expect(pulls(world)).toEqual([false, false]);
});
