import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { parse } from "yaml";
import { type ChartName, pinnedCharts } from "../../components/charts";
import type { ChartPackage } from "./chart-packages";
import { repositoryAnswers, repositoryHosts, repositoryServer } from "./chart-server";

const packages = Object.fromEntries(
  (Object.keys(pinnedCharts) as ChartName[]).map((chart): [ChartName, ChartPackage] => {
    const { version, chart: reference } = pinnedCharts[chart];
    const name = reference.split("/").at(-1)!;
    return [
      chart,
      { name, version, metadata: { name, version }, archive: Buffer.from(`${name}!`), digest: "abc" },
    ];
  }),
) as Record<ChartName, ChartPackage>;

const answers = repositoryAnswers(packages);
const served: string[] = [];
let server: Server;
let port: number;

beforeAll(async () => {
  server = createServer(repositoryServer(answers, (address) => served.push(address)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

/** As a client behind the proxy asks: the address decides, not the port. */
async function ask(address: string, method = "GET") {
  const { request } = await import("node:http");
  const { host, pathname } = new URL(address);
  return new Promise<{ code: number; headers: NodeJS.Dict<string | string[]>; body: string }>(
    (resolve, reject) => {
      request(
        { port, host: "127.0.0.1", path: pathname, method, headers: { host: `${host}:443` } },
        (answer) => {
          let body = "";
          answer.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
          answer.on("end", () => resolve({ code: answer.statusCode!, headers: answer.headers, body }));
        },
      )
        .on("error", reject)
        .end();
    },
  );
}

test("the hosts are those of the program's charts", () => {
  expect(repositoryHosts().sort()).toEqual([
    "aws.github.io",
    "kubernetes.github.io",
    "kyverno.github.io",
    "quay.io",
    "traefik.github.io",
  ]);
});

test("an index names the pinned version alone, and its archive can be had", async () => {
  const index = await ask("https://traefik.github.io/charts/index.yaml");
  const { entries } = parse(index.body) as { entries: Record<string, { version: string; urls: string[] }[]> };
  expect(Object.keys(entries)).toEqual(["traefik"]);
  expect(entries["traefik"]!.map(({ version }) => version)).toEqual([pinnedCharts.traefik.version]);
  expect(await ask(entries["traefik"]![0]!.urls[0]!)).toMatchObject({ code: 200, body: "traefik!" });
});

test("a registry answers a tag with a manifest whose parts have the digests and sizes that it says", async () => {
  const base = "https://quay.io/v2/jetstack/charts/cert-manager";
  expect(await ask("https://quay.io/v2/")).toMatchObject({ code: 200 });
  const manifest = await ask(`${base}/manifests/${pinnedCharts["cert-manager"].version}`);
  expect(manifest.headers["content-type"]).toBe("application/vnd.oci.image.manifest.v1+json");
  const { config, layers } = JSON.parse(manifest.body) as {
    config: { digest: string };
    layers: { digest: string; size: number; mediaType: string }[];
  };
  expect(layers).toHaveLength(1);
  const layer = await ask(`${base}/blobs/${layers[0]!.digest}`);
  expect(layer).toMatchObject({ code: 200, body: "cert-manager!" });
  expect(layers[0]!.size).toBe(layer.body.length);
  expect(layer.headers["docker-content-digest"]).toBe(layers[0]!.digest);
  expect(JSON.parse((await ask(`${base}/blobs/${config.digest}`)).body)).toMatchObject({
    name: "cert-manager",
  });
  const digest = String(manifest.headers["docker-content-digest"]);
  expect((await ask(`${base}/manifests/${digest}`)).body).toBe(manifest.body);
});

test("HEAD says how long an answer is and sends none", async () => {
  const address = "https://aws.github.io/eks-charts/index.yaml";
  const { body } = await ask(address);
  const head = await ask(address, "HEAD");
  expect(head).toMatchObject({ code: 200, body: "" });
  expect(head.headers["content-length"]).toBe(String(body.length));
});

test("other versions, other hosts and other methods are not found, and are on record", async () => {
  const index = "https://traefik.github.io/charts/index.yaml";
  expect((await ask("https://quay.io/v2/jetstack/charts/cert-manager/manifests/v1.0.0")).code).toBe(404);
  expect((await ask("https://elsewhere.example/charts/index.yaml")).code).toBe(404);
  expect((await ask(index, "PUT")).code).toBe(404);
  expect(served.slice(-1)).toEqual([index]);
});
