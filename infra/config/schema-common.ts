import { z } from "zod";
import { sleepSchema } from "./schema-sleep";
import { profileNames } from "./settings";
import { block, choice, email, flag, hostName, list, pattern, text, whole } from "./leaves";
import { sizesShape } from "./schema-sizes";

const mail = (description: string) =>
  pattern(email, {
    description,
    example: "ops@example.org",
    fault: "CMB-C013",
    cause: "an e-mail address of 46 characters at most: the application labels pods with it",
  });

const domainName = (description: string, example: string) =>
  pattern(hostName, {
    description,
    example,
    fault: "CMB-C012",
    cause: "a domain name in lower case, two labels or more, no scheme, no path, no final dot",
  });

const region = (description: string) =>
  text({ description, example: "eu-central-1", fault: "CMB-C015", cause: "an AWS region" });

export const accountId = (description: string) =>
  pattern(/^\d{12}$/, {
    description,
    example: "123456789012",
    fault: "CMB-C014",
    cause: "an AWS account id has 12 digits",
    alsoNumber: true,
  });

const imageReference = (role: string) =>
  text({
    description: `Full reference of the ${role} image with a tag or digest, instead of \`images.tag\`.`,
    example: `ghcr.io/example/${role}:1.4.2`,
    fault: "CMB-C043",
  }).optional();

/** Keys that mean the same on either cloud, without `cloud` and the two blocks. */
export const commonShape = {
  profile: choice(profileNames, {
    description:
      "How much the stack is worth: sizes, replicas, protection and retention follow from it; every value can be overridden.",
    fallback: "dev",
    example: "dev",
  }).optional(),
  clusterName: text({
    description:
      "Name of the cluster, unique in its cloud account, 18 characters at most. Goes into nearly every physical name: changing it later makes everything anew.",
    example: "cmb-dev",
    fault: "CMB-C010",
  }),
  namespace: pattern(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, {
    description:
      "Kubernetes namespace of the application; the cluster's name when omitted. On Google Cloud the same namespace in two clusters of a project is one identity.",
    example: "cmb-dev",
    fault: "CMB-C011",
    cause: "a Kubernetes namespace: lower-case letters, digits and hyphens, 63 characters at most",
  }).optional(),
  domain: domainName(
    "Host name of the site. The API is `api.<domain>`, user environments are `<user>-<env>.<domain>`.",
    "cmb.example.org",
  ),
  dns: block(
    {
      existingZone: text({
        description:
          "A zone that exists and holds the domain: managed zone name (Cloud DNS) or zone id (Route 53). Omitted: the program makes the zone, and the domain is delegated to it by hand, once.",
        example: "Z0123456789ABCDEFGHIJ",
        fault: "CMB-C053",
      }).optional(),
    },
    "The domain's zone.",
  ).optional(),
  certificates: block(
    {
      email: mail(
        "Contact of the account at Let's Encrypt. No warning of an expiry comes there: Let's Encrypt ended those mails in June 2025.",
      ),
      issuer: choice(["production", "staging"], {
        description:
          "Let's Encrypt's environment. `staging` has generous limits and certificates no browser trusts.",
        example: "staging",
      }).optional(),
    },
    "The wildcard certificate.",
  ),
  auth: block(
    {
      provider: choice(["auto", "google", "cognito"], {
        description:
          "Whose tokens the application takes. `auto`: the one configured, Google before Cognito, else the cloud's own.",
        fallback: "auto",
        example: "auto",
      }).optional(),
      google: block(
        {
          clientId: pattern(/^[A-Za-z0-9_-]+\.apps\.googleusercontent\.com$/, {
            description:
              "OAuth web client made by hand in Google's console; its secret is `googleClientSecret`.",
            example: "123456789012-abc.apps.googleusercontent.com",
            cause: "a Google OAuth client id ends in .apps.googleusercontent.com",
          }),
        },
        "Sign-in with Google.",
      ).optional(),
      cognito: block(
        {
          region: region(
            "Region of the pool. On aws the stack's region when omitted, on gcp needed to make a pool.",
          ).optional(),
          accountId: accountId("gcp: AWS account in which the pool is made.").optional(),
          userPoolId: text({
            description: "An existing pool, together with `clientId`. Omitted: the program makes one.",
            example: "eu-central-1_AbCdEf123",
            fault: "CMB-C041",
          }).optional(),
          clientId: pattern(/^[A-Za-z0-9_+]{1,128}$/, {
            description: "A confidential client of the existing pool; its secret is `cognitoClientSecret`.",
            example: "1h57kf5cpq17m0eml12EXAMPLE",
            cause: "a Cognito client id has letters and digits only",
          }).optional(),
          domainPrefix: text({
            description:
              "First label of the hosted sign-in page, unique among all accounts of the region. Omitted: made from cluster and account.",
            example: "cmb-dev-sign-in",
            fault: "CMB-C040",
          }).optional(),
          mfa: choice(["off", "optional", "required"], {
            description: "Second factor (authenticator app) of a pool the program makes.",
            fallback: "optional",
            example: "required",
          }).optional(),
          selfSignUp: flag({
            description:
              "True lets anyone on the internet make an account in the pool, and so use your machines.",
            fallback: false,
            example: false,
          }).optional(),
          allowSignOutEverywhere: flag({
            description:
              "Gives the backend AdminUserGlobalSignOut on the pool; today's application never calls it. aws only.",
            fallback: false,
            example: false,
          }).optional(),
        },
        "Sign-in with Cognito. An empty block makes a pool.",
      ).optional(),
    },
    "Who signs people in.",
  ).optional(),
  secretsVersion: whole(1, 1_000_000, {
    description: "Raise it after changing a secret: pods that read secrets restart.",
    example: 2,
  }).optional(),
  images: block(
    {
      tag: text({
        description:
          "Tag of the three images in the stack's own registry. All of `images` unset: everything but the application is built.",
        example: "1.4.2",
        fault: "CMB-C043",
        alsoNumber: true,
      }).optional(),
      backend: imageReference("backend"),
      frontend: imageReference("frontend"),
      userEnvironment: imageReference("user-environment"),
    },
    "The application's images.",
  ).optional(),
  application: block(
    {
      adminEmails: list(mail("An administrator."), {
        description:
          "Who becomes administrator at the first sign-in; at least one, or the application takes two addresses from its source.",
        example: ["admin@example.org"],
      }),
      firstUserIsAdmin: flag({
        description: "True makes the first person who signs in administrator, whoever that is.",
        example: false,
      }).optional(),
      trustedDomains: list(domainName("A host name.", "example.org"), {
        description:
          "Further host names whose pages may call the API from a browser (CORS). They do not decide who may sign in: the sign-in provider does.",
        example: ["example.org"],
      }).optional(),
      tokenExpireHours: whole(1, 720, { description: "Hours a sign-in lasts.", example: 12 }).optional(),
      autoShutdownCheckMinutes: whole(1, 1440, {
        description: "Minutes between looks for environments to shut down.",
        example: 10,
      }).optional(),
      tls: flag({ description: "Site and API by HTTPS; must stay on in prod.", example: true }).optional(),
      secureCookies: flag({
        description: "Session cookies by HTTPS only; must stay on in prod.",
        example: true,
      }).optional(),
      debug: flag({
        description: "Debug output, with personal data in it; refused in prod.",
        example: false,
      }).optional(),
      devMode: flag({
        description: "Skips the application's own checks at start; refused in prod.",
        example: false,
      }).optional(),
      maxUploadMb: whole(1, 10_240, { description: "Largest upload in MiB.", example: 200 }).optional(),
      requestTimeoutSeconds: whole(10, 86_400, {
        description: "Seconds the ingress waits on a silent request or WebSocket (notebooks need an hour).",
        example: 3600,
      }).optional(),
      rateLimitPerMinute: whole(10, 100_000, {
        description: "Requests a minute from one address before the ingress answers 429.",
        example: 600,
      }).optional(),
    },
    "The application's own settings.",
  ),
  ...sizesShape,
  storage: block(
    {
      class: text({
        description:
          "How often old versions in the database bucket are read: `hot`, `infrequent`, `cold`, `archive` or `auto`. Colder is cheaper to keep, dearer to read, and billed for 30 to 365 days at least.",
        example: "infrequent",
        fault: "CMB-C035",
      }).optional(),
    },
    "Storage.",
  ).optional(),
  retention: block(
    {
      databaseVersionsDays: whole(1, 3650, {
        description: "Days a replaced or deleted object of the database bucket can be brought back.",
        example: 30,
      }).optional(),
      logsDays: whole(1, 3653, {
        description: "Days control-plane and access logs are kept.",
        example: 30,
      }).optional(),
      flowLogsDays: whole(1, 3653, {
        description: "Days network flow logs are kept.",
        example: 14,
      }).optional(),
      imagesKeep: whole(2, 1000, { description: "Images kept in each repository.", example: 20 }).optional(),
    },
    "How long things are kept.",
  ).optional(),
  protect: block(
    {
      data: flag({
        description:
          "Buckets, zone, pool and keys survive `destroy` and edits of the program. False: `destroy` loses them for good.",
        example: true,
      }).optional(),
      cluster: flag({
        description: "The cloud refuses to delete the cluster until this is false and applied.",
        example: true,
      }).optional(),
    },
    "What may not be deleted.",
  ).optional(),
  sleep: sleepSchema.optional(),
  budget: block(
    {
      monthly: whole(1, 10_000_000, {
        description:
          "US$ a month. A plan whose estimate is over it fails `npm run preview`, and the cloud sends alerts at 50, 80 and 100 % of it, and when its forecast reaches it.",
        example: 150,
      }),
      against: choice(["fixed", "maximum"], {
        description:
          "What of the estimate is held against it: what stands there with the pools at their minimum, or everything at the pools' maximum. List prices, credits not deducted.",
        fallback: "fixed",
        example: "maximum",
      }).optional(),
      alertEmails: list(mail("Who gets the alerts."), {
        description:
          "Who gets the cloud's alerts: ten addresses at most on AWS, five on Google Cloud. Without any, AWS alerts nobody, Google the administrators of the billing account.",
        example: ["ops@example.org"],
      }).optional(),
      unknownPrices: choice(["refuse", "accept"], {
        description:
          "A plan with parts that no price is known for in its region: refused, since the budget cannot be held against it, or held to what is known.",
        fallback: "refuse",
        example: "accept",
      }).optional(),
    },
    "What the stack may cost. Omitted: anything, and nobody is told.",
  ).optional(),
  tags: z
    .record(
      z.string(),
      z.string().meta({
        description: "A tag's value.",
        example: "physics",
        fault: "CMB-C047",
        cause: "the value of a tag is text",
        alsoNumber: true,
      }),
    )
    .meta({
      description: "Tags (AWS) or labels (Google) on everything that can carry them; legal on both clouds.",
      example: { team: "physics" },
    })
    .optional(),
};
