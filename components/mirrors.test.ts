import { mirrorNames, mirrorReferences, mirrors, mirrorSource } from "./mirrors";

test("[O1] every image of another project is pinned to a version in full, which tells where it was read", () => {
  expect(mirrorNames).toEqual(["busybox", "litestream"]);
  for (const { source, version, why, read } of Object.values(mirrors)) {
    expect(source).toMatch(/^docker\.io\/[a-z]+\/[a-z]+$/);
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    expect([why, read]).not.toContain("");
  }
});

test("[O1] copies carry the version as their tag, in a repository each, named after the cluster", () => {
  expect(mirrorReferences("r.example/p", "cmb")).toEqual({
    busybox: "r.example/p/cmb-mirror-busybox:1.37.0",
    litestream: "r.example/p/cmb-mirror-litestream:0.5.16",
  });
  expect(mirrorSource("busybox")).toBe("docker.io/library/busybox:1.37.0");
});
