import { addShipped, setSecret } from "../shipped";
import { begin, changes, errorsOf, livingIn, type StackLife } from "./stack-life";

/**
 * The supported way from one cloud to the other, as docs/state.md tells it: a second stack beside the first, its file
 * key, the domain, the end of the first. Clusters are records here. Copying what is in the buckets is the work of the
 * clouds' own tools, and is not simulated.
 */
describe("from Google to Amazon", () => {
  let old: StackLife;
  let next: StackLife;
  beforeAll(async () => {
    old = await begin("gcp-dev", { clusters: false, instant: true }, IMAGES);
    expect(errorsOf(await old.up())).toBe("");
  });
  afterAll(() => old.close());

  test("[P7] a second stack comes up beside the first, which stays as it was", async () => {
    await addShipped(old.lab, "aws-dev", IMAGES);
    const [key] = await old.lab.cloud.list("gcp:secretmanager/secretVersion:SecretVersion");
    await setSecret(old.lab, "cmbcluster:fileEncryptionKey", key!.object.properties["secretData"] as string);
    next = livingIn(old.lab, "aws-dev");
    const before = await idsOf("gcp:");
    expect(errorsOf(await next.up())).toBe("");
    expect(await idsOf("gcp:")).toEqual(before);
  });

  test("[P7] it encrypts users' files with the same key, so earlier uploads can be read", async () => {
    const kept = await old.lab.cloud.list("aws:secretsmanager/secretVersion:SecretVersion");
    const [first] = await old.lab.cloud.list("gcp:secretmanager/secretVersion:SecretVersion");
    expect(kept.map(({ object }) => object.properties["secretString"])).toEqual([
      first!.object.properties["secretData"],
    ]);
  });

  test("[P7] the domain's new name servers are told", async () => {
    const servers = (await next.outputs())["nameServers"] as string[];
    expect(servers.length).toBeGreaterThan(1);
    expect((await old.outputs())["nameServers"]).not.toEqual(servers);
  });

  test("[P7] the first stack is retired, keeps its data, and the second notices nothing", async () => {
    const { code, err, out } = await old.npmRun("destroy", "gcp-dev", "--yes");
    expect([code, code === 0 ? "" : err]).toEqual([0, ""]);
    expect(out).toContain("cmb-physics-cmb-dev-db");
    expect(await old.lab.cloud.list("gcp:container/cluster:Cluster")).toEqual([]);
    expect(await old.lab.cloud.list("gcp:storage/bucket:Bucket")).not.toEqual([]);
    const again = await next.up();
    expect(errorsOf(again)).toBe("");
    expect(changes(again)).toEqual({});
  });

  async function idsOf(cloud: string): Promise<string[]> {
    const things = await old.lab.cloud.list();
    return things.flatMap(({ object }) => (object.kind.startsWith(cloud) ? [object.id] : [])).sort();
  }
});

const IMAGES = { "cmbcluster:images": { tag: "1.0.0" } };
