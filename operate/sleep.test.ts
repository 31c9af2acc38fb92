import { join } from "node:path";
import { previewStack, type Recording } from "../preview/engine";
import { onAmazon, onGoogle, exported, resource } from "./fixtures/stack";
import { type Answer, scripted } from "./fixtures/world";
import { ClusterSilent, type KubernetesObject } from "./kubernetes";
import type { ResourceState } from "./plan";
import { type PlanOffline, sleepCommand, type SleepDocument, wakeCommand } from "./sleep";
import type { World } from "./world";

jest.setTimeout(120_000);
const root = join(__dirname, "..");

/** The shipped stacks, planned awake and asleep, once. */
const plans = new Map<string, Recording>();
const schedule = { timezone: "Europe/Berlin", sleep: "20:00", wake: "07:00" };
beforeAll(async () => {
  for (const stack of ["aws-dev", "gcp-dev"]) {
    for (const now of [true, false]) {
      const overrides = { "cmbcluster:sleep.now": now, "cmbcluster:sleep.schedule": schedule };
      plans.set(`${stack} ${now}`, await previewStack({ root, stack, overrides }));
    }
  }
});
const plan: PlanOffline = ({ overrides, stack }) =>
  Promise.resolve(plans.get(`${stack} ${overrides!["cmbcluster:sleep.now"] === true}`)!);

/** The state of a stack that runs as its plan says. */
function running(stack: "aws-dev" | "gcp-dev"): ResourceState[] {
  const pools = plans
    .get(`${stack} false`)!
    .resources.filter(({ type }) => /nodeGroup:NodeGroup$|nodePool:NodePool$/.test(type))
    .map(({ type, name, inputs }) => resource(type, name, { inputs }));
  return stack === "aws-dev"
    ? [onAmazon, resource("aws:eks/cluster:Cluster", "eks", { inputs: { name: "cmb-dev" } }), ...pools]
    : [
        onGoogle,
        resource("gcp:container/cluster:Cluster", "gke", {
          inputs: { name: "cmb-dev", location: "europe-west4-a" },
        }),
        ...pools,
      ];
}

const pod = (name: string) => ({
  metadata: { name, labels: { "user-id": name } },
  status: { phase: "Running" },
});
const lists = (...pods: object[]): Pick<World, "listThrough"> => ({
  listThrough: () => (path) =>
    Promise.resolve((path.includes("/pods") ? pods : []) as unknown as KubernetesObject[]),
});

function world(
  stack: "aws-dev" | "gcp-dev",
  over: Record<string, Answer> = {},
  more: Partial<World> = lists(),
) {
  const usual: Record<string, Answer> = {
    "pulumi stack export": exported(running(stack)),
    "pulumi stack output kubeconfig": { stdout: "{}" },
    "pulumi config": {},
    "aws eks describe-nodegroup": { stdout: "0\n" },
    "aws eks": {},
    "gcloud container clusters": {},
  };
  // The first line of a script that fits is the answer.
  const answers = {
    ...over,
    ...Object.fromEntries(Object.entries(usual).filter(([words]) => !(words in over))),
  };
  return scripted(answers, { root, ...more });
}
const linesOf = ({ calls }: ReturnType<typeof world>, program: RegExp) =>
  calls.map(({ line }) => line).filter((line) => program.test(line));
const config = (lab: ReturnType<typeof world>) =>
  linesOf(lab, /^pulumi config/).map((line) => line.replace(/ --stack .*/, ""));

describe("[O11] npm run sleep", () => {
  test("on Amazon all groups go to zero, users first, and then the stack file says so", async () => {
    const lab = world("aws-dev");
    expect(await sleepCommand(["aws-dev", "--yes"], lab, plan)).toBe(0);
    const updates = linesOf(lab, /update-nodegroup-config/);
    expect(updates.map((line) => /--nodegroup-name (\S+) /.exec(line)![1])).toEqual([
      "users-m6a-xlarge",
      "system-us-east-1a-t3a-large-spot",
      "system-us-east-1b-t3a-large-spot",
      "system-us-east-1c-t3a-large-spot",
    ]);
    expect(updates[0]).toContain("--scaling-config minSize=0,maxSize=5,desiredSize=0");
    expect(config(lab)).toEqual(["pulumi config set --path cmbcluster:sleep.now true"]);
    expect(lab.calls.at(-1)!.line).toContain("pulumi config set");
  });

  test("what an autoscaler brought back meanwhile is emptied once more, and told when it comes again", async () => {
    let asked = 0;
    const lab = world("aws-dev", {
      // The first system group, once.
      "aws eks describe-nodegroup": () => ({ stdout: ++asked === 2 ? "1" : "0" }),
    });
    expect(await sleepCommand(["aws-dev", "--yes"], lab, plan)).toBe(0);
    expect(linesOf(lab, /update-nodegroup-config/)).toHaveLength(5);
    const stubborn = world("aws-dev", { "aws eks describe-nodegroup": { stdout: "1" } });
    await expect(sleepCommand(["aws-dev", "--yes"], stubborn, plan)).rejects.toThrow("brings nodes back");
    expect(config(stubborn)).toEqual([]);
  });

  test("on Google the pools are taken from the autoscaler, both, before either is emptied", async () => {
    const lab = world("gcp-dev");
    expect(await sleepCommand(["gcp-dev", "--yes"], lab, plan)).toBe(0);
    const where = "--location europe-west4-a --project science-1 --quiet";
    expect(linesOf(lab, /^gcloud/)).toEqual([
      `gcloud container clusters update cmb-dev --no-enable-autoscaling --node-pool users ${where}`,
      `gcloud container clusters update cmb-dev --no-enable-autoscaling --node-pool system-spot ${where}`,
      `gcloud container clusters resize cmb-dev --node-pool users --num-nodes 0 ${where}`,
      `gcloud container clusters resize cmb-dev --node-pool system-spot --num-nodes 0 ${where}`,
    ]);
  });

  test("it says what stays, what that costs, what is saved and how long waking takes", async () => {
    const lab = world("aws-dev");
    await sleepCommand(["aws-dev", "--yes"], lab, plan);
    expect(lab.texts.err).toContain("73.00  EKS control plane (control plane)");
    expect(lab.texts.err).toContain(
      "asleep 103.33, awake 123.85: saves 20.52 a month; its schedule saves 12.58",
    );
    expect(lab.texts.err).toContain("npm run wake -- aws-dev takes about 6 minutes");
    expect(lab.texts.err).not.toContain("spot nodes");
  });

  test("while environments run nothing is touched, until their end is asked for", async () => {
    const lab = world("aws-dev", {}, lists(pod("a"), pod("b")));
    await expect(sleepCommand(["aws-dev", "--yes"], lab, plan)).rejects.toThrow(
      "--end-environments ends them",
    );
    expect(lab.texts.err).toContain("2 user environments of 2 people run there");
    expect(linesOf(lab, /^aws|^pulumi config/)).toEqual([]);
    expect(await sleepCommand(["aws-dev", "--yes", "--end-environments"], lab, plan)).toBe(0);
  });

  test("a cluster that does not answer counts as one where people work; a log-in that ran out is named", async () => {
    const silent = (message: string) => ({
      listThrough: () => () => Promise.reject(new ClusterSilent(message)),
    });
    const lab = world("aws-dev", {}, silent("no answer"));
    await expect(sleepCommand(["aws-dev", "--yes"], lab, plan)).rejects.toThrow("all the same");
    expect(linesOf(lab, /^aws|^pulumi config/)).toEqual([]);
    expect(await sleepCommand(["aws-dev", "--yes", "--end-environments"], lab, plan)).toBe(0);
    const stale = world("aws-dev", {}, silent("ExpiredTokenException"));
    await expect(sleepCommand(["aws-dev", "--yes"], stale, plan)).rejects.toThrow("your log-in");
    const broken = world(
      "aws-dev",
      {},
      {
        listThrough: () => () => Promise.reject(new Error("a fault of ours")),
      },
    );
    await expect(sleepCommand(["aws-dev", "--yes"], broken, plan)).rejects.toThrow("a fault of ours");
    const early = world("aws-dev", { "pulumi stack output": { code: 255 } });
    await expect(sleepCommand(["aws-dev", "--yes"], early, plan)).rejects.toThrow("all the same");
  });

  test("nobody who can be asked and no --yes: nothing is touched", async () => {
    const lab = world("gcp-dev");
    expect(await sleepCommand(["gcp-dev", "--json"], lab, plan)).toBe(1);
    expect(linesOf(lab, /^gcloud|^pulumi config/)).toEqual([]);
    expect((JSON.parse(lab.texts.out) as SleepDocument).result).toBe("declined");
    const shown = world("gcp-dev");
    expect(await sleepCommand(["gcp-dev"], shown, plan)).toBe(1);
    expect(shown.texts.out).toBe("");
  });

  test("--json is one document with sizes and sums", async () => {
    const lab = world("gcp-dev");
    await sleepCommand(["gcp-dev", "--yes", "--json"], lab, plan);
    const document = JSON.parse(lab.texts.out) as SleepDocument;
    expect(document).toMatchObject({
      stack: "gcp-dev",
      result: "asleep",
      pools: [
        { role: "users", name: "users", min: 0, max: 5 },
        { role: "system", name: "system-spot", min: 1, max: 3 },
      ],
    });
    expect(document.cost!.saving).toBeCloseTo(document.cost!.awake - document.cost!.asleep, 6);
  });
});

describe("[O11] npm run wake", () => {
  test("on Amazon every group gets its own sizes back, the platform first, and keeps what it has beyond them", async () => {
    const lab = world("aws-dev", {
      "aws eks describe-nodegroup": (args) => ({ stdout: args.join(" ").includes("users") ? "3" : "0" }),
    });
    expect(await wakeCommand(["aws-dev"], lab, plan)).toBe(0);
    const scaling = linesOf(lab, /update-nodegroup-config/).map((line) =>
      /--nodegroup-name (\w+).* --scaling-config (\S+)/.exec(line)!.slice(1).join(" "),
    );
    expect(scaling).toEqual([
      "system minSize=1,maxSize=1,desiredSize=1",
      "system minSize=0,maxSize=1,desiredSize=0",
      "system minSize=0,maxSize=1,desiredSize=0",
      "users minSize=0,maxSize=5,desiredSize=3",
    ]);
    expect(config(lab)).toEqual(["pulumi config rm --path cmbcluster:sleep.now"]);
    expect(lab.texts.err).toContain("about 6 minutes");
    expect(lab.texts.out).toBe("aws-dev is awake\n");
  });

  test("on Google the autoscaler gets the pools back with their bounds, and no size is set", async () => {
    const lab = world("gcp-dev");
    expect(await wakeCommand(["gcp-dev", "--json"], lab, plan)).toBe(0);
    const lines = linesOf(lab, /^gcloud/);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain(
      "--enable-autoscaling --node-pool system-spot --total-min-nodes 1 --total-max-nodes 3 --location-policy BALANCED",
    );
    expect(lines[1]).toContain(
      "--node-pool users --total-min-nodes 0 --total-max-nodes 5 --location-policy ANY",
    );
    expect(lines.join()).not.toContain("resize");
  });

  test("a stack whose state has it asleep wakes with the sizes of its configuration", async () => {
    const asleep = running("gcp-dev").map((one) =>
      one.type.endsWith(":NodePool") ? { ...one, inputs: { name: one.inputs!["name"], nodeCount: 0 } } : one,
    );
    const lab = world("gcp-dev", { "pulumi stack export": exported(asleep) });
    expect(await wakeCommand(["gcp-dev"], lab, plan)).toBe(0);
    expect(linesOf(lab, /^gcloud/)[0]).toContain("--total-min-nodes 1 --total-max-nodes 3");
  });

  test("a word that was never in the stack file is no fault when it is taken back", async () => {
    const lab = world("gcp-dev", { "pulumi config rm": { code: 255, stderr: "not found" } });
    expect(await wakeCommand(["gcp-dev"], lab, plan)).toBe(0);
  });
});

describe("what stops either", () => {
  const refusals: [string, Record<string, Answer>, string][] = [
    ["no cluster", { "pulumi stack export": exported([onAmazon]) }, "has no cluster"],
    ["no place", { "pulumi stack export": exported([]) }, "has no cluster"],
    [
      "a stale log-in",
      { "aws eks": { code: 254, stderr: "ExpiredTokenException" } },
      "then the same command",
    ],
    ["a refusal", { "aws eks": { code: 254, stderr: "ResourceInUseException" } }, "goes on from there"],
    ["no tool", { "aws eks": { code: 127 } }, "there is no aws on PATH"],
    ["no way to the stack file", { "pulumi config set": { code: 255, stderr: "read-only" } }, "read-only"],
  ];
  test.each(refusals)("%s", async (_, answers, words) => {
    await expect(sleepCommand(["aws-dev", "--yes"], world("aws-dev", answers), plan)).rejects.toThrow(words);
  });

  test("pools that the configuration asks for and no run has made", async () => {
    const state = running("aws-dev").filter(({ urn }) => !urn.includes("users"));
    const lab = scripted({ "pulumi stack export": exported(state) }, { root });
    await expect(sleepCommand(["aws-dev", "--yes"], lab, plan)).rejects.toThrow(
      "pools that are not there (users-m6a-xlarge)",
    );
  });

  test("a configuration that cannot be planned", async () => {
    const lab = world("aws-dev");
    const refused = () => Promise.resolve({ exit: "refused", error: "CMB-C001" } as Recording);
    await expect(sleepCommand(["aws-dev", "--yes"], lab, refused)).rejects.toThrow("CMB-C001");
  });
});
