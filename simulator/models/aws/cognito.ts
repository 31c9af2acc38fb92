import { CloudError, type CloudObject, type Properties, type ResourceModel } from "../model";
import { arn, maps, need, regionOf, text } from "./values";

const POOL = "aws:cognito/userPool:UserPool";
const DOMAIN = "aws:cognito/userPoolDomain:UserPoolDomain";
const CLIENT = "aws:cognito/userPoolClient:UserPoolClient";
const source = "published deployment logs: 1 to 5 s";

const noPool = (id: string) => new CloudError("ResourceNotFoundException", `User pool ${id} does not exist.`);
const invalid = (message: string) => new CloudError("InvalidParameterException", message);

/** Attributes can be added to a pool, never changed or taken away. */
function keepsSchema({ properties }: CloudObject, news: Properties): void {
  const kept = maps(news, "schemas").map((one) => JSON.stringify(one));
  if (maps(properties, "schemas").some((one) => !kept.includes(JSON.stringify(one))))
    throw invalid("cannot modify or remove schema items");
}

/** Pools may share a name. */
const userPool: ResourceModel = {
  type: POOL,
  durations: { create: 1, delete: 1, source },
  id: (inputs, cloud) => `${regionOf(inputs, cloud)}_${cloud.hex(9)}`,
  outputs: (inputs, cloud, id) => ({
    arn: arn(cloud, "cognito-idp", regionOf(inputs, cloud), `userpool/${id}`),
    endpoint: `cognito-idp.${regionOf(inputs, cloud)}.amazonaws.com/${id}`,
    creationDate: "2026-01-01T00:00:00Z",
    lastModifiedDate: "2026-01-01T00:00:00Z",
    estimatedNumberOfUsers: 0,
    customDomain: "",
    domain: "",
    userPoolTier: text(inputs, "userPoolTier") || "ESSENTIALS",
  }),
  updating: keepsSchema,
  blockers: ({ id, properties }, cloud) => {
    if (text(properties, "deletionProtection") === "ACTIVE")
      return [
        invalid(
          "The user pool cannot be deleted because deletion protection is activated. " +
            "Deletion protection must be inactivated first.",
        ),
      ];
    return cloud.list(DOMAIN, (domain) => domain.properties["userPoolId"] === id).length > 0
      ? [invalid("User pool cannot be deleted. It has a domain configured that should be deleted first.")]
      : [];
  },
  deleting: ({ id }, cloud) => {
    for (const client of cloud.list(CLIENT, ({ properties }) => properties["userPoolId"] === id))
      cloud.remove(CLIENT, client.id);
  },
};

const userPoolClient: ResourceModel = {
  type: CLIENT,
  durations: { create: 1, delete: 1, source },
  id: (_inputs, cloud) => cloud.hex(26),
  importId: ({ id, properties }) => `${text(properties, "userPoolId")}/${id}`,
  needs: (inputs) => need(inputs, "userPoolId", POOL, noPool),
  accept: (inputs) => {
    const flows = inputs["allowedOauthFlowsUserPoolClient"];
    if (flows === true && !Array.isArray(inputs["callbackUrls"]))
      throw new CloudError(
        "InvalidOAuthFlowException",
        "At least one callback URL is needed for a code grant",
      );
  },
  outputs: (inputs, cloud) =>
    text(inputs, "generateSecret") === "true" ? { clientSecret: cloud.hex(52) } : { clientSecret: "" },
};

/** A prefix is taken by one pool among those of all accounts in the region. */
const userPoolDomain: ResourceModel = {
  type: DOMAIN,
  durations: { create: 10, delete: 5, source: "published deployment logs: 2 to 60 s" },
  id: (inputs) => text(inputs, "domain"),
  uniqueName: (inputs, cloud) => `${regionOf(inputs, cloud)}:${text(inputs, "domain")}`,
  nameTaken: () => invalid("Domain already associated with another user pool."),
  check: (inputs) => {
    const domain = text(inputs, "domain");
    if (domain === "" || domain.includes(".")) return [];
    return /aws|amazon|cognito/.test(domain)
      ? [{ property: "domain", reason: "a prefix may not hold aws, amazon or cognito" }]
      : /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(domain)
        ? []
        : [{ property: "domain", reason: "lower-case letters, digits and hyphens, 63 at most" }];
  },
  needs: (inputs) => need(inputs, "userPoolId", POOL, noPool),
  replaceWhen: { certificateArn: (before, after) => (before === undefined) !== (after === undefined) },
  accept: (inputs, cloud) => {
    const others = cloud.list(
      DOMAIN,
      ({ properties }) =>
        properties["userPoolId"] === inputs["userPoolId"] && !text(properties, "domain").includes("."),
    );
    if (
      others.length > 0 &&
      others[0]!.id !== text(inputs, "domain") &&
      !text(inputs, "domain").includes(".")
    )
      throw invalid("User pool already has a domain configured.");
  },
  outputs: (_inputs, cloud) => ({
    awsAccountId: cloud.account,
    cloudfrontDistribution: `d${cloud.hex(13)}.cloudfront.net`,
    cloudfrontDistributionArn: `d${cloud.hex(13)}.cloudfront.net`,
    cloudfrontDistributionZoneId: "Z2FDTNDATAQYW2",
    s3Bucket: `aws-cognito-prod-${cloud.hex(4)}-assets`,
    version: "20261001000000",
  }),
};

/** User pools. */
export const cognitoModels: readonly ResourceModel[] = [userPool, userPoolClient, userPoolDomain];
