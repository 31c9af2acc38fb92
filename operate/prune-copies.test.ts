import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { onAmazon, onGoogle, exported, urn } from "./fixtures/stack";
import { type Answer, scripted } from "./fixtures/world";
import { main } from "./main";
import type { PruneDocument } from "./prune-copies";

const hash = (letter: string) => letter.repeat(64);
/** `scripted` worlds begin at 2027-01-15T08:00:00Z. */
const day = (ago: number) => new Date((1_800_000_000 - ago * 86_400) * 1000).toISOString();

type Row = readonly [name: string, bytes: number, daysAgo: number];
const content: readonly Row[] = [
  ["epochs/0000000001/db/0009/0000000000000001-0000000000000001.ltx", 4_000_000_000, 40],
  ["epochs/0000000001/manifests/0000000001", 100, 40],
  ["epochs/0000000002/db/0009/0000000000000001-0000000000000001.ltx", 5_000, 20],
  ["epochs/0000000002/manifests/0000000001", 100, 20],
  ["epochs/0000000003/db/0009/0000000000000001-0000000000000001.ltx", 5_000, 3],
  ["epochs/0000000003/manifests/0000000001", 100, 0],
  ["beats/0000000001/0000000007", 50, 38],
  ["beats/0000000001/0000000008", 50, 2],
  ["beats/0000000002/0000000001", 50, 20],
  [`files/${hash("a")}`, 3000, 40],
  [`files/${hash("b")}`, 3000, 40],
  [`files/${hash("c")}`, 3000, 40],
];
const lists: Readonly<Record<string, string>> = {
  "epochs/0000000002/manifests/": JSON.stringify({ "x.png": { sha256: hash("a") } }),
  "epochs/0000000003/manifests/": JSON.stringify({ "y.png": { sha256: hash("b") } }),
};
const gone = [
  "beats/0000000001/0000000007",
  "epochs/0000000001/db/0009/0000000000000001-0000000000000001.ltx",
  "epochs/0000000001/manifests/0000000001",
  `files/${hash("c")}`,
];

const buckets = (cloud: "aws" | "gcp", versionsDays: unknown = 7) => ({
  urn: urn(`cmb:${cloud}:Buckets`, "cmb-buckets"),
  type: `cmb:${cloud}:Buckets`,
  inputs: { versionsDays },
});

/** The clouds' tools on a bucket: what is deleted is no longer listed. */
function bucket(rows = content) {
  const deleted: string[] = [];
  const there = (prefix: string) =>
    rows.filter(([name]) => name.startsWith(prefix) && !deleted.includes(name));
  const read = (prefix: string, folder: string) => {
    writeFileSync(join(folder, "0000000001"), lists[prefix]!);
    return {};
  };
  const option = (args: readonly string[], name: string) => args[args.indexOf(name) + 1]!;
  const amazon: Record<string, Answer> = {
    "aws s3api list-objects-v2": (args) => {
      const found = there(option(args, "--prefix")).map(([name, bytes, ago]) => [name, bytes, day(ago)]);
      return { stdout: found.length > 0 ? JSON.stringify(found) : "null" };
    },
    "aws s3 cp": (args) => read(args[2]!.slice("s3://cmb-dev-db-123456789012/".length), args[3]!),
    "aws s3api delete-objects": (args) => {
      const { Objects, Quiet } = JSON.parse(option(args, "--delete")) as {
        Objects: { Key: string }[];
        Quiet: boolean;
      };
      expect(Quiet).toBe(true);
      deleted.push(...Objects.map(({ Key }) => Key));
      return { stdout: "" };
    },
  };
  const google: Record<string, Answer> = {
    "gcloud storage objects list": (args) => {
      const prefix = args[3]!.slice("gs://science-1-cmb-dev-db/".length, -"**".length);
      const live = there(prefix).map(([name, size, ago]) => ({ name, size, creation_time: day(ago) }));
      // Earlier versions are in the answer too.
      const earlier = { name: `${prefix}earlier`, size: 1, creation_time: day(90), noncurrent_time: day(80) };
      return { stdout: JSON.stringify([...live, earlier]) };
    },
    "gcloud storage cp": (args) => read(args[2]!.slice("gs://science-1-cmb-dev-db/".length, -1), args[3]!),
    "gcloud storage rm": (args) => {
      expect(args.slice(0, 3)).toEqual(["storage", "rm", "--quiet"]);
      deleted.push(...args.slice(3).map((url) => url.slice("gs://science-1-cmb-dev-db/".length)));
      return {};
    },
  };
  return { deleted, amazon, google };
}

const onCloud = {
  aws: { "pulumi stack export": exported([onAmazon, buckets("aws")]) },
  gcp: { "pulumi stack export": exported([onGoogle, buckets("gcp")]) },
};

describe("[S5] npm run prune-copies", () => {
  test.each(["aws", "gcp"] as const)(
    "%s: lists what no recovery needs with its size and price, and deletes nothing without --yes",
    async (cloud) => {
      const { amazon, deleted, google } = bucket();
      const world = scripted({ ...onCloud[cloud], ...(cloud === "aws" ? amazon : google) });
      expect(await main(["prune-copies", "s1"], world)).toBe(0);
      expect(deleted).toEqual([]);
      const { out } = world.texts;
      expect(out).toContain("every state of the last 7 days can be restored from 2 epochs, 2 to 3, 11 kB\n");
      expect(out).toMatch(/no longer needed: 4\.0 GB, 0\.\d\d US\$ a month at list prices, of epoch 1\n/);
      expect(out).toContain("       2 objects      4.0 GB  copies of the database, and lists of files\n");
      expect(out).toContain("       1 objects        1 kB  signs of life\n");
      expect(out).toContain("       1 objects        3 kB  uploads that no kept list names\n");
      expect(out).toContain("nothing was deleted: say --yes\n");
      expect(world.calls.map(({ line }) => line).join()).not.toMatch(/ rm |delete-objects/);
    },
  );

  test.each(["aws", "gcp"] as const)("%s: with --yes these go, and no other", async (cloud) => {
    const { amazon, deleted, google } = bucket();
    const world = scripted({ ...onCloud[cloud], ...(cloud === "aws" ? amazon : google) });
    expect(await main(["prune-copies", "s1", "--yes", "--json"], world)).toBe(0);
    expect(deleted).toEqual(gone);
    const document = JSON.parse(world.texts.out) as PruneDocument;
    expect(document).toMatchObject({ days: 7, keptEpochs: [2, 3], oldEpochs: [1], deleted: true });
    // As earlier versions they stay: no call names a version, or all of them.
    expect(world.calls.map(({ line }) => line).join("\n")).not.toMatch(/version|recursive gs|--all/i);
    // A second run finds nothing.
    const again = scripted({ ...onCloud[cloud], ...(cloud === "aws" ? amazon : google) });
    expect(await main(["prune-copies", "s1", "--yes"], again)).toBe(0);
    expect(again.texts.out).toContain("nothing is older than that\n");
    expect(deleted).toEqual(gone);
  });

  test("five hundred names are deleted by one call", async () => {
    const beats = Array.from({ length: 1100 }, (_, n): Row => [
      `beats/0000000001/${String(n).padStart(10, "0")}`,
      1,
      30,
    ]);
    const { amazon, deleted } = bucket([...content.slice(0, 6), ...beats, ...content.slice(9)]);
    const world = scripted({ ...onCloud.aws, ...amazon });
    expect(await main(["prune-copies", "s1", "--yes"], world)).toBe(0);
    expect(deleted).toHaveLength(1103);
    expect(world.calls.filter(({ line }) => line.includes("delete-objects"))).toHaveLength(3);
    // What one word of a command line may have (Linux, MAX_ARG_STRLEN).
    for (const { line } of world.calls) expect(line.length).toBeLessThan(131_072);
  });

  const refused = async (answers: Record<string, Answer>, ...args: string[]) => {
    const world = scripted(answers);
    expect(await main(["prune-copies", "s1", ...args], world)).toBe(1);
    expect(world.texts.out).toBe("");
    expect(world.calls.map(({ line }) => line).join()).not.toMatch(/delete-objects/);
    return world.texts.err;
  };

  test("a kept list that names what is not there ends it before anything is deleted", async () => {
    const { amazon } = bucket(content.filter(([name]) => name !== `files/${hash("a")}`));
    const said = await refused({ ...onCloud.aws, ...amazon }, "--yes");
    expect(said).toContain(`such as files/${hash("a")}: bring their earlier versions back first`);
  });

  test("an empty bucket, a retention that nobody knows, a stack that is nowhere: refused", async () => {
    const { amazon } = bucket([]);
    expect(await refused({ ...onCloud.aws, ...amazon })).toContain("holds no copy of a database");
    const unknown = { "pulumi stack export": exported([onAmazon, buckets("aws", null)]) };
    expect(await refused({ ...unknown, ...amazon })).toContain("does not say how long copies are kept");
    expect(await refused({ "pulumi stack export": exported([]) })).toContain("has nothing in any cloud");
  });

  test("a tool that fails, is not there, or answers with what cannot be read ends it", async () => {
    const { amazon } = bucket();
    const list = (answer: Answer) => ({ ...onCloud.aws, ...amazon, "aws s3api list-objects-v2": answer });
    const denied = await refused(list({ code: 254, stderr: "\nAn error occurred (AccessDenied)" }), "--yes");
    expect(denied).toContain("aws s3api list-objects-v2 --bucket on s3://cmb-dev-db-123456789012: An error");
    expect(await refused(list({ code: 127 }), "--yes")).toContain("there is no aws on PATH");
    expect(await refused(list({ code: 2 }), "--yes")).toContain("ended with 2");
    expect(await refused(list({ stdout: '[["epochs/0000000001/db/x.ltx", 1, "soon"]]' }), "--yes")).toContain(
      'the time of epochs/0000000001/db/x.ltx is "soon"',
    );
    const expired = { code: 255, stderr: "The SSO session associated with this profile has expired" };
    expect(await refused(list(expired), "--yes")).toContain("aws sso login");
  });

  test("an object that could not be deleted is told", async () => {
    const { amazon } = bucket();
    const errors = { Errors: [{ Key: "files/x", Code: "AccessDenied" }] };
    const failing = { ...amazon, "aws s3api delete-objects": { stdout: JSON.stringify(errors) } };
    const world = scripted({ ...onCloud.aws, ...failing });
    expect(await main(["prune-copies", "s1", "--yes"], world)).toBe(1);
    expect(world.texts.err).toContain(
      "1 objects of s3://cmb-dev-db-123456789012 were not deleted, such as files/x: AccessDenied",
    );
  });

  test("what the backend came to need while it was deleted is told with its name", async () => {
    const { amazon } = bucket();
    const copy = amazon["aws s3 cp"] as (args: readonly string[]) => object;
    let reads = 0;
    const racing: Answer = (args) => {
      const answer = copy(args);
      // The third reading is the look afterwards.
      if (++reads === 3)
        writeFileSync(join(args[3]!, "0000000001"), JSON.stringify({ z: { sha256: hash("c") } }));
      return answer;
    };
    const world = scripted({ ...onCloud.aws, ...amazon, "aws s3 cp": racing });
    expect(await main(["prune-copies", "s1", "--yes"], world)).toBe(1);
    expect(world.texts.err).toContain(`bring the earlier version of files/${hash("c")} in s3://`);
  });
});
