import type { ChartValues } from "../components/application/values";
import { signIns, valuesOf } from "./combinations";
import { template } from "./render";
import { describeWithTools } from "../testing/with-tools";

/** Values that render; each case below spoils one thing. */
const sound = () => structuredClone(valuesOf("aws", signIns["both, google first"]!, "dev"));

type Spoil = (values: ChartValues) => void;

const backend =
  (variables: ChartValues["backend"]["environment"]): Spoil =>
  (values) =>
    Object.assign(values.backend.environment, variables);
const frontend =
  (variables: ChartValues["frontend"]["environment"]): Spoil =>
  (values) =>
    Object.assign(values.frontend.environment, variables);
const without =
  (part: "backend" | "frontend", variable: string): Spoil =>
  (values) => {
    const secret = values[part].secret as { variables: string[] };
    secret.variables = secret.variables.filter((each) => each !== variable);
    delete (values[part].environment as Record<string, string>)[variable];
  };

/** What cannot work, and a part of the message that says so. */
const impossible: readonly (readonly [string, Spoil, string])[] = [
  ["two backends", (v) => (v.backend.replicas = 2), "backend.replicas is 2: the database is SQLite"],
  ["no backend", (v) => (v.backend.replicas = 0), "backend.replicas is 0"],
  [
    "an image tagged latest",
    (v) => (v.backend.image = "example.org/a:latest"),
    "latest changes under running",
  ],
  ["an image without a tag", (v) => (v.frontend.image = "example.org:5000/a"), "without tag or digest"],
  ["a digest cut short", (v) => (v.frontend.image = "example.org/a@sha256:ab12"), "the digest is not sha256"],
  [
    "environments of latest",
    backend({ DEFAULT_IMAGE: "example.org/user:latest" }),
    "backend.environment.DEFAULT_IMAGE",
  ],
  [
    "a Litestream without a tag",
    (v) => (v.database.copies.image = "registry.example.org/litestream"),
    'database.copies.image is "registry.example.org/litestream": without tag or digest',
  ],
  [
    "a Litestream of latest",
    (v) => (v.database.copies.image = "registry.example.org/litestream:latest"),
    "database.copies.image",
  ],
  [
    "more pods at least than at most",
    (v) => (v.frontend.autoscaling.minReplicas = 11),
    "minReplicas 11 is more than maxReplicas 10",
  ],
  [
    "an environment larger than the quota",
    (v) => (v.environments.largest.cpu = 21),
    "the largest environment could never start",
  ],
  [
    "a backend beyond the limit range",
    (v) => (v.backend.resources.limits.memory = "9Gi"),
    "backend: limits of 9Gi memory is more than",
  ],
  [
    "a front end beyond the limit range",
    (v) => (v.frontend.resources.limits.cpu = "2.5"),
    "frontend: limits of 2.5 CPU is more than",
  ],
  [
    "more CPU requested than allowed",
    (v) => (v.backend.resources.requests.cpu = "1500m"),
    "backend: requests 1500m CPU and is limited to 1000m",
  ],
  [
    "more memory requested than allowed",
    (v) => (v.frontend.resources.requests.memory = "1Gi"),
    "frontend: requests 1Gi memory and is limited to 512Mi",
  ],
  ["another ingress class", (v) => (v.ingress.className = "traefik"), 'ingress.className is "traefik"'],
  ["one host for two", (v) => (v.ingress.hosts.api = v.ingress.hosts.site), "one would hide the other"],
  [
    "a missing variable of the backend",
    without("backend", "CLUSTER_ISSUER"),
    "backend.environment.CLUSTER_ISSUER is not set",
  ],
  [
    "a missing variable of the front end",
    without("frontend", "HOSTNAME"),
    "frontend.environment.HOSTNAME is not set",
  ],
  ["another namespace", backend({ NAMESPACE: "default" }), 'NAMESPACE is "default" and must be "science"'],
  ["another account for users", backend({ USER_POD_SA_NAME: "default" }), "USER_POD_SA_NAME"],
  [
    "an address that is not served",
    backend({ API_URL: "https://api.example.net" }),
    'must be "https://api.cmb.example.org"',
  ],
  [
    "a site that is not served",
    frontend({ NEXTAUTH_URL: "https://example.net" }),
    "frontend.environment.NEXTAUTH_URL",
  ],
  ["a port that is not the Service's", frontend({ PORT: "3000" }), 'PORT is "3000" and must be "8501"'],
  [
    "a token exchange that leads elsewhere",
    frontend({ NEXT_PUBLIC_API_URL: "http://other:8000" }),
    "NEXT_PUBLIC_API_URL",
  ],
  ["two Google clients", frontend({ GOOGLE_CLIENT_ID: "another" }), 'must be "google-client"'],
  ["two Cognito clients", frontend({ COGNITO_CLIENT_ID: "another" }), 'must be "cognito-client"'],
  ["a database off its volume", backend({ DATABASE_PATH: "/app/cmbcluster.db" }), "outside the volume"],
  ["administrators in plain text", backend({ ADMIN_EMAILS: "admin@example.org" }), "a JSON list"],
  ["no administrator", backend({ ADMIN_EMAILS: "[]" }), "a JSON list with at least one address"],
  ["no TLS for real users", (v) => (v.ingress.tls = false), "ingress.tls is off outside DEV_MODE"],
  [
    "TLS that the backend does not know of",
    backend({ TLS_ENABLED: "false" }),
    'TLS_ENABLED is "false" and must be "true"',
  ],
  ["open cookies", backend({ SESSION_SECURE_COOKIES: "false" }), "SESSION_SECURE_COOKIES is not"],
  ["debugging for real users", backend({ DEBUG: "true" }), "DEBUG is not"],
  [
    "Google without a client",
    (v) => {
      backend({ GOOGLE_CLIENT_ID: "build-time-placeholder" })(v);
      frontend({ GOOGLE_CLIENT_ID: "build-time-placeholder" })(v);
    },
    "AUTH_PROVIDER is google and GOOGLE_CLIENT_ID names no client",
  ],
  [
    "half a Cognito client",
    without("backend", "COGNITO_ISSUER"),
    "a Cognito client needs COGNITO_USER_POOL_ID",
  ],
  ["Cognito without its region", without("backend", "AWS_REGION"), "a Cognito client needs"],
  [
    "Cognito named, none complete",
    (v) => {
      backend({ AUTH_PROVIDER: "cognito" })(v);
      without("backend", "COGNITO_CLIENT_ID")(v);
      without("frontend", "COGNITO_CLIENT_ID")(v);
    },
    "AUTH_PROVIDER is cognito and no Cognito client is complete",
  ],
  ["an unknown provider", backend({ AUTH_PROVIDER: "github" }), 'AUTH_PROVIDER is "github"'],
  [
    "nobody to sign in with",
    (v) => {
      for (const part of [v.backend, v.frontend]) {
        part.environment.GOOGLE_CLIENT_ID = "build-time-placeholder";
        delete part.environment.COGNITO_CLIENT_ID;
      }
    },
    "no sign-in provider is configured",
  ],
  [
    "a client without its secret",
    without("backend", "GOOGLE_CLIENT_SECRET"),
    "backend.secret.variables lacks GOOGLE_CLIENT_SECRET",
  ],
  [
    "a pool without its secret",
    without("frontend", "COGNITO_CLIENT_SECRET"),
    "frontend.secret.variables lacks COGNITO_CLIENT_SECRET",
  ],
  ["a secret named twice", (v) => v.backend.secret.variables.push("SECRET_KEY"), "names a variable twice"],
  ["no session key", without("backend", "SECRET_KEY"), "backend.secret.variables lacks SECRET_KEY"],
  [
    "no file key",
    without("backend", "FILE_ENCRYPTION_KEY"),
    "backend.secret.variables lacks FILE_ENCRYPTION_KEY",
  ],
  ["no key of the site", without("frontend", "NEXTAUTH_SECRET"), "lacks NEXTAUTH_SECRET"],
];

describeWithTools(["helm"], "impossible combinations", () => {
  test("[H3] what they are spoiled from renders", () => {
    expect(template(sound())).toMatchObject({ ok: true });
  });

  test.each(impossible)("[H3] %s: refused, with the reason", (_title, spoil, message) => {
    const values = sound();
    spoil(values);
    const { ok, text } = template(values);
    expect(ok).toBe(false);
    expect(text).toContain("requirements.yaml");
    expect(text).toContain(message);
  });

  test("[H3] all faults are told at once", () => {
    const values = sound();
    values.backend.replicas = 3;
    values.ingress.className = "traefik";
    values.frontend.image = "example.org/a:latest";
    const { text } = template(values);
    expect(text.match(/^ {2}- /gm)).toHaveLength(4); // the class also differs from INGRESS_CLASS_NAME
  });

  test("[H3] development mode, and only it, allows plain HTTP, open cookies and debugging", () => {
    const values = sound();
    values.ingress.tls = false;
    const plain = { API_URL: "http://api.cmb.example.org" };
    const site = "http://cmb.example.org";
    backend({
      ...plain,
      FRONTEND_URL: site,
      TLS_ENABLED: "false",
      SESSION_SECURE_COOKIES: "false",
      DEBUG: "true",
    })(values);
    frontend({ ...plain, NEXTAUTH_URL: site })(values);
    expect(template(values).text.match(/outside DEV_MODE/g)).toHaveLength(3);
    values.backend.environment.DEV_MODE = "true";
    expect(template(values)).toMatchObject({ ok: true });
  });

  test("[H3] images by digest, with or without a tag, and registries with a port are accepted", () => {
    const values = sound();
    const digest = `sha256:${"0123456789abcdef".repeat(4)}`;
    values.backend.image = `example.org:5000/a@${digest}`;
    values.frontend.image = `example.org:5000/b:v1@${digest}`;
    expect(template(values)).toMatchObject({ ok: true });
  });
});

describeWithTools(["helm"], "the closed schema", () => {
  test.each<readonly [string, (values: Record<string, unknown>) => void]>([
    ["an unknown value at the top", (v) => (v.replicas = 1)],
    ["an unknown value below", (v) => ((v.backend as Record<string, unknown>).imagePullPolicy = "Always")],
    ["a misspelt variable", (v) => ((v as ChartValues).backend.environment = { DATABASE_URL: "x" } as never)],
    [
      "a secret among the plain variables",
      (v) => ((v as ChartValues).backend.environment = { SECRET_KEY: "x" } as never),
    ],
    ["a number where text belongs", (v) => ((v as ChartValues).backend.environment.PROJECT_ID = 7 as never)],
    ["a missing part", (v) => delete v.database],
  ])("[H3] %s is refused by the schema, before any template", (_title, spoil) => {
    const values = sound();
    spoil(values);
    const { ok, text } = template(values);
    expect(ok).toBe(false);
    expect(text).toContain("values don't meet the specifications of the schema");
  });

  test("[H3] the chart alone renders nothing: it has no defaults to be merged over", () => {
    expect(template({}).text).toMatch(/values don't meet the specifications of the schema/);
  });
});
