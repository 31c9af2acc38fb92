import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configure, type Lab } from "../simulator/lab";
import { openShipped } from "../simulator/shipped";
import { labWorld } from "./fixtures/lab-world";
import { main } from "./main";

/** Blocks that make the other cloud's configuration whole, so that nothing but the switch is wrong. */
const OTHER = {
  "gcp-dev": {
    "cmbcluster:cloud": "aws",
    "cmbcluster:aws": {
      accountId: "111122223333",
      region: "us-east-1",
      zones: ["us-east-1a", "us-east-1b", "us-east-1c"],
      cluster: { publicAccessCidrs: ["93.184.216.0/24"] },
    },
  },
  "aws-dev": {
    "cmbcluster:cloud": "gcp",
    "cmbcluster:gcp": { project: "cmb-physics", region: "europe-west4", zones: ["europe-west4-a"] },
    "cmbcluster:auth": {
      google: { clientId: "123456789012-abcdefabcdef.apps.googleusercontent.com" },
      provider: "google",
    },
  },
} as const;

/** What a destroy has to leave, by kind, of what holds data. */
const HOLDS_DATA = /^(aws|gcp):.*:(Bucket|UserPool|Zone|ManagedZone|Secret)$/;

// Kubernetes objects are records here, without a control plane: nothing is shown of what runs in the cluster.
describe.each(["gcp-dev", "aws-dev"] as const)(
  "%s under the genuine engine, on a simulated cloud",
  (stack) => {
    const folder = mkdtempSync(join(tmpdir(), `gate-${stack}-`));
    let lab: Lab;
    beforeAll(async () => {
      lab = await openShipped(stack, { folder, clouds: { clusters: false, instant: true } });
    });
    afterAll(async () => {
      await lab.close();
      rmSync(folder, { recursive: true, force: true });
    });

    const command = async (...args: string[]) => {
      const { world, texts } = labWorld(lab);
      const code = await main(args, world);
      return { code, ...texts };
    };
    const things = async () =>
      (await lab.cloud.list()).map(({ object }) => `${object.kind} ${object.id}`).sort();

    test("[O5] npm run up makes a new stack by its saved plan, and changes nothing the second time", async () => {
      const first = await command("up", stack, "--yes", "--json");
      expect([first.code, first.err]).toEqual([0, expect.stringContaining("to create")]);
      const again = await command("up", stack, "--yes");
      expect([again.code, again.err]).toEqual([0, expect.stringContaining("nothing to change")]);
    });

    test.each(["dev", "staging", "prod"])(
      "[P7] another cloud is refused in profile %s by plain pulumi and by the gate, before anything is registered",
      async (profile) => {
        const before = await things();
        configure(lab, stack, { ...OTHER[stack], "cmbcluster:profile": profile });
        const plain = await lab.pulumi(["up", "--yes", "--skip-preview", "--refresh=false"]);
        const gate = await command("up", stack, "--yes");
        const { "cmbcluster:cloud": other } = OTHER[stack];
        configure(lab, stack, {
          "cmbcluster:cloud": other === "aws" ? "gcp" : "aws",
          "cmbcluster:profile": "dev",
          ...(other === "gcp" && { "cmbcluster:auth": undefined }),
        });
        expect(plain.code).not.toBe(0);
        expect(gate.code).toBe(1);
        expect(`${plain.stdout}${plain.stderr}`).toContain("CMB-S001");
        expect(gate.err).toContain("CMB-S001");
        expect(
          plain.events.filter(
            ({ resourcePreEvent: pre }) => pre && /create|delete|replace|update/.test(pre.metadata.op),
          ),
        ).toEqual([]);
        expect(await things()).toEqual(before);
      },
    );

    test("[O5] plain pulumi destroy stops before it deletes anything, and names what is protected", async () => {
      const before = await things();
      const { code, stdout } = await lab.pulumi(["destroy", "--yes"]);
      expect(code).not.toBe(0);
      expect(stdout).toContain("cmb-buckets-database");
      expect(await things()).toEqual(before);
    });

    test("[O5] an expired log-in stops a destroy, and the state keeps all it had", async () => {
      const state = async () => (await lab.pulumi(["stack", "export"])).stdout;
      const before = await state();
      await lab.cloud.credentials(false);
      const { code, err } = await command("destroy", stack, "--yes");
      await lab.cloud.credentials(true);
      expect([code, err]).toEqual([1, expect.stringContaining("your log-in does not hold any more")]);
      expect(await state()).toBe(before);
    });

    test("[O5] npm run destroy ends, keeps the data, and the next up goes on with the very same things", async () => {
      const data = (list: readonly string[]) => list.filter((one) => HOLDS_DATA.test(one.split(" ")[0]!));
      const before = data(await things());
      const gone = await command("destroy", stack, "--yes", "--json");
      expect([gone.code, (JSON.parse(gone.out) as { result: string }).result]).toEqual([0, "destroyed"]);
      const left = await things();
      expect(data(left)).toEqual(before);
      expect(
        left.filter((one) => /:(Cluster|NodeGroup|NodePool|Vpc|Network|LoadBalancer|NatGateway) /.test(one)),
      ).toEqual([]);
      const mounting = left.filter((one) => one.includes("-workload-sa"));
      expect(mounting.length).toBeGreaterThan(0);
      const back = await command("up", stack, "--yes");
      expect([back.code, back.err]).toEqual([0, expect.stringContaining("to create")]);
      expect(await things()).toEqual(expect.arrayContaining(left));
    });
  },
);
