import type * as pulumi from "@pulumi/pulumi";
import { hostNames, USER_SERVICE_ACCOUNT } from "../naming";
import type { SignInProviders } from "../sign-in";
import { INGRESS_CLASS, names, ports } from "./names";
import type { ApplicationSettings } from "./settings";
import type { BackendVariable, FrontendVariable } from "./variables";

/** A value known while the graph is planned, or later. */
type Late = string | pulumi.Output<string>;

/** What the containers' environments are computed from. */
export interface EnvironmentFacts {
  readonly clusterName: string;
  readonly namespace: string;
  readonly domain: string;
  /** The cloud's own coordinates, by variable name (`CmbCluster.environment`). */
  readonly cloud: Readonly<Record<string, string>>;
  readonly databaseBucket: string;
  readonly registry: string;
  readonly userImage: string;
  readonly clusterIssuer: string;
  readonly storageClass: string;
  readonly signIn: SignInProviders;
  readonly application: ApplicationSettings["application"];
}

/** Plain variables of the backend's container. */
export type BackendEnvironment = { readonly [V in BackendVariable]?: Late };
/** Plain variables of the front end's container. */
export type FrontendEnvironment = { readonly [V in FrontendVariable]?: Late };

/**
 * What backend and front end both take for "no Google client". Without any GOOGLE_CLIENT_ID the backend
 * crashes while it starts, even with Cognito alone.
 */
export const NO_GOOGLE_CLIENT = "build-time-placeholder";

/** Where the application keeps its database; uploads lie beside it. The volume is mounted here. */
export const DATA_DIRECTORY = "/app/data";

/** The database's file, which the application makes where there is none. */
export const DATABASE_FILE = `${DATA_DIRECTORY}/cmbcluster.db`;

/** Files that administrators upload; the application fixes the place. */
export const UPLOADS_DIRECTORY = `${DATA_DIRECTORY}/uploads`;

/**
 * The backend's plain variables.
 *
 * @requirement H1
 */
export function backendEnvironment(facts: EnvironmentFacts): BackendEnvironment {
  return {
    ...(facts.cloud as BackendEnvironment),
    ...places(facts),
    ...signInVariables(facts),
    ...rules(facts.application),
    ...withoutEffect(facts),
    // The container's root is read-only.
    PYTHONDONTWRITEBYTECODE: "1",
    PYTHONUNBUFFERED: "1",
  };
}

/**
 * The front end's plain variables.
 *
 * @requirement H1
 */
export function frontendEnvironment(facts: EnvironmentFacts): FrontendEnvironment {
  const { site, api } = hostNames(facts.domain);
  const scheme = facts.application.tls ? "https" : "http";
  const { google, cognito } = facts.signIn;
  return {
    HOSTNAME: "0.0.0.0",
    PORT: String(ports.frontend),
    NEXTAUTH_URL: `${scheme}://${site}`,
    // Handed to the browser, so public; the token exchange happens on the server and stays in the cluster.
    API_URL: `${scheme}://${api}`,
    NEXT_PUBLIC_API_URL: `http://${names.backend}:${ports.backend}`,
    NEXT_PUBLIC_API_DOMAIN: api,
    NEXT_PUBLIC_DOMAIN: site,
    BASE_DOMAIN: facts.domain,
    DEV_MODE: String(facts.application.devMode),
    ENABLE_SECURITY_HEADERS: "true",
    CSP_ENABLED: "true",
    GOOGLE_CLIENT_ID: late(google?.clientId ?? NO_GOOGLE_CLIENT),
    ...(cognito && { COGNITO_CLIENT_ID: cognito.clientId, COGNITO_ISSUER: cognito.issuer }),
  };
}

function places(facts: EnvironmentFacts): BackendEnvironment {
  const { site, api } = hostNames(facts.domain);
  const scheme = facts.application.tls ? "https" : "http";
  return {
    CLUSTER_NAME: facts.clusterName,
    NAMESPACE: facts.namespace,
    BASE_DOMAIN: facts.domain,
    API_URL: `${scheme}://${api}`,
    FRONTEND_URL: `${scheme}://${site}`,
    USER_POD_SA_NAME: USER_SERVICE_ACCOUNT,
    CLUSTER_ISSUER: facts.clusterIssuer,
    INGRESS_CLASS_NAME: INGRESS_CLASS,
    DATABASE_PATH: DATABASE_FILE,
    DEFAULT_IMAGE: facts.userImage,
  };
}

function signInVariables({ signIn, cloud }: EnvironmentFacts): BackendEnvironment {
  const { active, google, cognito } = signIn;
  return {
    AUTH_PROVIDER: active,
    GOOGLE_CLIENT_ID: late(google?.clientId ?? NO_GOOGLE_CLIENT),
    ...(cognito && {
      COGNITO_USER_POOL_ID: cognito.userPoolId,
      COGNITO_CLIENT_ID: cognito.clientId,
      COGNITO_ISSUER: cognito.issuer,
      // Needed with Cognito everywhere; where the cluster has a region of this kind of its own, that one stays.
      AWS_REGION: cloud.AWS_REGION ?? cognito.region,
    }),
  };
}

function rules(application: EnvironmentFacts["application"]): BackendEnvironment {
  return {
    ADMIN_EMAILS: JSON.stringify(application.adminEmails),
    FIRST_USER_IS_ADMIN: String(application.firstUserIsAdmin),
    TRUSTED_DOMAINS: JSON.stringify(application.trustedDomains),
    TOKEN_EXPIRE_HOURS: String(application.tokenExpireHours),
    AUTO_SHUTDOWN_CHECK_INTERVAL_MINUTES: String(application.autoShutdownCheckMinutes),
    TLS_ENABLED: String(application.tls),
    SESSION_SECURE_COOKIES: String(application.secureCookies),
    DEBUG: String(application.debug),
    DEV_MODE: String(application.devMode),
    ENABLE_SECURITY_HEADERS: "true",
    CSP_ENABLED: "true",
    // The walls let only the ingress controller, which overwrites the header, and the front end reach this port
    // (app-chart/templates/walls/backend.yaml); the server's version (uvicorn 0.24) compares literal addresses and
    // knows no ranges, so nothing narrower can be said.
    FORWARDED_ALLOW_IPS: "*",
  };
}

/**
 * Variables the application's documents list and its code ignores: set to what is true, relied on by nobody.
 * (`CmbCluster.environment` brings those that belong to one cloud.)
 */
function withoutEffect(facts: EnvironmentFacts): BackendEnvironment {
  return {
    DATABASE_BUCKET: facts.databaseBucket,
    REGISTRY_URL: facts.registry,
    STORAGE_CLASS_NAME: facts.storageClass,
    JWT_ALGORITHM: "HS256",
    RATE_LIMIT_ENABLED: "true",
    REDIS_ENABLED: "false",
    FREE_TIER_MAX_UPTIME_MINUTES: "60",
    MAX_INACTIVE_HOURS: "4",
    MAX_USER_PODS: "1",
  };
}

function late(value: pulumi.Input<string>): Late {
  return value as Late;
}
