import { contains, parseCidr } from "./cidr";
import { fullKey, readPath, setCommand } from "./keys";
import type { Raw } from "./schema";
import type { ToSupply } from "./to-supply";

/** Account that the shipped stack files name: of twelve digits, and nobody's. */
const NO_ACCOUNT = "000000000000";
const NO_PROJECT = "placeholder-project";
const NO_CLIENT = "000000000000-placeholder";

/** Domains kept for documentation and tests: RFC 2606, RFC 6761. */
const reservedDomain = /(^|\.)(example\.(org|com|net)|example|invalid|test|localhost)$/i;

/** Addresses kept for documentation: RFC 5737. */
const documentationRanges = ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"].map((text) =>
  parseCidr(text)!,
);

/**
 * Values that stand for one of the user's own: right in form, so a preview goes through with them, and of nobody,
 * so an `up` with them would end half way or let nobody in. The block of a cloud that is not chosen may keep its own.
 *
 * @requirement C2
 */
export function findPlaceholders(raw: Raw): ToSupply[] {
  const found: ToSupply[] = [];
  const say = (path: string, cause: string, wanted: string): void => {
    const keys = readPath(path);
    found.push({
      code: "CMB-C059",
      key: fullKey(keys),
      cause: `a placeholder: ${cause}`,
      fix: setCommand(keys, `<${wanted}>`),
    });
  };
  const domain = (path: string, value: string | undefined, cause: string, wanted: string): void => {
    if (value !== undefined && reservedDomain.test(value.split("@").pop()!)) say(path, cause, wanted);
  };
  const account = (path: string, value: string | undefined): void => {
    if (value === NO_ACCOUNT) say(path, `${value} is nobody's account`, "your AWS account, 12 digits");
  };
  const ranges = (path: string, values: readonly string[] = []): void =>
    values.forEach((text, i) => {
      const range = parseCidr(text);
      if (!range || !documentationRanges.some((outer) => contains(outer, range))) return;
      say(
        `${path}[${i}]`,
        `${text} is kept for documentation, nobody's address is in it`,
        "your address range",
      );
    });

  domain("domain", raw.domain, `nobody can delegate ${raw.domain} to you`, "your domain");
  const { email } = raw.certificates ?? {};
  domain("certificates.email", email, `no mail reaches ${email}`, "your address");
  (raw.application?.adminEmails ?? []).forEach((mail, i) =>
    domain(
      `application.adminEmails[${i}]`,
      mail,
      `nobody signs in as ${mail}`,
      "address of an administrator",
    ),
  );
  const client = raw.auth?.google?.clientId;
  if (client?.startsWith(NO_CLIENT))
    say("auth.google.clientId", `Google knows no client ${client}`, "id of your OAuth web client");
  account("auth.cognito.accountId", raw.auth?.cognito?.accountId);
  if (raw.cloud === "gcp") {
    if (raw.gcp?.project === NO_PROJECT)
      say("gcp.project", `${NO_PROJECT} is not yours`, "your project's id");
    ranges("gcp.cluster.authorizedNetworks", raw.gcp?.cluster?.authorizedNetworks);
  }
  if (raw.cloud === "aws") {
    account("aws.accountId", raw.aws?.accountId);
    ranges("aws.cluster.publicAccessCidrs", raw.aws?.cluster?.publicAccessCidrs);
  }
  return found;
}
