import type { StackReport } from "../report/document";
import { reportOf } from "../report/build";
import { GraphBuilder } from "../report/fixtures/graph";
import { compareExposure, compareFindings, compareOutputs, withUnblocked } from "./rest";
import { sideOfReport } from "./side";
import { compareResources } from "./resources";

const graph = new GraphBuilder();
const empty = reportOf(graph.recording(), { faults: [], findings: [], toSupply: [] });
const matching = { renamed: (urn: string) => (urn === "old" ? "new" : urn) };
const way = (what: string, who: string, urn = "u", internet = true) => ({ what, who, urn, internet });

test("a way in for others than before is told as changed, with what it was; not as opened and closed", () => {
  const before = [way("API, public", "192.0.2.0/24"), way("API, private", "the VPC", "u", false)];
  const after = [way("API, public", "anyone"), way("API, private", "the VPC", "u", false)];
  expect(compareExposure(before, after, matching)).toEqual({
    gained: [],
    lost: [],
    changed: [{ ...after[0], was: "API, public: 192.0.2.0/24" }],
  });
});

test("more ports on the only way of a resource are a change; a second way of it is a new one", () => {
  const [narrow, wide] = [way("NLB, ports 80", "anyone"), way("NLB, ports 80, 22", "anyone")];
  expect(compareExposure([narrow], [wide], matching).changed).toMatchObject([
    { was: "NLB, ports 80: anyone" },
  ]);
  const second = compareExposure([narrow], [narrow, way("NLB, port 22", "anyone")], matching);
  expect(second).toMatchObject({ gained: [{ what: "NLB, port 22" }], lost: [], changed: [] });
});

test("a way that moved with its resource by an alias stays the same one; one that goes is lost", () => {
  const moved = compareExposure([way("API", "a", "old")], [way("API", "b", "new")], matching);
  expect(moved.changed).toHaveLength(1);
  expect(compareExposure([way("API", "a")], [], matching)).toMatchObject({
    gained: [],
    lost: [{ what: "API" }],
  });
  expect(compareExposure([way("API", "a")], [way("API", "a")], matching).changed).toEqual([]);
});

test("findings are the same by code and setting, whatever their words; faults, supplies and remarks alike", () => {
  const finding = (code: string) => ({ code, key: "k", cause: "c", fix: "f" });
  const before: StackReport = {
    ...empty,
    toSupply: [finding("CMB-C057")],
    notes: [{ code: "CMB-N001", key: "k", message: "old words" }],
  };
  const after: StackReport = {
    ...empty,
    findings: [finding("CMB-C001")],
    notes: [
      { code: "CMB-N001", key: "k", message: "new words" },
      { code: "CMB-N001", key: "other", message: "m" },
    ],
  };
  expect(compareFindings(before, after)).toEqual({
    new: [
      { kind: "fault", code: "CMB-C001", key: "k", text: "c" },
      { kind: "remark", code: "CMB-N001", key: "other", text: "m" },
    ],
    gone: [{ kind: "to supply", code: "CMB-C057", key: "k", text: "c" }],
  });
});

test("[C3] outputs that changed are told; of secret ones nothing can be told from a report", () => {
  const outputs = (word: string) => ({ ...empty, outputs: { word, key: "[secret]" } });
  expect(compareOutputs(outputs("a"), outputs("b"))).toEqual([{ path: "word", before: "a", after: "b" }]);
});

test("[P8] a bucket that stays and loses its block of public access is a way in; one that goes with it is none", () => {
  const side = (...names: ("bucket" | "block" | "other")[]) => {
    const built = new GraphBuilder();
    const add = (type: string, name: string) => built.add(type, name, built.root, { bucket: "data" });
    if (names.includes("bucket")) add("aws:s3/bucket:Bucket", "bucket");
    if (names.includes("block")) add("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "block");
    if (names.includes("other")) add("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "other");
    return sideOfReport(reportOf(built.recording(), { faults: [], findings: [], toSupply: [] }));
  };
  const opened = (before: ReturnType<typeof side>, after: ReturnType<typeof side>) => {
    const { changes } = compareResources(before, after);
    return withUnblocked({ gained: [], lost: [], changed: [] }, changes, before, after).gained;
  };
  const both = side("bucket", "block");
  expect(opened(both, side("bucket"))).toMatchObject([
    { what: "bucket data, its block of public access is deleted", internet: true },
  ]);
  expect(opened(both, side())).toEqual([]);
  expect(opened(both, side("bucket", "other"))).toEqual([]);
  expect(opened(both, both)).toEqual([]);
});
