import * as pulumi from "@pulumi/pulumi";
import { loadConfig } from "./load";
import { asMap, sound } from "./fixtures/configs";
import { UNKNOWN } from "./secret-keys";

const run = (config: Record<string, unknown>, secrets: string[], preview: boolean) => {
  const nothing = { newResource: () => ({ id: "", state: {} }), call: () => ({}) };
  void pulumi.runtime.setMocks(nothing, "cmbcluster", "test", preview);
  pulumi.runtime.setAllConfig(
    asMap(config),
    secrets.map((key) => `cmbcluster:${key}`),
  );
  return loadConfig();
};

test("[C1] faults stop the program as one message without a stack trace", () => {
  const start = () => run({ ...sound.gcp, domain: "x", clusterName: "X" }, [], true);
  expect(start).toThrow(pulumi.RunError);
  expect(start).toThrow(/stack test has 2 faults\nCMB-C010 .*\n(.*\n)*CMB-C012/);
});

test("[C2] a missing client secret: a preview goes on, an up is refused", () => {
  expect(run(sound.gcp, [], true).toSupply).toHaveLength(1);
  expect(() => run(sound.gcp, [], false)).toThrow(/has 1 fault\nCMB-C057/);
});

test("[C3] secrets arrive as secret Outputs, and only those that are set", async () => {
  const { secrets, settings } = run(
    { ...sound.gcp, googleClientSecret: "hunter2" },
    ["googleClientSecret"],
    false,
  );
  expect(Object.keys(secrets)).toEqual(["googleClientSecret"]);
  expect(await pulumi.isSecret(secrets.googleClientSecret!)).toBe(true);
  const value = await new Promise((done) => secrets.googleClientSecret!.apply(done));
  expect(value).toBe("hunter2");
  expect(JSON.stringify(settings)).not.toContain("hunter2");
});

test("[C3] a value withheld from a preview is an unknown secret: nothing computes with it", async () => {
  const { secrets } = run({ ...sound.gcp, googleClientSecret: UNKNOWN }, ["googleClientSecret"], true);
  const output = secrets.googleClientSecret! as unknown as {
    isKnown: Promise<boolean>;
    isSecret: Promise<boolean>;
  };
  expect([await output.isKnown, await output.isSecret]).toEqual([false, true]);
});
