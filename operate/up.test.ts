import { amazonStack, exported } from "./fixtures/stack";
import { recorded, scripted, type Answer } from "./fixtures/world";
import { main } from "./main";
import type { UpDocument } from "./up";

const update: Answer = { stdout: recorded("preview-update") };
const losses: Answer = { stdout: recorded("preview-losses") };
const applied: Answer = { stdout: "Resources:\n    ~ 1 updated\n" };

describe("[O5] npm run up", () => {
  test("previews, judges, asks, and applies exactly the plan that was judged", async () => {
    const asked: string[] = [];
    const ask = (question: string, word: string) => {
      asked.push(`${question} ${word}`);
      return Promise.resolve(true);
    };
    const world = scripted({ "pulumi preview": update, "pulumi up": applied }, { canAsk: true, ask });
    expect(await main(["up", "s1"], world)).toBe(0);
    const [preview, up] = world.calls.map(({ line }) => line);
    const file = /--save-plan (\S+)/.exec(preview!)![1]!;
    expect(preview).toBe(
      `pulumi preview --json --save-plan ${file} --ignore-protect --stack s1 --non-interactive`,
    );
    expect(up).toBe(
      `pulumi up --plan ${file} --skip-preview --yes --parallel 32 --stack s1 --non-interactive`,
    );
    expect(
      world.calls.map(({ options }) => [options.output, options.environment?.["PULUMI_EXPERIMENTAL"]]),
    ).toEqual([
      ["captured", "true"],
      ["shown", "true"],
    ]);
    expect(asked).toEqual(["Apply this to s1? yes"]);
    expect(world.texts.err).toContain("1 to update");
  });

  test("refuses losses before anything is touched: what, why, what is lost, and the way to do it on purpose", async () => {
    const world = scripted({ "pulumi preview": losses });
    expect(await main(["up", "s1", "--yes"], world)).toBe(1);
    expect(world.calls).toHaveLength(1);
    expect(world.texts.err).toContain("refused, nothing was touched: 3 losses of s1");
    expect(world.texts.err).toContain('because cidrBlock changes: "10.0.0.0/16" → "10.9.0.0/16"');
    expect(world.texts.err).toContain("on purpose: npm run up -- s1 --allow cmb-network-vpc");
    expect(world.texts.err).toContain(
      "pulumi state unprotect --yes --stack s1 'urn:pulumi:s1::cmbcluster::aws:s3/bucket:Bucket::cmb-buckets-database'",
    );
  });

  test("lets go what is allowed, and says so", async () => {
    const gone = { stdout: recorded("preview-gone") };
    const world = scripted({ "pulumi preview": gone, "pulumi up": applied });
    expect(await main(["up", "s1", "--yes", "--allow", "cmb-buckets-database"], world)).toBe(0);
    expect(world.texts.err).toContain("allowed by --allow: one loss");
    expect(world.texts.err).toContain("an empty one would take its place");
    expect(world.texts.err).not.toContain("on purpose");
  });

  test("an --allow that fits nothing stops the run: it may be a slip", async () => {
    const world = scripted({ "pulumi preview": update });
    expect(await main(["up", "s1", "--yes", "--allow", "cmb-vpc"], world)).toBe(2);
    expect(world.texts.err).toContain("--allow cmb-vpc: nothing of that name is lost in this plan");
  });

  test("[C1] faults of the configuration come first, and no cloud is asked", async () => {
    const configFaults = (stack: string) => `the configuration of stack ${stack} has one fault\n`;
    const world = scripted({ "pulumi stack export": exported([]) }, { configFaults });
    expect(await main(["up", "s1", "--yes"], world)).toBe(1);
    expect(world.texts.err).toBe("the configuration of stack s1 has one fault\n");
    expect(world.calls.map(({ line }) => line)).toEqual(["pulumi stack export --stack s1 --non-interactive"]);
  });

  test("[P7] of a live stack that names another cloud only this is told, not the other cloud's faults", async () => {
    const configFaults = () => "five faults of the other cloud";
    const answers = { "pulumi stack export": exported(amazonStack) };
    const world = scripted(answers, { configFaults, wantedCloud: () => "gcp" });
    expect(await main(["up", "s1", "--yes"], world)).toBe(1);
    expect(world.texts.err).toMatch(/^CMB-S001 {2}cmbcluster:cloud = "gcp"\n/);
    expect(world.texts.err).not.toContain("five faults");
    const unmade = { "pulumi stack export": { code: 1, stderr: "no stack named 's1' found" } };
    const others = [
      scripted(answers, { configFaults, wantedCloud: () => undefined }),
      scripted(unmade, { configFaults }),
    ];
    for (const other of others) {
      await main(["up", "s1", "--yes"], other);
      expect(other.texts.err).toBe("five faults of the other cloud\n");
    }
    const broken = scripted({ "pulumi stack export": { stdout: "{" } }, { configFaults });
    await expect(main(["up", "s1"], broken)).rejects.toThrow(SyntaxError);
  });

  test("[O11] a bill over the budget stops it before a cloud is asked", async () => {
    const world = scripted({}, { overBudget: (stack) => Promise.resolve(`${stack} costs too much`) });
    expect(await main(["up", "s1", "--yes"], world)).toBe(1);
    expect([world.calls, world.texts.err]).toEqual([[], "s1 costs too much\n"]);
  });

  test("bounds that EKS would refuse half-way are refused before", async () => {
    const type = "aws:eks/nodeGroup:NodeGroup";
    const urn = `urn:pulumi:s1::cmbcluster::${type}::cmb-nodes-users`;
    const oldState = { urn, type, outputs: { arn: "a:b:c:d:e:f/g/h", scalingConfig: { desiredSize: 0 } } };
    const newState = { urn, type, inputs: { scalingConfig: { minSize: 1, maxSize: 2 } } };
    const stdout = JSON.stringify({ steps: [{ op: "update", urn, oldState, newState }] });
    const world = scripted({ "pulumi preview": { stdout } });
    expect(await main(["up", "s1", "--yes"], world)).toBe(1);
    expect(world.texts.err).toContain("cmb-nodes-users: 1 to 2 nodes, of which it has 0 now");
  });

  test("--check judges and does nothing, for CI", async () => {
    const world = scripted({ "pulumi preview": update });
    expect(await main(["up", "s1", "--check"], world)).toBe(0);
    expect(world.calls).toHaveLength(1);
  });

  test("without --yes and without anybody to ask, nothing is done", async () => {
    const world = scripted({ "pulumi preview": update });
    expect(await main(["up", "s1"], world)).toBe(1);
    expect(world.texts.err).toContain("say --yes");
    const no = scripted({ "pulumi preview": update }, { canAsk: true, ask: () => Promise.resolve(false) });
    expect(await main(["up", "s1"], no)).toBe(1);
    expect(no.texts.err).toContain("not agreed, nothing was touched");
  });

  test("--json: one document on standard output, pulumi's own words on standard error", async () => {
    const world = scripted({ "pulumi preview": losses });
    await main(["up", "s1", "--json"], world);
    const document = JSON.parse(world.texts.out) as UpDocument;
    expect([document.result, document.refused.length, document.summary["replace"]]).toEqual([
      "refused",
      3,
      3,
    ]);
    const fine = scripted({ "pulumi preview": update, "pulumi up": applied });
    await main(["up", "s1", "--json", "--yes"], fine);
    expect(fine.calls[1]!.options.output).toBe("reported");
    expect((JSON.parse(fine.texts.out) as UpDocument).result).toBe("applied");
  });
});

describe("[O5] npm run up, when something is in the way", () => {
  test("a log-in that ran out is recognised once, with the command that renews it", async () => {
    const world = scripted({ "pulumi preview": { code: 1, stdout: recorded("preview-expired") } });
    expect(await main(["up", "s1"], world)).toBe(1);
    expect(world.texts.err).toContain(
      "your log-in does not hold any more (ExpiredToken); nothing was touched",
    );
    expect(world.texts.err).toContain("renew it: aws sso login");
  });

  test("any other stop of the preview is told in the engine's words", async () => {
    const diagnostics = [
      { severity: "error", urn: "urn:pulumi:s::p::t::bucket", message: "error: no\n" },
      { severity: "info", message: "hm" },
    ];
    const world = scripted({ "pulumi preview": { code: 1, stdout: JSON.stringify({ diagnostics }) } });
    await main(["up", "s1"], world);
    expect(world.texts.err).toContain("the preview stopped, nothing was touched\nbucket: no\n");
    const silent = scripted({ "pulumi preview": { code: 1, stdout: '{"steps":[]}' } });
    await main(["up", "s1"], silent);
    expect(silent.texts.err).toContain("pulumi preview says no more");
  });

  test("a CLI that makes no preview at all is quoted, and one that is missing is named", async () => {
    const broken = scripted({
      "pulumi preview": { code: 255, stderr: "error: no stack named 's1' found\n" },
    });
    expect(await main(["up", "s1"], broken)).toBe(1);
    expect(broken.texts.err).toContain("pulumi preview: error: no stack named 's1' found");
    const missing = scripted({ "pulumi preview": { code: 127, stderr: "spawn pulumi ENOENT" } });
    await main(["up", "s1"], missing);
    expect(missing.texts.err).toContain("there is no pulumi on PATH");
    const stale = scripted({ "pulumi preview": { code: 255, stderr: "invalid_grant: Bad Request" } });
    await main(["up", "s1"], stale);
    expect(stale.texts.err).toContain("gcloud auth application-default login");
  });

  // Recorded: a tag changed between plan and up, pulumi v3.259.0.
  test("what changed since the plan stops the run at it, and the remedy is a new plan", async () => {
    const stdout =
      "error: resource urn:pulumi:s1::cmbcluster::aws:ec2/vpc:Vpc::cmb-network-vpc violates plan: properties changed: ++tags[{map[v:{4}]}!={map[v:{7}]}]";
    const world = scripted({ "pulumi preview": update, "pulumi up": { code: 1, stdout } });
    expect(await main(["up", "s1", "--yes"], world)).toBe(1);
    expect(world.texts.err).toContain("plan again: npm run up -- s1");
  });

  test("a run that stops half-way says how it goes on, and whether the log-in ran out", async () => {
    const run = async (stderr: string) => {
      const world = scripted({ "pulumi preview": update, "pulumi up": { code: 1, stderr } });
      await main(["up", "s1", "--yes"], world);
      return world.texts.err;
    };
    expect(await run("quota")).toContain("the run stopped half-way; the same command goes on from there");
    expect(await run("api error ExpiredToken: x")).toContain(
      "your log-in ran out on the way (ExpiredToken): aws sso login",
    );
  });
});
