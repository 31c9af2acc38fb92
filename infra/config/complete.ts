import { chooseSignIn } from "../../components/sign-in";
import type { StorageIntent } from "../../components/storage-intents";
import { copyRegionOf, gcpZones, isKnownGcpRegion, multiRegionOf } from "./places";
import { profiles, type Profile } from "./profiles";
import type { Raw } from "./schema";
import type {
  AuthSettings,
  AwsBlock,
  CognitoSettings,
  CommonSettings,
  GcpBlock,
  ImageChoice,
  MaintenanceWindow,
  Settings,
  WarmNodes,
} from "./settings";

type Without<T, K extends keyof T> = Omit<T, K> & Partial<Pick<T, K>>;
type GcpDraft = Without<GcpBlock, "project" | "region" | "databaseLocation">;
type AwsDraft = Without<AwsBlock, "accountId" | "region">;

/** Settings with every default filled in, in which what has no default may still be missing. */
export type Draft = Without<
  Omit<CommonSettings, "certificates" | "application" | "auth">,
  "cloud" | "clusterName" | "namespace" | "domain"
> & {
  readonly certificates: Without<CommonSettings["certificates"], "email">;
  readonly application: CommonSettings["application"];
  readonly auth?: AuthSettings;
  /** Each block that stands, chosen or not. */
  readonly gcp?: GcpDraft;
  readonly aws?: AwsDraft;
};

/** Lays what was set over the defaults, one level deep, so that an unset key keeps its default. */
function over<T extends object>(defaults: T, set: Partial<T> | undefined): T {
  const given = Object.entries(set ?? {}).filter(([, value]) => value !== undefined);
  return { ...defaults, ...Object.fromEntries(given) };
}

/** Fills in the defaults: the profile's, and those that are the same in all profiles. */
export function complete(raw: Raw): Draft {
  const profile = profiles[raw.profile ?? "dev"];
  const images = completeImages(raw);
  const auth = completeAuth(raw);
  const scheduled = raw.sleep?.schedule !== undefined;
  return {
    cloud: raw.cloud,
    profile: raw.profile ?? "dev",
    clusterName: raw.clusterName,
    namespace: raw.namespace ?? raw.clusterName,
    domain: raw.domain,
    dns: { ...raw.dns },
    certificates: { email: raw.certificates?.email, issuer: raw.certificates?.issuer ?? "production" },
    ...(auth && { auth }),
    secretsVersion: raw.secretsVersion ?? 1,
    ...(images && { images }),
    application: over<CommonSettings["application"]>(
      {
        adminEmails: [],
        firstUserIsAdmin: false,
        trustedDomains: [],
        tokenExpireHours: 24,
        autoShutdownCheckMinutes: 30,
        tls: true,
        secureCookies: true,
        debug: false,
        devMode: false,
        maxUploadMb: 100,
        requestTimeoutSeconds: 3600,
        rateLimitPerMinute: 600,
      },
      raw.application,
    ),
    frontend: over({ ...profile.frontend, targetCpuPercent: 70 }, raw.frontend),
    backend: over({ ...profile.backend, replicas: 1 }, raw.backend),
    ingress: over(profile.ingress, raw.ingress),
    admission: over(profile.admission, raw.admission),
    environments: {
      ...over(profile.environments, { ...raw.environments, largest: undefined, spare: undefined }),
      largest: over(profile.environments.largest, raw.environments?.largest),
      // A schedule lets no user node stay: room would bring one every morning, and hold it.
      spare: over(
        scheduled ? { ...profile.environments.spare, least: 0 } : profile.environments.spare,
        raw.environments?.spare,
      ),
    },
    database: over(profile.database, raw.database),
    storage: { class: (raw.storage?.class ?? "hot") as StorageIntent },
    retention: over(profile.retention, raw.retention),
    protect: over(profile.protect, raw.protect),
    sleep: completeSleep(raw.sleep),
    ...(raw.budget?.monthly !== undefined && {
      budget: over<NonNullable<CommonSettings["budget"]>>(
        { monthly: raw.budget.monthly, against: "fixed", alertEmails: [], unknownPrices: "refuse" },
        raw.budget,
      ),
    }),
    tags: { ...raw.tags } as Record<string, string>,
    ...(raw.gcp && { gcp: completeGcp(raw.gcp, profile.gcp, scheduled) }),
    ...(raw.aws && { aws: completeAws(raw.aws, profile.aws, scheduled) }),
  };
}

/** A schedule that lacks a time or its zone is none; the schema says so. */
function completeSleep(raw: Raw["sleep"]): CommonSettings["sleep"] {
  const { timezone, sleep, wake, days = ["MO", "TU", "WE", "TH", "FR"] } = raw?.schedule ?? {};
  const whole = timezone !== undefined && sleep !== undefined && wake !== undefined;
  return { now: raw?.now ?? false, ...(whole && { schedule: { timezone, sleep, wake, days } }) };
}

/** A schedule lets no user node stay. */
function warmOf<W extends WarmNodes>(warm: W, scheduled: boolean): W {
  return scheduled ? { ...warm, count: 0 } : warm;
}

function completeGcp(raw: NonNullable<Raw["gcp"]>, profile: Profile["gcp"], scheduled: boolean): GcpDraft {
  const { project, region } = raw;
  // Of a region that is not known it is not known either what lies around it, and the choice is for good.
  const around =
    profile.multiRegion && region && isKnownGcpRegion(region) ? multiRegionOf(region) : undefined;
  return {
    project,
    region,
    zones: raw.zones ?? (region ? gcpZones(region).slice(0, profile.zoneCount) : []),
    network: over(
      {
        nodesCidr: "10.0.0.0/20",
        podsCidr: "10.16.0.0/14",
        servicesCidr: "10.20.0.0/20",
        controlPlaneCidr: "172.16.0.0/28",
        natMinPortsPerVm: 64,
        natMaxPortsPerVm: 4096,
      },
      raw.network,
    ),
    cluster: {
      ...(raw.cluster?.version !== undefined && { version: raw.cluster.version }),
      releaseChannel: raw.cluster?.releaseChannel ?? profile.releaseChannel,
      // Two nights of six hours: GKE wants 48 hours of maintenance in any 32 days.
      maintenance: over<MaintenanceWindow>(
        { start: "03:00", hours: 6, days: ["SA", "SU"] },
        raw.cluster?.maintenance,
      ),
      authorizedNetworks: raw.cluster?.authorizedNetworks ?? [],
    },
    nodes: {
      system: over(profile.nodes.system, raw.nodes?.system),
      users: over(profile.nodes.users, withoutSpot(raw.nodes?.users)),
      warm: over(warmOf(profile.nodes.warm, scheduled), raw.nodes?.warm),
    },
    databaseLocation: raw.databaseLocation ?? around ?? region,
    accessLogs: raw.accessLogs ?? true,
    secretLocations: raw.secretLocations ?? [],
    roleRevision: raw.roleRevision ?? 1,
    ...(raw.billingAccount !== undefined && { billingAccount: raw.billingAccount }),
  };
}

function completeAws(raw: NonNullable<Raw["aws"]>, profile: Profile["aws"], scheduled: boolean): AwsDraft {
  return {
    accountId: raw.accountId,
    region: raw.region,
    zones: raw.zones ?? [],
    network: over<AwsBlock["network"]>(
      {
        cidr: "10.0.0.0/16",
        servicesCidr: "172.20.0.0/16",
        natGateways: profile.natGateways,
        loadBalancerZones: profile.loadBalancerZones,
      },
      raw.network,
    ),
    cluster: over<AwsBlock["cluster"]>(
      { version: "1.35", publicAccessCidrs: [], privateOnly: false, admins: [] },
      raw.cluster,
    ),
    nodes: {
      system: over(profile.nodes.system, raw.nodes?.system),
      users: over(profile.nodes.users, withoutSpot(raw.nodes?.users)),
      warm: over(warmOf(profile.nodes.warm, scheduled), raw.nodes?.warm),
    },
    ...copyRegion(raw, profile),
    adoptMountRole: raw.adoptMountRole ?? false,
  };
}

/** The second region: what is said, else the profile's wish where a region can be chosen for it. */
function copyRegion(
  { copyRegion: said, region }: NonNullable<Raw["aws"]>,
  { secondRegion }: Profile["aws"],
): Pick<AwsBlock, "copyRegion"> {
  const chosen = said ?? (secondRegion && region !== undefined ? copyRegionOf(region) : undefined) ?? "none";
  return chosen === "none" ? {} : { copyRegion: chosen };
}

/** `spot: false` may be written for user nodes but says nothing. */
function withoutSpot<T extends { spot?: false }>(nodes: T | undefined): Omit<T, "spot"> | undefined {
  if (!nodes) return undefined;
  const rest = { ...nodes };
  delete rest.spot;
  return rest;
}

/** The three images, when all of them are known. */
function completeImages(raw: Raw): CommonSettings["images"] {
  const { tag, ...references } = raw.images ?? {};
  const choose = (reference: string | undefined): ImageChoice | undefined =>
    reference !== undefined
      ? { source: "reference", reference }
      : tag !== undefined
        ? { source: "own", tag }
        : undefined;
  const backend = choose(references.backend);
  const frontend = choose(references.frontend);
  const environment = choose(references.userEnvironment);
  if (!backend || !frontend || !environment) return undefined;
  return { backend, frontend, "user-environment": environment };
}

/**
 * Who signs people in; undefined when the provider chosen lacks what it needs (`refuseProviderWithoutCredentials`
 * says so). On aws a pool is made when nothing is configured, or when Cognito is named and nothing else said.
 *
 * @requirement A1
 */
function completeAuth(raw: Raw): AuthSettings | undefined {
  const { cloud, auth } = raw;
  if (!cloud) return undefined;
  const clientId = auth?.google?.clientId;
  const active = chooseSignIn({
    explicit: auth?.provider ?? "auto",
    google: auth?.google !== undefined,
    cognito: auth?.cognito !== undefined,
    cloudDefault: cloud === "gcp" ? "google" : "cognito",
  });
  const wanted = auth?.cognito ?? (cloud === "aws" && active === "cognito" ? {} : undefined);
  const cognito = wanted && completeCognito(wanted, raw);
  if (active === "google" ? clientId === undefined : cognito === undefined) return undefined;
  return {
    active,
    ...(clientId !== undefined && { google: { clientId } }),
    ...(cognito && { cognito }),
  };
}

function completeCognito(
  wanted: NonNullable<NonNullable<Raw["auth"]>["cognito"]>,
  raw: Raw,
): CognitoSettings | undefined {
  const own = raw.cloud === "aws" ? raw.aws : undefined;
  const { userPoolId, clientId, domainPrefix } = wanted;
  const accountId = wanted.accountId ?? own?.accountId;
  const allowSignOutEverywhere = wanted.allowSignOutEverywhere ?? false;
  const prefix = domainPrefix === undefined ? {} : { domainPrefix };
  if (userPoolId !== undefined || clientId !== undefined) {
    if (userPoolId === undefined || clientId === undefined) return undefined;
    // A pool id starts with its region.
    const region = wanted.region ?? userPoolId.split("_")[0]!;
    const account = accountId === undefined ? {} : { accountId };
    return { kind: "existing", region, userPoolId, clientId, allowSignOutEverywhere, ...prefix, ...account };
  }
  const region = wanted.region ?? own?.region;
  if (region === undefined || accountId === undefined) return undefined;
  const { mfa = "optional", selfSignUp = false } = wanted;
  return { kind: "create", region, accountId, mfa, selfSignUp, allowSignOutEverywhere, ...prefix };
}

/** The chosen cloud's settings out of a draft without faults: nothing is missing then, as the schema saw to it. */
export function finish(draft: Draft): Settings {
  const { gcp, aws, ...common } = draft;
  return (draft.cloud === "gcp" ? { ...common, gcp } : { ...common, aws }) as Settings;
}
