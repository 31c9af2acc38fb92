import {
  backendEnvironment,
  type EnvironmentFacts,
  frontendEnvironment,
  NO_GOOGLE_CLIENT,
} from "./environment";
import { both, cognito, google, settings } from "./fixtures";
import {
  backendSecretVariables,
  backendVariables,
  frontendSecretVariables,
  frontendVariables,
} from "./variables";

const facts: EnvironmentFacts = {
  clusterName: "cmb-test",
  namespace: "science",
  domain: "cmb.example.org",
  cloud: { CLOUD_PROVIDER: "gcp", PROJECT_ID: "science-project" },
  databaseBucket: "cmb-test-db",
  registry: "registry.example.org",
  userImage: "registry.example.org/user-environment:v1",
  clusterIssuer: "letsencrypt-production",
  storageClass: "block",
  signIn: both,
  application: settings.application,
};

/** Both containers' variables with a change to the facts. */
const withFacts = (change: Partial<EnvironmentFacts>) => ({
  backend: backendEnvironment({ ...facts, ...change }),
  frontend: frontendEnvironment({ ...facts, ...change }),
});

test("[H1] without Google both containers get the placeholder that they take for none: no variable would crash the backend", () => {
  const { backend, frontend } = withFacts({ signIn: { active: "cognito", cognito } });
  expect(backend.GOOGLE_CLIENT_ID).toBe(NO_GOOGLE_CLIENT);
  expect(frontend.GOOGLE_CLIENT_ID).toBe(NO_GOOGLE_CLIENT);
  expect(NO_GOOGLE_CLIENT).toBe("build-time-placeholder");
});

test("[H1] without Cognito none of its variables is there, nor a region that only it needs", () => {
  const { backend, frontend } = withFacts({ signIn: { active: "google", google } });
  const names = [...Object.keys(backend), ...Object.keys(frontend)];
  expect(names.filter((name) => /COGNITO|AWS/.test(name))).toEqual([]);
});

test("[A1] Cognito brings its region; a region the cluster already has stays", () => {
  expect(withFacts({}).backend.AWS_REGION).toBe("eu-central-1");
  const own = withFacts({ cloud: { ...facts.cloud, AWS_REGION: "us-east-1" } });
  expect(own.backend.AWS_REGION).toBe("us-east-1");
});

test("[A2] the provider that was chosen is named, never left to the application's own guess", () => {
  expect(withFacts({ signIn: { ...both, active: "cognito" } }).backend.AUTH_PROVIDER).toBe("cognito");
  expect(withFacts({}).backend.AUTH_PROVIDER).toBe("google");
});

test("[H1] lists are JSON, since plain text stops the start", () => {
  const { backend } = withFacts({});
  expect(backend.ADMIN_EMAILS).toBe('["admin@example.org"]');
  expect(backend.TRUSTED_DOMAINS).toBe('["docs.example.org"]');
});

test("[H1] the browser gets public addresses, the token exchange stays in the cluster", () => {
  const { frontend } = withFacts({});
  expect(frontend.API_URL).toBe("https://api.cmb.example.org");
  expect(frontend.NEXT_PUBLIC_API_URL).toBe("http://cmbcluster-backend:8000");
});

test("without TLS every address says so", () => {
  const { backend, frontend } = withFacts({ application: { ...settings.application, tls: false } });
  for (const address of [backend.API_URL, backend.FRONTEND_URL, frontend.API_URL, frontend.NEXTAUTH_URL]) {
    expect(address).toMatch(/^http:\/\//);
  }
  expect(backend.TLS_ENABLED).toBe("false");
});

test("[C3] no variable is both plain and secret", () => {
  const shared = (plain: readonly string[], secret: readonly string[]) =>
    plain.filter((name) => secret.includes(name));
  expect(shared(backendVariables, backendSecretVariables)).toEqual([]);
  expect(shared(frontendVariables, frontendSecretVariables)).toEqual([]);
});
