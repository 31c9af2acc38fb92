import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { previewDocument } from "../report/document";
import type { Difference } from "./document";
import { program, scratchRepository } from "./fixtures/scratch";
import { differenceMarkdown } from "./render/markdown";

// What a cloud makes of such a change is not shown here: which changes replace is read from the providers' sources.
jest.setTimeout(120_000);

const scratch = scratchRepository();
afterAll(() => scratch.remove());

const { run } = scratch;

/** Changes the program, and asks in all three forms. */
async function changed(change: (source: string) => string) {
  const source = change(program);
  expect(source).not.toBe(program);
  scratch.write({ "index.ts": source });
  const json = await run("--against", "HEAD", "--json");
  expect([json.code, json.err]).toEqual([0, ""]);
  const difference = previewDocument.parse(JSON.parse(json.out)).differences![0] as Difference;
  const { out: text } = await run("--against", "HEAD");
  return { difference, changes: difference.changes!, text, markdown: differenceMarkdown([difference]) };
}

const summaryOf = ({ changes }: Difference) =>
  changes!.resources.map(({ action, name, properties }) => [
    action,
    name,
    ...properties.map(({ path, before, after, replaces }) => [path, before, after, replaces]),
  ]);

test("[P8] renaming a bucket is its replacement, and that of what is set on it; the objects are lost", async () => {
  const { difference, changes, text, markdown } = await changed((source) =>
    source.replace("acme-data", "acme-records"),
  );
  expect(summaryOf(difference)).toEqual([
    ["replace", "store-data", ["bucket", "acme-data", "acme-records", "yes"]],
    ["replace", "store-versioning", ["bucket", "from store-data", "from its replacement", "yes"]],
  ]);
  expect(changes.counts).toEqual({ replace: 2 });
  expect(changes.data.lostNow).toMatchObject([{ name: "store-data", holds: "objects", kept: "no" }]);
  expect(text).toContain("dev against HEAD");
  expect(text).toContain("2 to replace");
  expect(text).toContain('bucket: "acme-data" → "acme-records" (replaces)');
  expect(text).toMatch(/This change loses data \(1\)\n {4}! store-data: objects/);
  expect(markdown).toContain("**⚠️ This change loses data (1)**");
  expect(markdown).toContain('bucket: "acme-data" → "acme-records" (replaces)');
});

test("[P8] a port opened to the internet is a way in, on either cloud, before all else", async () => {
  const { changes, text, markdown } = await changed((source) =>
    source
      .replace(
        'fromPort: 443, toPort: 443, cidrIpv4: "10.0.0.0/8"',
        'fromPort: 22, toPort: 22, cidrIpv4: "0.0.0.0/0"',
      )
      .replace('sourceRanges: ["10.0.0.0/8"]', 'sourceRanges: ["0.0.0.0/0"]'),
  );
  expect(changes.exposure.gained.map(({ what, internet }) => [what, internet])).toEqual([
    ["security group acme-nodes, tcp 22", true],
    ["firewall acme-web, tcp 443", true],
  ]);
  expect(changes.exposure.lost).toEqual([]);
  expect(changes.counts).toEqual({ update: 1, "maybe-replace": 1 });
  expect(text).toMatch(
    /Newly reachable \(2\)\n {4}\+ security group acme-nodes, tcp 22: anyone on the internet/,
  );
  expect(markdown.indexOf("Newly reachable")).toBeLessThan(markdown.indexOf("<details>"));
});

test("[P8] a widened grant names the identity and the new right alone, on either cloud", async () => {
  const { changes, text, markdown } = await changed((source) =>
    source
      .replace('Action: ["s3:GetObject"]', 'Action: ["s3:GetObject", "s3:DeleteObject"]')
      .replace("roles/storage.objectViewer", "roles/storage.objectAdmin"),
  );
  expect(changes.grants.gained).toMatchObject([
    { actions: ["s3:DeleteObject"], resources: ["arn:aws:s3:::acme-data/*"] },
    { who: "backend@acme.iam.gserviceaccount.com", actions: ["roles/storage.objectAdmin"] },
  ]);
  expect(changes.grants.lost).toMatchObject([{ actions: ["roles/storage.objectViewer"] }]);
  expect(changes.resources.map(({ action, name }) => [action, name])).toEqual([
    ["update", "backend-policy"],
    ["replace", "backend-copies"],
  ]);
  expect(text).toContain('policy.Statement[Sid=Read].Action[]: + "s3:DeleteObject"');
  expect(text).toMatch(/Rights gained \(2\)\n.* may s3:DeleteObject on arn:aws:s3:::acme-data/);
  expect(markdown).toContain("**⚠️ Rights gained (2)**");
});

test("[P8] a doubled pool is an update in place, property by property, on either cloud", async () => {
  const { difference, changes, text } = await changed((source) =>
    source.replace("maxSize: 3", "maxSize: 6").replace("maxNodeCount: 3", "maxNodeCount: 6"),
  );
  expect(summaryOf(difference)).toEqual([
    ["update", "users", ["scalingConfig.maxSize", 3, 6, "no"]],
    ["update", "gke-users", ["autoscaling.maxNodeCount", 3, 6, "no"]],
  ]);
  expect(changes.grants).toEqual({ gained: [], lost: [] });
  expect(changes.exposure).toEqual({ gained: [], lost: [], changed: [] });
  expect(text).toContain("scalingConfig.maxSize: 3 → 6\n");
});

test("[P8] a moved component without an alias is a deletion and a creation, with the alias that would keep it", async () => {
  const { changes, text, markdown } = await changed((source) =>
    source
      .replace('new Store("store")', 'new Store("store", { parent: new Outer("outer") })')
      .replace(
        "class Store",
        'class Outer extends pulumi.ComponentResource {\n constructor(name: string) { super("cmb:aws:CmbCluster", name); }\n}\nclass Store',
      ),
  );
  expect(changes.counts).toEqual({ create: 3, delete: 3 });
  const hints = changes.resources.flatMap(({ name, hint }) => (hint ? [[name, hint]] : []));
  expect(hints).toEqual([
    ["store", expect.stringContaining("aliases: [{ parent: pulumi.rootStackResource }] would keep it")],
  ]);
  expect(changes.data.lostNow.map(({ name }) => name)).toEqual(["store-data", "store-copies"]);
  expect(text).toContain("3 to create, 3 to delete");
  // What it is called comes before all that follows from it, in the open; components are no creations of a provider.
  expect(text).toMatch(
    /\n\n {2}Moved without an alias: deleted and made anew \(1\)\n {4}! cmb:aws:Buckets store looks/,
  );
  expect(text.indexOf("Moved without")).toBeLessThan(text.indexOf("This change loses data"));
  expect(text).toContain("  Created (3)\n");
  expect(markdown).toContain("looks like store moved without an alias");
  expect(markdown.indexOf("looks like store moved")).toBeLessThan(markdown.indexOf("<details>"));
});

test("[P8] the same move with an alias deletes nothing: the children follow", async () => {
  const { changes, text } = await changed((source) =>
    source
      .replace(
        'new Store("store")',
        'new Store("store", { parent: new Outer("outer"), aliases: [{ parent: pulumi.rootStackResource }] })',
      )
      .replace(
        "class Store",
        'class Outer extends pulumi.ComponentResource {\n constructor(name: string) { super("cmb:aws:CmbCluster", name); }\n}\nclass Store',
      ),
  );
  expect(changes.counts).toEqual({ move: 3 });
  expect(changes.data).toEqual({ lostNow: [], newlyLost: [], newlyKept: [] });
  expect(text).toContain("3 moved by an alias");
  expect(text).not.toContain("Deleted");
});

test("what was laid out for the comparison is gone afterwards", () => {
  expect(scratch.git("worktree", "list").trim().split("\n")).toHaveLength(1);
  const folder = join(scratch.root, ".cache/against");
  expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([]);
});
