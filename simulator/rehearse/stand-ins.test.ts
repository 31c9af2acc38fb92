import { join } from "node:path";
import { checkConfig } from "../../infra/config/check";
import { readStackFile, toStackConfig } from "../../preview/stack-file";
import { withStandIns } from "./stand-ins";

const root = join(__dirname, "../..");
const words = (faults: readonly { readonly code: string }[]) => faults.map(({ code }) => code).join();

test.each(["aws-dev", "gcp-dev"])("%s: with stand-ins an up would accept the configuration", (stack) => {
  const { settings, secrets, standIns } = withStandIns(readStackFile(root, stack).settings, words);
  const { values } = toStackConfig(settings);
  const all = { ...values, ...secrets };
  expect(checkConfig(all, Object.keys(secrets), { beforeUp: true }).faults).toEqual([]);
  expect(standIns).toContain("cmbcluster:domain");
});

test("a value of the user's own stays", () => {
  const shipped = readStackFile(root, "gcp-dev").settings;
  const { settings, standIns } = withStandIns({ ...shipped, "cmbcluster:domain": "cmb.mine.edu" }, words);
  expect(settings["cmbcluster:domain"]).toBe("cmb.mine.edu");
  expect(standIns).not.toContain("cmbcluster:domain");
});

test("a stored secret is never handed on: a stand-in is there in its place", () => {
  const shipped = readStackFile(root, "gcp-dev").settings;
  const stored = { ...shipped, "cmbcluster:sessionKey": { secure: "v1:abc:def" } };
  const { settings, secrets, standIns } = withStandIns(stored, words);
  expect(JSON.stringify([settings, secrets])).not.toContain("v1:abc:def");
  expect(secrets["cmbcluster:sessionKey"]!.length).toBeGreaterThanOrEqual(32);
  expect(standIns).toContain("cmbcluster:sessionKey");
});

test("any other fault ends the rehearsal, in the words of the check", () => {
  const shipped = readStackFile(root, "gcp-dev").settings;
  expect(() => withStandIns({ ...shipped, "cmbcluster:profile": "huge" }, words)).toThrow(/^CMB-C/);
});
