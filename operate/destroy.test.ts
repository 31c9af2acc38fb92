import { amazonStack, exported, onAmazon, onGoogle, resource } from "./fixtures/stack";
import { type Answer, scripted } from "./fixtures/world";
import { main } from "./main";
import { ClusterSilent, type KubernetesObject, type ListObjects } from "./kubernetes";
import type { DestroyDocument } from "./destroy";
import type { World } from "./world";

const identity = { stdout: '{"Account":"123456789012"}' };
const noCluster = {
  code: 254,
  stderr:
    "\nAn error occurred (ResourceNotFoundException) when calling the DescribeCluster operation: No cluster found for name: cmb-dev.",
};
const nothingOutside: Record<string, Answer> = {
  "aws iam get-role": {
    code: 254,
    stderr: "An error occurred (NoSuchEntity) when calling the GetRole operation",
  },
  "aws ec2 describe-volumes": { stdout: '{"Volumes":[]}' },
  "aws s3api list-buckets": { stdout: '{"Buckets":[]}' },
};

/** State before the destroy, then what it leaves. */
function states(
  before = amazonStack,
  after = amazonStack.filter(({ protect, custom }) => protect || !custom),
): Answer {
  let asked = 0;
  return () => (asked++ === 0 ? exported(before) : exported(after)) as { stdout: string };
}

/** States that are seen one after the other; the last for as long as it is asked for. */
function inTurn(...seen: readonly (typeof amazonStack)[]): Answer {
  let asked = 0;
  return () => exported(seen[Math.min(asked++, seen.length - 1)]!) as { stdout: string };
}

/** A stack whose cluster is there, with these pods and volumes. */
function live(over: Record<string, Answer> = {}): Record<string, Answer> {
  return {
    "pulumi stack export": states(),
    "pulumi stack output kubeconfig": { stdout: "{}" },
    "aws sts get-caller-identity": identity,
    "aws eks describe-cluster": { stdout: "{}" },
    "pulumi destroy": {},
    ...nothingOutside,
    ...over,
  };
}

/** A cluster that lists these. */
function lists(
  pods: readonly object[],
  volumes: readonly object[] = [],
  nodes: readonly object[] = [{ metadata: { name: "node" } }],
): Pick<World, "listThrough"> {
  const list: ListObjects = (path) =>
    Promise.resolve(
      (path.includes("/pods") ? pods : path.includes("/nodes") ? nodes : volumes) as KubernetesObject[],
    );
  return { listThrough: () => list };
}

/** A cluster that does not answer. */
const silent = (error: Error) => ({ listThrough: () => () => Promise.reject(error) });

const pod = (name: string, user: string, phase = "Running") => ({
  metadata: { name, labels: { "user-id": user } },
  status: { phase },
});

describe("[O5] npm run destroy", () => {
  test("tells who still works there and what stays, and touches nothing before somebody agrees", async () => {
    const cluster = lists(
      [pod("a", "ada"), pod("b", "ada"), pod("c", "bob"), pod("d", "eve", "Succeeded")],
      [
        {
          metadata: { name: "pv" },
          spec: {
            persistentVolumeReclaimPolicy: "Retain",
            capacity: { storage: "10Gi" },
            claimRef: { namespace: "cmb-dev", name: "database" },
            csi: { driver: "ebs.csi.aws.com", volumeHandle: "vol-1" },
          },
        },
      ],
    );
    const world = scripted(live(), cluster);
    expect(await main(["destroy", "s1"], world)).toBe(1);
    expect(world.texts.err).toContain("destroying s1 ends 2 resources");
    expect(world.texts.err).toContain("3 user environments of 2 people run there and END NOW");
    expect(world.texts.err).toContain("these disks stay: vol-1 (cmb-dev/database, 10Gi)");
    expect(world.texts.err).toContain("kept on purpose: 3, for 1.00 US$ a month");
    expect(world.calls.filter(({ line }) => line.startsWith("pulumi destroy"))).toEqual([]);
  });

  test("asks for the stack's name, destroys all but the protected, and lists what is kept", async () => {
    const asked: string[] = [];
    const ask = (_question: string, word: string) => Promise.resolve(asked.push(word) === 1);
    const world = scripted(live(), { ...lists([]), canAsk: true, ask });
    expect(await main(["destroy", "s1"], world)).toBe(0);
    expect(asked).toEqual(["s1"]);
    const destroy = world.calls.find(({ line }) => line.startsWith("pulumi destroy"))!;
    expect(destroy.line).toBe(
      "pulumi destroy --exclude-protected --skip-preview --yes --parallel 32 --stack s1 --non-interactive",
    );
    expect(destroy.options.environment).not.toHaveProperty("PULUMI_K8S_DELETE_UNREACHABLE");
    expect(world.texts.err).toContain("no user environment runs");
    expect(world.texts.err).toContain("s1 is destroyed");
    expect(world.texts.out).toMatch(/^kept on purpose: 3/);
  });

  test("a stack that sleeps is to be woken first: its namespaces would never end", async () => {
    const asleep = [...amazonStack, resource("kubernetes:core/v1:Namespace", "platform-ingress-namespace")];
    const world = scripted(live({ "pulumi stack export": states(asleep) }), lists([], [], []));
    expect(await main(["destroy", "s1", "--yes"], world)).toBe(1);
    expect(world.texts.err).toContain("no node runs in the cluster (does s1 sleep?)");
    expect(world.texts.err).toContain("first: npm run wake -- s1");
    expect(world.calls.filter(({ line }) => line.startsWith("pulumi destroy"))).toEqual([]);
    // With nothing in it there is nothing that could hang.
    const bare = scripted(live(), lists([], [], []));
    expect(await main(["destroy", "s1", "--yes"], bare)).toBe(0);
  });

  describe("a cluster that the cloud itself calls gone does not block it", () => {
    const release = resource("kubernetes:helm.sh/v3:Release", "platform-ingress-release");
    const namespace = resource("kubernetes:core/v1:Namespace", "platform-ingress-namespace");
    const full = [...amazonStack, resource("pulumi:providers:kubernetes", "k8s"), namespace, release];
    const left = amazonStack.filter(({ protect, custom }) => protect || !custom);
    const lines = ({ calls }: { calls: readonly { line: string }[] }) => calls.map(({ line }) => line);

    test("what was in it is dropped from the state, and only then anything is destroyed", async () => {
      const world = scripted(
        live({
          "aws eks describe-cluster": noCluster,
          "pulumi stack export": inTurn(full, amazonStack, left),
          "pulumi refresh": {},
        }),
      );
      expect(await main(["destroy", "s1", "--yes"], world)).toBe(0);
      expect(world.texts.err).toContain("its cluster is gone, the cloud says so");
      const refresh = world.calls.find(({ line }) => line.startsWith("pulumi refresh"))!;
      expect(refresh.line).toBe(
        `pulumi refresh --yes --skip-preview --target ${namespace.urn} --target ${release.urn} --stack s1 --non-interactive`,
      );
      expect(refresh.options.environment).toMatchObject({ PULUMI_K8S_DELETE_UNREACHABLE: "true" });
      const order = lines(world).filter((line) => /^pulumi (refresh|destroy)/.test(line));
      expect(order.map((line) => line.split(" ")[1])).toEqual(["refresh", "destroy"]);
      const destroy = world.calls.find(({ line }) => line.startsWith("pulumi destroy"))!;
      expect(destroy.options.environment).not.toHaveProperty("PULUMI_K8S_DELETE_UNREACHABLE");
    });

    test("what does not leave the state stops it, and is named with the command that drops it by hand", async () => {
      const world = scripted(
        live({
          "aws eks describe-cluster": noCluster,
          "pulumi stack export": inTurn(full, [...amazonStack, release]),
          "pulumi refresh": { code: 1 },
        }),
      );
      expect(await main(["destroy", "s1", "--yes"], world)).toBe(1);
      expect(world.texts.err).toContain("1 resources of the cluster that is gone are still in the state");
      expect(world.texts.err).toContain(
        `pulumi state delete --stack s1 --yes --target-dependents ${release.urn}`,
      );
      expect(lines(world).filter((line) => line.startsWith("pulumi destroy"))).toEqual([]);
    });

    test("nothing is dropped while it is there, or when nothing of it is in the state", async () => {
      const there = scripted(live({ "pulumi stack export": inTurn(full, left) }), lists([]));
      expect(await main(["destroy", "s1", "--yes"], there)).toBe(0);
      const bare = scripted(live({ "aws eks describe-cluster": noCluster }));
      expect(await main(["destroy", "s1", "--yes"], bare)).toBe(0);
      const refreshes = [...lines(there), ...lines(bare)].filter((line) => line.startsWith("pulumi refresh"));
      expect(refreshes).toEqual([]);
    });

    test.each([
      ["gone", "[]", "", 0, ["refresh", "destroy"]],
      ["there after all", '[{"name":"cmb-dev"}]', "", 0, ["destroy"]],
      ["not known", "[]", "WARNING: The following zones did not respond: europe-west4-a.", 1, []],
    ])(
      "one that a refresh has dropped from the state is looked for in the whole project: %s",
      async (_, stdout, stderr, code, wanted) => {
        const google = [onGoogle, resource("gcp:storage/bucket:Bucket", "b"), release];
        const world = scripted(
          {
            "pulumi stack export": inTurn(google, google.slice(0, 2), [onGoogle]),
            "gcloud container clusters list": { stdout, stderr },
            "pulumi stack output kubeconfig": { stdout: "{}" },
            "pulumi refresh": {},
            "pulumi destroy": {},
            gcloud: { stdout: "[]" },
          },
          lists([]),
        );
        expect(await main(["destroy", "s1", "--yes"], world)).toBe(code);
        const done = lines(world).flatMap((line) => /^pulumi (refresh|destroy)/.exec(line)?.[1] ?? []);
        expect(done).toEqual(wanted);
        const asked = lines(world).find((line) => line.startsWith("gcloud container clusters list"));
        expect(asked).toContain("--filter name=cmb-dev --project science-1");
      },
    );
  });

  test.each([
    [
      "an expired log-in",
      { "aws sts get-caller-identity": { code: 254, stderr: "(ExpiredToken) x" } },
      "aws sso login",
    ],
    [
      "another account, where the cluster is not found either",
      { "aws sts get-caller-identity": { stdout: '{"Account":"999999999999"}' } },
      "your log-in is for the AWS account 999999999999, the stack is in 123456789012",
    ],
    ["no tool to ask with", { "aws sts get-caller-identity": { code: 127 } }, "there is no aws on PATH"],
    [
      "an answer that is neither yes nor no",
      { "aws eks describe-cluster": { code: 254, stderr: "AccessDeniedException" } },
      "AccessDeniedException",
    ],
  ])(
    "%s stops it with the state untouched: nobody knows whether the cluster is there",
    async (_, over, words) => {
      const world = scripted(live(over));
      expect(await main(["destroy", "s1", "--yes"], world)).toBe(1);
      expect(world.texts.err).toContain(words);
      expect(world.texts.err).toContain("nothing was touched");
      expect(world.calls.filter(({ line }) => /^pulumi (destroy|state|refresh)/.test(line))).toEqual([]);
    },
  );

  test("a cluster that is there and silent stops it: what runs in it has to be taken down in order", async () => {
    const world = scripted(live(), silent(new ClusterSilent("10.0.0.1: connect ETIMEDOUT")));
    expect(await main(["destroy", "s1", "--yes"], world)).toBe(1);
    expect(world.texts.err).toContain("it does not answer: 10.0.0.1: connect ETIMEDOUT");
    const stale = scripted(live(), silent(new ClusterSilent("token: Token has expired and refresh failed")));
    await main(["destroy", "s1", "--yes"], stale);
    expect(stale.texts.err).toContain("renew it: aws sso login");
    const fault = scripted(live(), silent(new Error("a fault of ours")));
    await expect(main(["destroy", "s1", "--yes"], fault)).rejects.toThrow("a fault of ours");
  });

  test("a protected cluster stops it: the rest would go, and the cluster with all its costs would stay", async () => {
    for (const over of [{ protect: true }, { inputs: { deletionProtection: true } }]) {
      const cluster = resource("aws:eks/cluster:Cluster", "cmb-cluster-eks", over);
      const world = scripted({ "pulumi stack export": exported([onAmazon, cluster]) });
      expect(await main(["destroy", "s1", "--yes"], world)).toBe(1);
      expect(world.texts.err).toContain("--path cmbcluster:protect.cluster false && npm run up -- s1");
    }
  });

  test("a stack that never came to its outputs, one without a cluster, and an empty one", async () => {
    const half = scripted(live({ "pulumi stack output kubeconfig": { code: 1 } }));
    expect(await main(["destroy", "s1", "--yes"], half)).toBe(0);
    expect(half.texts.err).toContain("its first run never came to its end");
    const kept = amazonStack.filter(({ protect, custom }) => protect || !custom);
    const again = scripted(live({ "pulumi stack export": states(kept, kept) }));
    expect(await main(["destroy", "s1", "--yes"], again)).toBe(0);
    expect(again.texts.err).toContain("destroying s1 ends 0 resources; its cluster is gone already");
    const empty = scripted({ "pulumi stack export": exported([]) });
    expect(await main(["destroy", "s1", "--yes"], empty)).toBe(0);
    expect(empty.texts.err).toContain("nothing that a destroy could end");
  });

  test("one that stops half-way says so, lists what is left, and ends with 1", async () => {
    const world = scripted(live({ "pulumi destroy": { code: 1, stderr: "DependencyViolation" } }), lists([]));
    expect(await main(["destroy", "s1", "--yes", "--json"], world)).toBe(1);
    const document = JSON.parse(world.texts.out) as DestroyDocument;
    expect([document.result, document.occupants?.environments]).toEqual(["failed", 0]);
    expect(document.error).toContain("the same command goes on from there");
    const stale = scripted(
      live({ "pulumi destroy": { code: 1, stderr: "api error ExpiredToken: x" } }),
      lists([]),
    );
    await main(["destroy", "s1", "--yes"], stale);
    expect(stale.texts.err).toContain("your log-in ran out on the way (ExpiredToken): aws sso login");
  });

  test("--json tells in one document what was done, or that nobody agreed", async () => {
    const world = scripted(live(), lists([pod("a", "ada")]));
    await main(["destroy", "s1", "--yes", "--json"], world);
    const document = JSON.parse(world.texts.out) as DestroyDocument;
    expect([document.result, document.occupants?.users, document.kept?.things.length]).toEqual([
      "destroyed",
      1,
      3,
    ]);
    const declined = scripted(live(), lists([]));
    await main(["destroy", "s1", "--json"], declined);
    expect(JSON.parse(declined.texts.out)).toEqual({ stack: "s1", result: "declined" });
  });
});
