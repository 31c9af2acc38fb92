import { gzipSync } from "node:zlib";
import { manifestOf, missingFrom } from "./held";

test("a release gives back the objects that it sent, empty documents left out", () => {
  const manifest =
    "---\n# nothing\n---\nkind: ConfigMap\nmetadata:\n  name: a\n---\nkind: Service\nmetadata:\n  name: b\n";
  const zipped = gzipSync(JSON.stringify({ manifest })).toString("base64");
  const found = manifestOf(Buffer.from(zipped).toString("base64"));
  expect(found.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual(["ConfigMap a", "Service b"]);
});

test("what is held may be more, and says the same in Kubernetes' own words", () => {
  const sent = { spec: { args: ["x"], limits: { cpu: 0.5, memory: "1024Mi" }, labels: {}, host: false } };
  const held = {
    spec: { args: ["x"], limits: { cpu: "500m", memory: "1Gi" }, dnsPolicy: "Default" },
    status: {},
  };
  expect(missingFrom(held, sent)).toEqual([]);
});

test("what was dropped or changed on the way is named by its path, without its value", () => {
  const sent = {
    spec: { args: ["x", "secret"], limits: { cpu: "1" }, host: true, on: { a: { b: 1 } } },
    data: { k: "v" },
  };
  const held = { spec: { args: ["x"], limits: { cpu: "2" }, on: {} }, data: "v" };
  expect(missingFrom(held, sent)).toEqual([
    ".spec.args[1]",
    ".spec.limits.cpu",
    ".spec.host",
    ".spec.on.a",
    ".data",
  ]);
});
