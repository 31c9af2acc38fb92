import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { CmbCluster, Toleration, WorkloadBinding } from "../cmb-cluster";
import { BACKEND_SERVICE_ACCOUNT, hostNames, USER_SERVICE_ACCOUNT } from "../naming";
import { databaseChartValues } from "./database-values";
import { backendEnvironment, frontendEnvironment, type EnvironmentFacts } from "./environment";
import { INGRESS_CLASS, names, ports } from "./names";
import { applicationNeeds, type ClusterNeed } from "./needs";
import { networkWalls } from "./network-walls";
import { mebibytes, milliCores } from "./quantity";
import { restoreDrillChartValues } from "./restore-drill-values";
import type { ApplicationImages, ApplicationSettings, PlatformFacts } from "./settings";
import { chartValues, type ChartValues, type Late } from "./values";

/** What the chart's values are computed from. */
export interface ChartFacts {
  readonly cluster: Pick<
    CmbCluster,
    | "name"
    | "place"
    | "dns"
    | "environment"
    | "registry"
    | "signIn"
    | "buckets"
    | "storage"
    | "network"
    | "systemTolerations"
  >;
  readonly platform: Pick<PlatformFacts, "clusterIssuer" | "storageClass" | "ingressController">;
  readonly namespace: string;
  readonly settings: ApplicationSettings;
  readonly images: ApplicationImages;
  readonly secretsVersion: number;
  /** What has to stand in the cluster besides what every application needs of one. */
  readonly alsoNeeded: readonly ClusterNeed[];
  /** Names of the variables in each Secret object. */
  readonly secretVariables: { readonly backend: readonly string[]; readonly frontend: readonly string[] };
  readonly bindings: {
    readonly backend: WorkloadBinding;
    readonly drill: WorkloadBinding;
    readonly users: WorkloadBinding;
  };
}

/** How far a busy container may go beyond the CPU it has asked for. */
const CPU_BURST = 4;

/**
 * The chart's values. A pure function: whatever is not known at plan time stays an Output, everything else is
 * plain and is checked here against the chart's own type.
 *
 * @throws when a value cannot be one of the chart's, naming its path
 */
export function buildChartValues(facts: ChartFacts): Late<ChartValues> {
  const { settings, images, bindings } = facts;
  const environment = environmentFacts(facts);
  const placement = placementOn(facts.cluster.systemTolerations);
  const hosts = hostNames(facts.cluster.dns.domain);
  const values = {
    backend: {
      name: names.backend,
      image: images.backend,
      port: ports.backend,
      replicas: settings.backend.replicas,
      resources: resources(settings.backend, settings),
      environment: backendEnvironment(environment),
      secret: { name: names.backendSecret, variables: facts.secretVariables.backend },
      serviceAccount: { name: BACKEND_SERVICE_ACCOUNT, annotations: bindings.backend.annotations },
      ...placement,
      // Its own end, then Litestream's last copy (30 s at most), then the keeper's.
      terminationGracePeriodSeconds: 90,
    },
    frontend: {
      name: names.frontend,
      image: images.frontend,
      port: ports.frontend,
      autoscaling: { ...settings.frontend },
      resources: resources({ cpu: "100m", memory: "512Mi" }, settings),
      environment: frontendEnvironment(environment),
      secret: { name: names.frontendSecret, variables: facts.secretVariables.frontend },
      ...placement,
    },
    environments: {
      serviceAccount: { name: USER_SERVICE_ACCOUNT, annotations: bindings.users.annotations },
      total: {
        pods: settings.environments.maxPods,
        cpu: settings.environments.maxCpu,
        memoryGi: settings.environments.maxMemoryGi,
      },
      largest: { ...settings.environments.largest },
      // The container that waits for the mount runs a shell loop for a minute at most.
      defaults: { requests: { cpu: "50m", memory: "64Mi" }, limits: { cpu: "500m", memory: "256Mi" } },
    },
    database: databaseChartValues(facts.cluster, facts.platform, settings),
    restoreDrill: restoreDrillChartValues(bindings.drill.annotations),
    ingress: {
      className: INGRESS_CLASS,
      tls: settings.application.tls,
      hosts: { site: hosts.site, api: hosts.api },
      maxUploadMi: settings.application.maxUploadMb,
      timeoutSeconds: settings.application.requestTimeoutSeconds,
      requestsPerMinute: settings.application.rateLimitPerMinute,
    },
    walls: networkWalls(facts.cluster, facts.platform),
    needs: [...applicationNeeds(facts.cluster, facts.platform), ...facts.alsoNeeded],
    secretsVersion: facts.secretsVersion,
  };
  const { error } = chartValues.safeParse(withoutOutputs(values));
  if (error) throw new Error(`The chart would refuse its values.\n${z.prettifyError(error)}`);
  return values as Late<ChartValues>;
}

function environmentFacts({ cluster, platform, settings, ...facts }: ChartFacts): EnvironmentFacts {
  return {
    clusterName: cluster.name,
    namespace: facts.namespace,
    domain: cluster.dns.domain,
    cloud: cluster.environment,
    databaseBucket: cluster.buckets.database.name,
    registry: cluster.registry.prefix,
    userImage: facts.images["user-environment"],
    clusterIssuer: platform.clusterIssuer,
    storageClass: platform.storageClass,
    signIn: cluster.signIn,
    application: settings.application,
  };
}

/**
 * Requests as given, the same memory as limit, and a CPU limit of some times the request, but never beyond
 * what the namespace's LimitRange admits.
 */
function resources(request: { cpu: string; memory: string }, { environments }: ApplicationSettings) {
  const burst = Math.min(milliCores(request.cpu) * CPU_BURST, environments.largest.cpu * 1000);
  return {
    requests: { cpu: request.cpu, memory: `${mebibytes(request.memory)}Mi` },
    limits: { cpu: `${burst}m`, memory: `${mebibytes(request.memory)}Mi` },
  };
}

/** Anywhere, the platform's own nodes included where those are closed to everything else. */
function placementOn(tolerations: readonly Toleration[]) {
  return { nodeSelector: {}, tolerations: [...tolerations], terminationGracePeriodSeconds: 30 };
}

/** The values with something of the right type where an Output stands. */
function withoutOutputs(value: unknown, key = ""): unknown {
  if (pulumi.Output.isInstance(value)) return key === "annotations" ? {} : "not known yet";
  if (Array.isArray(value)) return value.map((item) => withoutOutputs(item));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([k, inner]) => [k, withoutOutputs(inner, k)]));
}
