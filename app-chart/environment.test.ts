import { combinations, titleOf, type Combination } from "./combinations";
import { objectsOf, one, type Rendered } from "./render";
import { describeWithTools } from "../testing/with-tools";

/** What a container sees: plain values, and of secret ones where they come from. */
function environmentOf(objects: readonly Rendered[], name: string): Record<string, string> {
  const [container] = one(objects, "Deployment", name).spec.template.spec.containers as {
    envFrom: { configMapRef: { name: string } }[];
    env: { name: string; value?: string; valueFrom?: { secretKeyRef: { name: string; key: string } } }[];
  }[];
  const seen: Record<string, string> = {};
  const add = (variable: string, value: string) => {
    if (variable in seen) throw new Error(`${name} gets ${variable} twice`);
    seen[variable] = value;
  };
  for (const { configMapRef } of container!.envFrom) {
    const { data } = one(objects, "ConfigMap", configMapRef.name) as unknown as {
      data: Record<string, string>;
    };
    for (const [variable, value] of Object.entries(data)) add(variable, value);
  }
  for (const { name: variable, value, valueFrom } of container!.env) {
    const ref = valueFrom?.secretKeyRef;
    add(variable, value ?? `secret ${ref!.name}/${ref!.key}`);
  }
  return seen;
}

const secret = (part: string, key: string) => ({ [key]: `secret cmbcluster-${part}-secrets/${key}` });
const image = (role: string) => `registry.example.org/cmb-test-${role}:v1.2.3`;

/** Written by hand from the application's tables, not computed by the code under test. */
function expectedBackend({ cloud, providers }: Combination): Record<string, string> {
  return {
    CLUSTER_NAME: "cmb-test",
    NAMESPACE: "science",
    BASE_DOMAIN: "cmb.example.org",
    API_URL: "https://api.cmb.example.org",
    FRONTEND_URL: "https://cmb.example.org",
    USER_POD_SA_NAME: "cmbcluster-user-sa",
    CLUSTER_ISSUER: "letsencrypt-production",
    INGRESS_CLASS_NAME: "nginx",
    DATABASE_PATH: "/app/data/cmbcluster.db",
    DEFAULT_IMAGE: image("user-environment"),
    ...(cloud === "gcp"
      ? {
          CLOUD_PROVIDER: "gcp",
          PROJECT_ID: "science-project",
          REGION: "europe-west4",
          ZONE: "europe-west4-a",
          ...(providers.cognito && { AWS_REGION: providers.cognito.region }),
        }
      : {
          CLOUD_PROVIDER: "aws",
          PROJECT_ID: "cmb",
          AWS_ACCOUNT_ID: "123456789012",
          AWS_REGION: "eu-central-1",
          EKS_CLUSTER_NAME: "cmb-test",
        }),
    AUTH_PROVIDER: providers.active,
    GOOGLE_CLIENT_ID: providers.google ? "google-client" : "build-time-placeholder",
    ...(providers.google && secret("backend", "GOOGLE_CLIENT_SECRET")),
    ...(providers.cognito && {
      COGNITO_USER_POOL_ID: `${providers.cognito.region}_pool`,
      COGNITO_CLIENT_ID: "cognito-client",
      COGNITO_ISSUER: `https://cognito-idp.${providers.cognito.region}.amazonaws.com/${providers.cognito.region}_pool`,
      ...secret("backend", "COGNITO_CLIENT_SECRET"),
    }),
    ...secret("backend", "SECRET_KEY"),
    ...secret("backend", "FILE_ENCRYPTION_KEY"),
    ADMIN_EMAILS: '["admin@example.org","second@example.org"]',
    FIRST_USER_IS_ADMIN: "false",
    TRUSTED_DOMAINS: "[]",
    TOKEN_EXPIRE_HOURS: "8",
    AUTO_SHUTDOWN_CHECK_INTERVAL_MINUTES: "5",
    TLS_ENABLED: "true",
    SESSION_SECURE_COOKIES: "true",
    DEBUG: "false",
    DEV_MODE: "false",
    ENABLE_SECURITY_HEADERS: "true",
    CSP_ENABLED: "true",
    FORWARDED_ALLOW_IPS: "*",
    DATABASE_BUCKET: "cmb-test-db",
    REGISTRY_URL: "registry.example.org",
    STORAGE_CLASS_NAME: "cmb-block-retained",
    JWT_ALGORITHM: "HS256",
    RATE_LIMIT_ENABLED: "true",
    REDIS_ENABLED: "false",
    FREE_TIER_MAX_UPTIME_MINUTES: "60",
    MAX_INACTIVE_HOURS: "4",
    MAX_USER_PODS: "1",
    PYTHONDONTWRITEBYTECODE: "1",
    PYTHONUNBUFFERED: "1",
  };
}

function expectedFrontend({ providers }: Combination): Record<string, string> {
  return {
    HOSTNAME: "0.0.0.0",
    PORT: "8501",
    NEXTAUTH_URL: "https://cmb.example.org",
    API_URL: "https://api.cmb.example.org",
    NEXT_PUBLIC_API_URL: "http://cmbcluster-backend:8000",
    NEXT_PUBLIC_API_DOMAIN: "api.cmb.example.org",
    NEXT_PUBLIC_DOMAIN: "cmb.example.org",
    BASE_DOMAIN: "cmb.example.org",
    DEV_MODE: "false",
    ENABLE_SECURITY_HEADERS: "true",
    CSP_ENABLED: "true",
    ...secret("frontend", "NEXTAUTH_SECRET"),
    GOOGLE_CLIENT_ID: providers.google ? "google-client" : "build-time-placeholder",
    ...(providers.google && secret("frontend", "GOOGLE_CLIENT_SECRET")),
    ...(providers.cognito && {
      COGNITO_CLIENT_ID: "cognito-client",
      COGNITO_ISSUER: `https://cognito-idp.${providers.cognito.region}.amazonaws.com/${providers.cognito.region}_pool`,
      ...secret("frontend", "COGNITO_CLIENT_SECRET"),
    }),
  };
}

describeWithTools(["helm"], "what the containers see", () => {
  test.each(combinations.map((each) => [titleOf(each), each] as const))(
    "[H1, A1] %s: every variable once, with its value or absent",
    (_title, combination) => {
      const objects = objectsOf(combination.values);
      expect(environmentOf(objects, "cmbcluster-backend")).toEqual(expectedBackend(combination));
      expect(environmentOf(objects, "cmbcluster-frontend")).toEqual(expectedFrontend(combination));
    },
  );
});
