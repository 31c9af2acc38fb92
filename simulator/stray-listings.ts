import type { ToolAnswer } from "./engine/host";
import type { World } from "./engine/simulated-provider";
import { PENDING_KEY } from "./models/aws/kms";

/** What `aws` and `gcloud` answer to `npm run strays`; undefined for other questions. */
export function strayListing(
  tool: string,
  command: string,
  args: readonly string[],
  { store }: World,
): ToolAnswer | undefined {
  const of = (kind: string) => store.ofKind(kind).map(({ object }) => object);
  switch (`${tool} ${command}`) {
    case "aws resourcegroupstaggingapi get-resources": {
      const words = args.flatMap((word) => /^Key=([^,]+),Values=(.*)$/.exec(word)?.slice(1, 3) ?? []);
      const filters = words.flatMap((word, index) =>
        index % 2 === 0 ? [[word, words[index + 1]!] as const] : [],
      );
      return answer({ ResourceTagMappingList: tagged(store, args, filters) });
    }
    case "aws ec2 describe-security-groups": {
      const ids = filterOf(args, "group-id");
      const vpcs = of("aws:ec2/vpc:Vpc").map(({ properties }) => properties["defaultSecurityGroupId"]);
      return answer({
        SecurityGroups: of("aws:ec2/securityGroup:SecurityGroup")
          .filter(({ id }) => ids.includes(id) && vpcs.includes(id))
          .map(({ id }) => ({ GroupId: id, GroupName: "default" })),
      });
    }
    case "aws kms describe-key": {
      const id = option(args, "--key-id");
      const key = of("aws:kms/key:Key").find((one) => one.id === id);
      const pending = of(PENDING_KEY).some((one) => one.id === id);
      if (!key && !pending) return notFound("NotFoundException", "DescribeKey", `Key '${id}' does not exist`);
      return answer({
        KeyMetadata: {
          KeyId: id,
          KeyState: pending ? "PendingDeletion" : "Enabled",
          Description: text(key?.properties["description"]),
        },
      });
    }
    case "aws cognito-idp list-user-pool-clients": {
      const pool = option(args, "--user-pool-id");
      return answer({
        UserPoolClients: of("aws:cognito/userPoolClient:UserPoolClient")
          .filter(({ properties }) => properties["userPoolId"] === pool)
          .map(({ id, properties }) => ({
            ...{ ClientId: id, ClientName: text(properties["name"]), UserPoolId: pool },
          })),
      });
    }
    case "aws secretsmanager list-secret-version-ids": {
      const secret = option(args, "--secret-id");
      const versions = of("aws:secretsmanager/secretVersion:SecretVersion").filter(
        ({ properties }) => properties["secretId"] === secret,
      );
      return answer({
        ARN: secret,
        // The last one is what the secret is, the one before it stays at hand, and others are not listed.
        Versions: versions.slice(-2).map(({ properties }, index, { length }) => ({
          VersionId: text(properties["versionId"]),
          VersionStages: [index === length - 1 ? "AWSCURRENT" : "AWSPREVIOUS"],
        })),
      });
    }
    case "gcloud beta monitoring channels":
      return answer(named(of("gcp:monitoring/notificationChannel:NotificationChannel")));
    case "gcloud billing budgets list": {
      const account = `billingAccounts/${option(args, "--billing-account")}/`;
      return answer(named(of("gcp:billing/budget:Budget").filter(({ id }) => id.startsWith(account))));
    }
    case "gcloud secrets versions list": {
      const versions = of("gcp:secretmanager/secretVersion:SecretVersion")
        .map(({ id }) => id)
        .filter((id) => id.split("/").at(-3) === args[3]);
      const newest = versions.sort((a, b) => Number(b.split("/").at(-1)) - Number(a.split("/").at(-1)));
      const limit = Number(option(args, "--limit") ?? newest.length);
      return answer(newest.slice(0, limit).map((name) => ({ name, state: "ENABLED" })));
    }
    default:
      return undefined;
  }
}

/** What carries these tags in the region, or in none. IAM is not asked by this API. */
function tagged(
  store: World["store"],
  args: readonly string[],
  filters: readonly (readonly [key: string, value: string])[],
) {
  const region = option(args, "--region");
  const zones = args.includes("route53:hostedzone");
  return store.all().flatMap(({ object: { kind, properties, place } }) => {
    const tags = { ...(properties["tags"] as object), ...(properties["tagsAll"] as object) };
    const arn = text(properties["arn"]);
    if (arn === "" || arn.includes(":iam::") || !filters.every(([key, value]) => tagOf(tags, key) === value))
      return [];
    const zone = kind === "aws:route53/zone:Zone";
    if (zone ? region !== "us-east-1" : zones || !place.endsWith(`/${region}`)) return [];
    return [
      { ResourceARN: arn, Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value: text(Value) })) },
    ];
  });
}

/** A tag of a thing, empty where it has none. */
export function tagOf(tags: unknown, key: string): string {
  return text(typeof tags === "object" && tags !== null ? (tags as Record<string, unknown>)[key] : undefined);
}

function named(
  things: readonly { readonly id: string; readonly properties: Readonly<Record<string, unknown>> }[],
) {
  return things.map(({ id, properties }) => ({ name: id, displayName: text(properties["displayName"]) }));
}

/** Values of `Name=<name>,Values=a,b`. */
function filterOf(args: readonly string[], name: string): string[] {
  const prefix = `Name=${name},Values=`;
  return (
    args
      .find((word) => word.startsWith(prefix))
      ?.slice(prefix.length)
      .split(",") ?? []
  );
}

function option(args: readonly string[], name: string): string | undefined {
  const at = args.indexOf(name);
  return at < 0 ? undefined : args[at + 1];
}

function notFound(code: string, operation: string, words: string): ToolAnswer {
  const stderr = `\nAn error occurred (${code}) when calling the ${operation} operation: ${words}`;
  return { code: 254, stderr };
}

function text(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

function answer(value: unknown): ToolAnswer {
  return { code: 0, stdout: JSON.stringify(value, null, 2) };
}
