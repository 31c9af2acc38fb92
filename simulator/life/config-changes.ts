import type { Stored } from "../engine/store";
import type { UpDocument } from "../../operate/up";
import { errorsOf, type Shipped, type StackLife } from "./stack-life";
import { PLACE, SUPPLIED } from "../supplied";

type Settings = Readonly<Record<string, unknown>>;

/** Changes that the cloud makes while everybody works on: applied together, as somebody edits a file. */
const IN_PLACE: Readonly<Record<Shipped, Settings>> = {
  "gcp-dev": {
    "cmbcluster:gcp": { nodes: { users: { max: 7, machineType: "e2-standard-8" }, system: { max: 4 } } },
  },
  "aws-dev": {
    "cmbcluster:aws": { nodes: { users: { max: 7 }, system: { max: 6 } } },
  },
};
const NEW_TAG = "1.1.0";
const IN_PLACE_ANYWHERE: Settings = {
  "cmbcluster:application": { adminEmails: ["ada@physics.edu", "emmy@physics.edu"] },
  "cmbcluster:images": { tag: NEW_TAG },
};

/** A change that would take away what people are at, or what holds data. */
interface Loss {
  readonly what: string;
  readonly settings: Settings;
  /** What puts the stack's file back. */
  readonly back: Settings;
  /** What the gate says: the property, what is lost, the way to do it on purpose. */
  readonly says: readonly RegExp[];
}

const MOVE = /to move: a second stack/;
const ON_PURPOSE = /on purpose: /;

const DOMAIN: Loss = {
  what: "another domain: the zone",
  settings: { "cmbcluster:domain": "other.physics.edu" },
  back: { "cmbcluster:domain": SUPPLIED.domain },
  says: [/other\.physics\.edu/, /loses the delegation of the domain/, ON_PURPOSE, /pulumi state unprotect/],
};

const LOSSES: Readonly<Record<Shipped, readonly Loss[]>> = {
  "gcp-dev": [
    DOMAIN,
    {
      what: "another zone: the cluster and the database's volume",
      settings: { "cmbcluster:gcp": { zones: ["europe-west4-b"] } },
      back: { "cmbcluster:gcp": { zones: ["europe-west4-a"] } },
      says: [/CMB-S002 {2}cmbcluster:gcp\.zones/, /the cluster would be made anew/, MOVE],
    },
    {
      what: "another place of the database's bucket",
      settings: { "cmbcluster:gcp": { databaseLocation: "EU" } },
      back: { "cmbcluster:gcp": { databaseLocation: "europe-west4" } },
      says: [/CMB-S002 {2}cmbcluster:gcp\.databaseLocation/, /copies would be deleted/, MOVE],
    },
    {
      what: "fewer pods on a node: the pool that user environments are on",
      settings: { "cmbcluster:gcp": { nodes: { users: { maxPods: 32 } } } },
      back: { "cmbcluster:gcp": { nodes: { users: { maxPods: undefined } } } },
      says: [/maxPodsPerNode changes: 64 → 32/, /a bare pod does not come back/, ON_PURPOSE],
    },
  ],
  "aws-dev": [
    DOMAIN,
    {
      what: "zones in another order: subnets, and the database's volume",
      settings: { "cmbcluster:aws": { zones: ["us-east-1b", "us-east-1a", "us-east-1c"] } },
      back: { "cmbcluster:aws": { zones: ["us-east-1a", "us-east-1b", "us-east-1c"] } },
      says: [/CMB-S002 {2}cmbcluster:aws\.zones/, /subnets would be made anew/, MOVE],
    },
    {
      what: "another range of the network: the cluster",
      settings: { "cmbcluster:aws": { network: { cidr: "10.4.0.0/16" } } },
      back: { "cmbcluster:aws": { network: { cidr: "10.0.0.0/16" } } },
      says: [/CMB-S002 {2}cmbcluster:aws\.network\.cidr/, /the VPC would be made anew/, MOVE],
    },
    {
      what: "another machine: the group that user environments are on",
      settings: { "cmbcluster:aws": { nodes: { users: { instanceType: "m6a.2xlarge" } } } },
      back: { "cmbcluster:aws": { nodes: { users: { instanceType: undefined } } } },
      says: [/instanceTypes\[0\] changes/, /a bare pod does not come back/, ON_PURPOSE],
    },
  ],
};

/** What a changed stack file does to a stack that runs: point 3.2. */
export function configChanges(lifeOf: () => StackLife): void {
  test("[O5] pool sizes, machines, an administrator and an image tag change in place, by exactly the judged plan", async () => {
    const life = lifeOf();
    const before = await there(life);
    await life.pushImages(NEW_TAG);
    life.configure({ ...IN_PLACE_ANYWHERE, ...IN_PLACE[life.stack] });
    const { code, out, err } = await life.npmRun("up", life.stack, "--yes", "--json");
    expect([code, code === 0 ? "" : err]).toEqual([0, ""]);
    const { summary, refused, result } = JSON.parse(out) as UpDocument;
    expect({ result, refused }).toEqual({ result: "applied", refused: [] });
    expect(Object.keys(summary).sort()).toEqual(["same", "update"]);
    expect(await there(life)).toEqual(before);
    const api = await life.api();
    const { namespace } = (await life.outputs()) as { namespace: string };
    const deployment = await api.get<{ spec: { template: { spec: { containers: { image: string }[] } } } }>(
      `/apis/apps/v1/namespaces/${namespace}/deployments/cmbcluster-backend`,
    );
    expect(deployment.spec.template.spec.containers[0]!.image).toMatch(new RegExp(`:${NEW_TAG}$`));
  });

  // One list for both clouds' names, so that a test's title is known before its cloud is.
  for (const index of [0, 1, 2, 3]) {
    const [google, amazon] = [LOSSES["gcp-dev"][index], LOSSES["aws-dev"][index]];
    const title = google!.what === amazon!.what ? google!.what : `${google!.what} / ${amazon!.what}`;
    test(`[O5] refused before anything is touched: ${title}`, async () => {
      const life = lifeOf();
      const loss = LOSSES[life.stack][index]!;
      const before = [await there(life), (await changing(life)).length];
      life.configure(loss.settings);
      const { code, out, err } = await life.npmRun("up", life.stack, "--yes");
      life.configure(loss.back);
      expect(code).toBe(1);
      for (const part of loss.says) expect(out + err).toMatch(part);
      expect([await there(life), (await changing(life)).length]).toEqual(before);
    });
  }
}

/** What even plain `pulumi up` does not do to a stack that runs: points 3.2 and P7. */
export function switches(lifeOf: () => StackLife): void {
  test("[O5] plain pulumi up stops in its preview as far as protection reaches: at the zone, before anything", async () => {
    const life = lifeOf();
    const before = [await there(life), (await changing(life)).length];
    life.configure(DOMAIN.settings);
    const result = await life.pulumi("up", "--yes");
    life.configure(DOMAIN.back);
    expect(result.code).not.toBe(0);
    expect(result.stdout + result.stderr).toMatch(/marked for protection/);
    expect([await there(life), (await changing(life)).length]).toEqual(before);
  });

  test("[P7] another cloud in the stack's file is refused before anything is registered, in every profile", async () => {
    const life = lifeOf();
    const [cloud, other] = life.stack === "gcp-dev" ? ["gcp", OTHER.aws] : ["aws", OTHER.gcp];
    const before = [await there(life), (await changing(life)).length];
    for (const profile of ["dev", "staging", "prod"]) {
      life.configure({ "cmbcluster:profile": profile, ...other });
      const plain = await life.pulumi("up", "--yes", "--refresh=false");
      expect(plain.code).not.toBe(0);
      expect(plain.stdout + plain.stderr).toContain("CMB-S001");
      expect(plain.stdout + plain.stderr).toMatch(MOVE);
      const registered = plain.events.filter(({ resourcePreEvent }) => resourcePreEvent !== undefined);
      expect(
        registered.filter((event) => !event.resourcePreEvent!.metadata.type.startsWith("pulumi:")),
      ).toEqual([]);
    }
    const gate = await life.npmRun("up", life.stack, "--yes");
    expect([gate.code, /CMB-S001/.test(gate.err)]).toEqual([1, true]);
    life.configure({ "cmbcluster:profile": "dev", "cmbcluster:cloud": cloud });
    expect([await there(life), (await changing(life)).length]).toEqual(before);
    expect(errorsOf(await life.pulumi("preview", "--expect-no-changes"))).toBe("");
  });
}

/** Settings of the cloud that a stack is not on, complete. */
const OTHER = {
  aws: { "cmbcluster:cloud": "aws", "cmbcluster:aws": PLACE.aws },
  gcp: { "cmbcluster:cloud": "gcp", "cmbcluster:gcp": PLACE.gcp },
} as const;

async function there(life: StackLife): Promise<string[]> {
  return (await life.lab.cloud.list()).filter(isThing).map(identity).sort();
}

/** Google's record of a finished operation is no thing that could be lost. */
function isThing({ object }: Stored): boolean {
  return object.kind !== "gcp:hidden/operation";
}

/** What tells a thing from one that was made anew in its place. */
function identity({ object }: Stored): string {
  return `${object.kind} ${object.id} ${object.createdAt}`;
}

async function changing(life: StackLife) {
  return (await life.lab.cloud.operations()).filter(({ kind }) => kind !== "read");
}
