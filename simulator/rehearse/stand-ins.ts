import { checkConfig } from "../../infra/config/check";
import { secretNames } from "../../infra/config/secret-keys";
import { type Setting, toStackConfig, withOverrides } from "../../preview/stack-file";
import { SUPPLIED } from "../supplied";

/** A stack's settings as a rehearsal runs with them. */
export interface RehearsalSettings {
  /** Settings by full key, without secrets. */
  readonly settings: Readonly<Record<string, Setting>>;
  /** Stand-ins for secrets, by full key: the user's own are neither read nor needed. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Keys whose value is a stand-in, for the person who reads. */
  readonly standIns: readonly string[];
}

/** Codes of faults that mean: still to be supplied by the user. */
const TO_SUPPLY = ["CMB-C057", "CMB-C058", "CMB-C059"];

/** What stands in, by the end of the key. */
const VALUES: readonly (readonly [RegExp, string])[] = [
  [/^cmbcluster:domain$/, SUPPLIED.domain],
  [/email$/, SUPPLIED.email],
  [/adminEmails\[\d+\]$/, SUPPLIED.admin],
  [/clientId$/, SUPPLIED.googleClient],
  [/accountId$/, SUPPLIED.awsAccount],
  [/gcp\.project$/, SUPPLIED.gcpProject],
  [/(authorizedNetworks|publicAccessCidrs)\[\d+\]$/, SUPPLIED.range],
];

/** A file encryption key is 32 bytes in base64 (Fernet); the others only have to be long enough. */
const SECRET = "c2ltdWxhdGVkLXNlY3JldC1vZi0zMi1ieXRlcy1vbmw=";

/**
 * A stack file's settings with stand-ins for placeholders and for all secrets. A rehearsal never decrypts anything.
 *
 * @throws Error for a fault that stand-ins cannot mend, as `up` would word it
 */
export function withStandIns(
  settings: Readonly<Record<string, Setting>>,
  words: (faults: ReturnType<typeof checkConfig>["faults"]) => string,
): RehearsalSettings {
  const { values, secretKeys } = toStackConfig(settings);
  const { faults } = checkConfig(values, secretKeys, { beforeUp: true });
  const missing = faults.filter(({ code }) => TO_SUPPLY.includes(code)).map(({ key }) => key);
  const rest = faults.filter(({ code }) => !TO_SUPPLY.includes(code));
  if (rest.length > 0) throw new Error(words(rest));
  const overrides = Object.fromEntries(
    missing.flatMap((key) => {
      const value = VALUES.find(([pattern]) => pattern.test(key))?.[1];
      return value === undefined ? [] : [[key, value]];
    }),
  );
  const secretsOf = [...new Set([...secretKeys, ...missing.filter(isSecret)])];
  const plain = withOverrides(settings, overrides, "cmbcluster");
  return {
    settings: Object.fromEntries(Object.entries(plain).filter(([key]) => !secretsOf.includes(key))),
    secrets: Object.fromEntries(secretsOf.map((key) => [key, SECRET])),
    standIns: [...new Set([...missing, ...secretsOf])].sort(),
  };
}

function isSecret(key: string): boolean {
  return (secretNames as readonly string[]).includes(key.replace(/^cmbcluster:/, ""));
}
