import { addShipped, setSecret } from "../shipped";
import { begin, changes, errorsOf, livingIn, type Shipped, type StackLife } from "./stack-life";

/** What each cloud calls the things that the move is told by. */
const CLOUDS = {
  "gcp-dev": {
    kinds: "gcp:",
    key: ["gcp:secretmanager/secretVersion:SecretVersion", "secretData"],
    cluster: "gcp:container/cluster:Cluster",
    bucket: "gcp:storage/bucket:Bucket",
    database: "cmb-physics-cmb-dev-db",
  },
  "aws-dev": {
    kinds: "aws:",
    key: ["aws:secretsmanager/secretVersion:SecretVersion", "secretString"],
    cluster: "aws:eks/cluster:Cluster",
    bucket: "aws:s3/bucket:Bucket",
    database: "cmb-dev-db-111122223333",
  },
} as const;

const WAYS: readonly (readonly [Shipped, Shipped])[] = [
  ["gcp-dev", "aws-dev"],
  ["aws-dev", "gcp-dev"],
];

/**
 * The supported way from one cloud to the other, as docs/state.md tells it: a second stack beside the first, its file
 * key, the domain, the end of the first. Clusters are records here. Copying what is in the buckets is the work of the
 * clouds' own tools, and is not simulated.
 */
describe.each(WAYS)("from %s to %s", (from, to) => {
  let old: StackLife;
  let next: StackLife;
  beforeAll(async () => {
    old = await begin(from, { clusters: false, instant: true }, IMAGES);
    expect(errorsOf(await old.up())).toBe("");
  });
  afterAll(() => old.close());

  test("[P7] a second stack comes up beside the first, which stays as it was", async () => {
    await addShipped(old.lab, to, IMAGES);
    const [key] = await fileKeys(from);
    await setSecret(old.lab, "cmbcluster:fileEncryptionKey", key!);
    next = livingIn(old.lab, to);
    const before = await idsOf(CLOUDS[from].kinds);
    expect(errorsOf(await next.up())).toBe("");
    expect(await idsOf(CLOUDS[from].kinds)).toEqual(before);
  });

  test("[P7] it encrypts users' files with the same key, so earlier uploads can be read", async () => {
    const first = await fileKeys(from);
    expect(first).toHaveLength(1);
    expect(await fileKeys(to)).toEqual(first);
  });

  test("[P7] the domain's new name servers are told", async () => {
    const servers = (await next.outputs())["nameServers"] as string[];
    expect(servers.length).toBeGreaterThan(1);
    expect((await old.outputs())["nameServers"]).not.toEqual(servers);
  });

  test("[P7] the first stack is retired, keeps its data, and the second notices nothing", async () => {
    const { code, err, out } = await old.npmRun("destroy", from, "--yes");
    expect([code, code === 0 ? "" : err]).toEqual([0, ""]);
    expect(out).toContain(CLOUDS[from].database);
    expect(await old.lab.cloud.list(CLOUDS[from].cluster)).toEqual([]);
    expect(await old.lab.cloud.list(CLOUDS[from].bucket)).not.toEqual([]);
    const again = await next.up();
    expect(errorsOf(again)).toBe("");
    expect(changes(again)).toEqual({});
  });

  async function fileKeys(stack: Shipped): Promise<string[]> {
    const [kind, property] = CLOUDS[stack].key;
    const versions = await old.lab.cloud.list(kind);
    return versions.map(({ object }) => object.properties[property] as string);
  }

  async function idsOf(cloud: string): Promise<string[]> {
    const things = await old.lab.cloud.list();
    return things.flatMap(({ object }) => (object.kind.startsWith(cloud) ? [object.id] : [])).sort();
  }
});

const IMAGES = { "cmbcluster:images": { tag: "1.0.0" } };
