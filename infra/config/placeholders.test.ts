import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { checkConfig } from "./check";
import { asMap, change, sound } from "./fixtures/configs";

const shipped = (stack: string) => {
  const text = readFileSync(join(__dirname, `../../Pulumi.${stack}.yaml`), "utf8");
  const { config } = parse(text) as { config: Record<string, unknown> };
  const marked = [...text.matchAll(/^ +(?:cmbcluster:)?(\w+): .*# PLACEHOLDER:/gm)].map((match) => match[1]);
  const map = asMap(
    Object.fromEntries(
      Object.entries(config).map(([key, value]) => [key.slice("cmbcluster:".length), value]),
    ),
  );
  return { map, marked };
};

const placeholders = (map: Record<string, string>) =>
  checkConfig(map, []).toSupply.filter(({ code }) => code === "CMB-C059");

test.each(["gcp-dev", "aws-dev"])(
  "[C2] what %s marks as a placeholder is listed by its preview, and nothing else",
  (stack) => {
    const { map, marked } = shipped(stack);
    expect(marked).toHaveLength(5);
    const names = placeholders(map).map(({ key }) => /(\w+)(\[\d+\])?$/.exec(key)![1]);
    expect(names.sort()).toEqual(marked.sort());
    expect(checkConfig(map, []).faults).toEqual([]);
  },
);

test.each(["gcp-dev", "aws-dev"])(
  "[C2] an up of %s is refused for each of them until it is replaced",
  (stack) => {
    const { map } = shipped(stack);
    const { faults, settings } = checkConfig(map, [], { beforeUp: true });
    expect(settings).toBeUndefined();
    expect(faults.filter(({ code }) => code === "CMB-C059").map(({ key }) => key)).toEqual(
      placeholders(map)
        .map(({ key }) => key)
        .sort((a, b) => a.localeCompare(b)),
    );
  },
);

test("[C2] a placeholder is told with what it stands for and the command that replaces it", () => {
  const [first] = placeholders(asMap(change(sound.aws, { "aws.accountId": "000000000000" })));
  expect(first).toEqual({
    code: "CMB-C059",
    key: "cmbcluster:aws.accountId",
    cause: "a placeholder: 000000000000 is nobody's account",
    fix: "pulumi config set --path cmbcluster:aws.accountId '<your AWS account, 12 digits>'",
  });
});

test("[C2] the command pasted as it stands is a fault again, never a second placeholder that goes through", () => {
  for (const stack of ["gcp-dev", "aws-dev"] as const) {
    const { map } = shipped(stack);
    for (const { fix } of placeholders(map)) {
      const [, key, value] = /'?cmbcluster:([\w.[\]]+)'? '(.*)'$/.exec(fix)!;
      const path = key!.replace(/\[(\d+)\]/, ".$1");
      const config = Object.fromEntries(
        Object.entries(map).map(([full, text]) => [full.slice("cmbcluster:".length), read(text)]),
      );
      expect(checkConfig(asMap(change(config, { [path]: value })), []).faults).toHaveLength(1);
    }
  }
});

function read(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

test.each([
  "example.org",
  "cmb.example.com",
  "a.b.example.net",
  "lab.example",
  "cmb.invalid",
  "cmb.test",
  "cmb.localhost",
])("[C2] %s is nobody's domain", (domain) => {
  expect(placeholders(asMap(change(sound.gcp, { domain })))).toHaveLength(1);
});

test.each(["myexample.org", "example.org.uk", "example.edu", "test.univ.edu", "invalid.org"])(
  "[C2] %s can be somebody's",
  (domain) => {
    expect(placeholders(asMap(change(sound.gcp, { domain })))).toEqual([]);
  },
);

test("[P7] placeholders in the block of the other cloud, which stands by, hold nothing up", () => {
  const aws = { ...(sound.aws.aws as object), accountId: "000000000000" };
  expect(placeholders(asMap({ ...sound.gcp, aws }))).toEqual([]);
});
