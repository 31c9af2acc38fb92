import { chartSource, pinnedCharts, type ChartName } from "./charts";

const names = Object.keys(pinnedCharts) as ChartName[];

test("every chart is pinned to one exact version and comes over TLS or from an OCI registry", () => {
  expect(names.sort()).toEqual([
    "aws-load-balancer-controller",
    "cert-manager",
    "cluster-autoscaler",
    "kyverno",
    "traefik",
  ]);
  for (const name of names) {
    const { chart, repository, version, why, source } = pinnedCharts[name];
    expect(version).toMatch(/^v?\d+\.\d+\.\d+$/);
    expect(repository ?? chart).toMatch(/^(https|oci):\/\//);
    expect(why).not.toBe("");
    expect(source).toMatch(/^github\.com\//);
  }
});

test("a chart of an HTTP repository names the repository, an OCI chart is its own address", () => {
  expect(chartSource("traefik")).toEqual({
    chart: "traefik",
    version: "41.3.0",
    repositoryOpts: { repo: "https://traefik.github.io/charts" },
  });
  expect(chartSource("cert-manager")).toEqual({
    chart: "oci://quay.io/jetstack/charts/cert-manager",
    version: "v1.21.1",
  });
});

test("an override replaces the place of its own chart and of no other", () => {
  const overrides = { traefik: { path: "/charts/traefik" } };
  expect(chartSource("traefik", overrides)).toEqual({ chart: "/charts/traefik" });
  expect(chartSource("cert-manager", overrides)).toEqual(chartSource("cert-manager"));
});
