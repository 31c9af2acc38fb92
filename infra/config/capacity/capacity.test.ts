import { cloudNames, type CloudName } from "../../../components/cmb-cluster";
import { profiles } from "../profiles";
import { profileNames, type ProfileName } from "../settings";
import { fit, fitWhileRolling } from "./fit";
import { allocatable, EKS_MAX_PODS } from "./machines";
import { workloads, type Workload } from "./workloads";

/** Nodes of a profile at its minimum, each as big as it is. */
function nodes(cloud: CloudName, profile: ProfileName, type?: string) {
  const { aws, gcp } = profiles[profile];
  return cloud === "aws"
    ? {
        count: aws.nodes.system.min,
        room: allocatable("aws", type ?? aws.nodes.system.instanceType, EKS_MAX_PODS),
      }
    : {
        count: gcp.nodes.system.min,
        room: allocatable("gcp", type ?? gcp.nodes.system.machineType, gcp.nodes.system.maxPods),
      };
}

/** Zones whose loss a profile survives without a new node: none where it has one node. */
const lost = (profile: ProfileName) => (profile === "dev" ? 0 : 1);

const cases = cloudNames.flatMap((cloud) => profileNames.map((profile) => ({ cloud, profile })));

// Requests are those of other clusters where Google publishes none: no test here shows what a cloud really runs.
test.each(cases)(
  "[O11, P9] $profile on $cloud: system nodes at their minimum carry everything, after the loss the profile survives, while rolling out",
  ({ cloud, profile }) => {
    const { count, room } = nodes(cloud, profile);
    const left = count - Math.ceil((count / 3) * lost(profile));
    expect(fitWhileRolling(left, room, workloads(cloud, profiles[profile])).unplaced).toEqual([]);
  },
);

test("[O11] one size less would not do: prod on Google, and one node less than dev's on either cloud", () => {
  const smaller = nodes("gcp", "prod", "e2-standard-2");
  expect(fitWhileRolling(2, smaller.room, workloads("gcp", profiles.prod)).unplaced).not.toEqual([]);
  for (const cloud of cloudNames) {
    expect(fit(0, nodes(cloud, "dev").room, workloads(cloud, profiles.dev)).unplaced).toContain("backend");
  }
  const { room, count } = nodes("aws", "prod");
  expect(fit(count - 2, room, workloads("aws", profiles.prod)).unplaced).not.toEqual([]);
});

test("[P9] no user environment of the largest size is too big for a user node", () => {
  for (const profile of profileNames) {
    const { aws, environments, gcp } = profiles[profile];
    const rooms = [
      ["aws", allocatable("aws", aws.nodes.users.instanceType, EKS_MAX_PODS)],
      ["gcp", allocatable("gcp", gcp.nodes.users.machineType, gcp.nodes.users.maxPods)],
    ] as const;
    for (const [cloud, room] of rooms) {
      const daemons = workloads(cloud, profiles[profile]).filter(({ pods }) => pods === "each-node");
      const { cpu, memoryGi } = environments.largest;
      const environment: Workload = {
        name: "environment",
        // With what mounts its bucket beside it (gcs-fuse-csi-driver, defaults of the side car).
        cpu: cpu * 1000 + 250,
        memory: memoryGi * 1024 + 256,
        pods: 1,
      };
      expect([cloud, profile, fit(1, room, [...daemons, environment]).unplaced]).toEqual([
        cloud,
        profile,
        [],
      ]);
    }
  }
});

test("[H6] the node of prod that is always there has room for an environment of the usual size, on either cloud", () => {
  const { aws, gcp } = profiles.prod;
  const rooms = [
    ["aws", allocatable("aws", aws.nodes.warm.instanceType, EKS_MAX_PODS), 0],
    // With what mounts its bucket beside it (gcs-fuse-csi-driver, defaults of the side car).
    ["gcp", allocatable("gcp", gcp.nodes.warm.machineType, gcp.nodes.warm.maxPods), 250],
  ] as const;
  for (const [cloud, room, beside] of rooms) {
    const daemons = workloads(cloud, profiles.prod).filter(({ pods }) => pods === "each-node");
    const one = (name: string, cpu: number, memory: number, pods: number): Workload => ({
      ...{ name, cpu, memory, pods },
    });
    const images = one("images", 10, 32, 1);
    const environments = (pods: number) => one("environment", 500 + beside, 1024 + beside, pods);
    expect([cloud, fit(1, room, [...daemons, images, environments(1)]).unplaced]).toEqual([cloud, []]);
    // So what is promised is one, not two.
    expect(fit(1, room, [...daemons, images, environments(2)]).unplaced).toHaveLength(1);
  }
});

test("what is rolled out with a pod more is the front end, the ingress and admission, not the backend, whose volume has one writer", () => {
  const rolling = workloads("gcp", profiles.prod).filter(({ rolls }) => rolls);
  expect(rolling.map(({ name }) => name)).toEqual(["frontend", "traefik", "kyverno-admission"]);
});

describe("what a node has for pods", () => {
  // Google's own table: 1930m and 3920m (GKE, "Plan node sizes").
  test.each([
    ["gcp", "e2-standard-2", 1930, 5634],
    ["gcp", "e2-standard-4", 3920, 12392],
    ["aws", "m6a.large", 1930, 6012],
    ["aws", "t3a.xlarge", 3920, 13590],
    ["gcp", "n2-standard-16", 15_890, 54_909],
  ] as const)("%s %s: %i m and %i MiB", (cloud, type, cpu, memory) => {
    expect(allocatable(cloud, type, 110)).toEqual({ cpu, memory, pods: 110 });
  });

  test.each([
    ["aws", "c6i.large"],
    ["aws", "m6a.medium"],
    ["gcp", "e2-medium"],
  ] as const)("%s %s: of a size that is not known nothing is said", (cloud, type) => {
    expect(() => allocatable(cloud, type, 110)).toThrow(`${type}: size not known`);
  });
});

describe("placing", () => {
  const room = { cpu: 1000, memory: 1000, pods: 3 };
  const pod = (name: string, cpu: number, memory: number, pods: Workload["pods"] = 1): Workload => ({
    name,
    cpu,
    memory,
    pods,
  });

  test("large pods go first, and what is left of one node takes nothing that needs two", () => {
    const result = fit(2, room, [pod("small", 300, 10), pod("large", 700, 10, 2), pod("odd", 400, 10)]);
    expect(result.unplaced).toEqual(["odd"]);
    expect(result.spare).toEqual({ cpu: 300, memory: 1970 });
  });

  test("a pod on every node takes its part of each; memory and the number of pods bind as well", () => {
    expect(fit(2, room, [pod("agent", 100, 100, "each-node")]).spare).toEqual({ cpu: 1800, memory: 1800 });
    expect(fit(1, room, [pod("agent", 0, 600, "each-node"), pod("heavy", 0, 500)]).unplaced).toEqual([
      "heavy",
    ]);
    expect(fit(1, room, [pod("many", 0, 0, 4)]).unplaced).toEqual(["many"]);
  });

  test("a roll-out needs room for one pod more of its kind", () => {
    const site = { ...pod("site", 400, 10, 2), rolls: true };
    expect(fit(1, room, [site]).unplaced).toEqual([]);
    expect(fitWhileRolling(1, room, [site]).unplaced).toEqual(["site"]);
    const roomy = { ...pod("roomy", 100, 10), rolls: true };
    expect(fitWhileRolling(1, room, [roomy, { ...pod("tiny", 50, 10), rolls: true }]).spare.cpu).toBe(750);
  });
});
