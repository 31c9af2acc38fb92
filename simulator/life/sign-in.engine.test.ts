import { setSecret } from "../shipped";
import { SUPPLIED } from "../supplied";
import { beyondKept } from "./destroy";
import { begin, errorsOf, type Shipped, type StackLife } from "./stack-life";

const GOOGLE = { google: { clientId: SUPPLIED.googleClient } };
const POOL_IN_AWS = { cognito: { region: "eu-central-1", accountId: "999988887777" } };
const IMAGES = { "cmbcluster:images": { tag: "1.0.0" } };

type Combination = readonly [Shipped, string, object, "google" | "cognito"];

const COMBINATIONS: readonly Combination[] = [
  ["gcp-dev", "Google", {}, "google"],
  ["gcp-dev", "Cognito", { google: undefined, ...POOL_IN_AWS }, "cognito"],
  ["gcp-dev", "Google and Cognito", { ...GOOGLE, ...POOL_IN_AWS }, "google"],
  ["aws-dev", "Cognito", {}, "cognito"],
  ["aws-dev", "Google", GOOGLE, "google"],
  ["aws-dev", "Google and Cognito", { ...GOOGLE, cognito: {} }, "google"],
];

/**
 * Each stack from nothing, with each way to sign in, under the genuine engine. Clusters are records here: what the
 * API server says to the application is told by the life of the shipped stacks.
 */
test.each(COMBINATIONS)(
  "[A1, O5] %s comes up with %s, touches no more of the other cloud than the pool's region, goes, and comes back with the accounts that people had",
  async (stack, _, auth, active) => {
    const life = await begin(
      stack,
      { clusters: false, instant: true },
      { ...IMAGES, "cmbcluster:auth": auth },
    );
    try {
      if ("google" in auth && stack === "aws-dev")
        await setSecret(life.lab, "cmbcluster:googleClientSecret", "GOCSPX-simulated-0123456789abcd");
      const result = await life.up();
      expect(errorsOf(result)).toBe("");
      expect((await life.outputs())["signIn"]).toMatchObject({ active });

      const other = stack === "gcp-dev" ? "aws:" : "gcp:";
      const operations = (await life.lab.cloud.operations()).filter(({ type }) => type.startsWith(other));
      const foreign = (await life.lab.cloud.list()).filter(({ object }) => object.kind.startsWith(other));
      const pool = stack === "gcp-dev" && "cognito" in auth;
      expect(operations.length > 0).toBe(pool);
      expect(operations.filter(({ type }) => !type.startsWith("aws:cognito/"))).toEqual([]);
      expect([...new Set(foreign.map(({ object }) => object.place))]).toEqual(
        pool ? ["999988887777/eu-central-1"] : [],
      );
      // What is asked only is in no record of what was done; neither shipped stack asks anything today.
      const asked = await life.lab.cloud.invocations();
      expect(asked.filter(({ token }) => token.startsWith(other))).toEqual([]);
      const pools = await poolsOf(life);
      expect(pools).toHaveLength(
        pool || (stack === "aws-dev" && !("google" in auth && !("cognito" in auth))) ? 1 : 0,
      );

      const { code, err, out } = await life.npmRun("destroy", stack, "--yes");
      expect([code, code === 0 ? "" : err]).toEqual([0, ""]);
      // What goes with its cluster stays where that is a record.
      const expected = pool ? /^(kubernetes:|aws:cognito\/)/ : /^kubernetes:/;
      expect((await beyondKept(life)).filter((name) => !expected.test(name))).toEqual([]);
      expect(out.includes("(people's accounts; UserPool)")).toBe(pools.length > 0);
      expect(await poolsOf(life)).toEqual(pools);
      life.configure({ "cmbcluster:images": undefined });
      expect(errorsOf(await life.up())).toBe("");
      expect((await poolsOf(life)).map(({ object }) => object.id)).toEqual(
        pools.map(({ object }) => object.id),
      );
    } finally {
      await life.close();
    }
  },
);

/** User pools with the people who have an account there. */
function poolsOf({ lab }: StackLife) {
  return lab.cloud.list("aws:cognito/userPool:UserPool");
}
