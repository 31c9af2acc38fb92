import { createHash } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { stringify } from "yaml";
import { type ChartName, pinnedCharts } from "../../components/charts";
import type { ChartPackage } from "./chart-packages";

/** One answer of a repository. */
interface Answer {
  readonly type: string;
  readonly body: Buffer;
  /** Digest that an OCI registry sends with it. */
  readonly digest?: string;
}

/** Answers by address: `https://traefik.github.io/charts/index.yaml`. */
type Answers = Readonly<Record<string, Answer>>;

/**
 * Everything that a client asks a chart repository for: an index and archives, or for `oci://` references a manifest
 * (by tag and by digest), its configuration and the archive, as in the OCI distribution specification v1.1.
 */
export function repositoryAnswers(charts: Readonly<Record<ChartName, ChartPackage>>): Answers {
  const answers = (Object.keys(charts) as ChartName[]).map((name) => {
    const { repository, chart } = pinnedCharts[name];
    return repository ? indexAnswers(repository, charts[name]) : registryAnswers(chart, charts[name]);
  });
  return Object.assign({}, ...answers) as Answers;
}

/** Hosts of all repositories. */
export function repositoryHosts(): string[] {
  const addresses = Object.values(pinnedCharts).map(({ repository, chart }) => repository ?? chart);
  return [...new Set(addresses.map((address) => new URL(address.replace("oci:", "https:")).hostname))];
}

/** Serves the answers, GET and HEAD; all else is not found. `served` hears of every address. */
export function repositoryServer(answers: Answers, served: (address: string) => void): RequestListener {
  return (request: IncomingMessage, response: ServerResponse) => {
    const host = (request.headers.host ?? "").replace(/:\d+$/, "");
    const address = `https://${host}${request.url ?? ""}`;
    served(address);
    const answer = ["GET", "HEAD"].includes(request.method ?? "") ? answers[address] : undefined;
    if (!answer) {
      response
        .writeHead(404, { "content-type": "application/json" })
        .end('{"errors":[{"code":"NAME_UNKNOWN"}]}');
      return;
    }
    const { type, body, digest } = answer;
    response.writeHead(200, {
      "content-type": type,
      "content-length": body.length,
      ...(digest ? { "docker-content-digest": digest } : {}),
    });
    response.end(request.method === "HEAD" ? undefined : body);
  };
}

function indexAnswers(
  repository: string,
  { name, version, metadata, archive, digest }: ChartPackage,
): Answers {
  const file = `${name}-${version}.tgz`;
  const entry = { ...metadata, digest, urls: [`${repository}/${file}`], created: "2026-01-01T00:00:00Z" };
  const index = { apiVersion: "v1", entries: { [name]: [entry] }, generated: "2026-01-01T00:00:00Z" };
  return {
    [`${repository}/index.yaml`]: { type: "text/yaml", body: Buffer.from(stringify(index)) },
    [`${repository}/${file}`]: { type: "application/gzip", body: archive },
  };
}

function registryAnswers(reference: string, { version, metadata, archive }: ChartPackage): Answers {
  const { host, pathname } = new URL(reference.replace("oci:", "https:"));
  const registry = `https://${host}/v2`;
  const configuration = Buffer.from(JSON.stringify(metadata));
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST,
      config: described("application/vnd.cncf.helm.config.v1+json", configuration),
      layers: [described("application/vnd.cncf.helm.chart.content.v1.tar+gzip", archive)],
    }),
  );
  const blob = (body: Buffer): Answers => ({
    [`${registry}${pathname}/blobs/${digestOf(body)}`]: {
      type: "application/octet-stream",
      body,
      digest: digestOf(body),
    },
  });
  const served: Answer = { type: MANIFEST, body: manifest, digest: digestOf(manifest) };
  const tags = { name: pathname.slice(1), tags: [version] };
  return {
    [`${registry}/`]: { type: "application/json", body: Buffer.from("{}") },
    [`${registry}${pathname}/manifests/${version}`]: served,
    [`${registry}${pathname}/manifests/${digestOf(manifest)}`]: served,
    [`${registry}${pathname}/tags/list`]: {
      type: "application/json",
      body: Buffer.from(JSON.stringify(tags)),
    },
    ...blob(configuration),
    ...blob(archive),
  };
}

const MANIFEST = "application/vnd.oci.image.manifest.v1+json";

function described(mediaType: string, body: Buffer) {
  return { mediaType, digest: digestOf(body), size: body.length };
}

function digestOf(body: Buffer): string {
  return `sha256:${createHash("sha256").update(body).digest("hex")}`;
}
