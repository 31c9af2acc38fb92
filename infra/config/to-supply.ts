import type { Fault, FaultCode } from "./faults";
import { fullKey, secretCommand } from "./keys";
import { findPlaceholders } from "./placeholders";
import type { Raw } from "./schema";
import type { SecretName } from "./secret-keys";
import type { AuthSettings } from "./settings";

/** What an `up` needs and a preview does without. */
export type ToSupply = Omit<Fault, "value">;

/**
 * What has to be supplied before an `up`: listed by the preview, refused by `up`.
 *
 * @param raw what the user wrote, as far as it is sound
 * @param settings the same completed
 * @param supplied names of the secrets that are set, without the namespace
 */
export function toSupply(
  raw: Raw,
  settings: { readonly auth?: AuthSettings },
  supplied: readonly string[],
): ToSupply[] {
  const { google, cognito } = settings.auth ?? {};
  const missing = findPlaceholders(raw);
  const need = (code: FaultCode, name: SecretName, cause: string): void => {
    if (supplied.includes(name)) return;
    missing.push({ code, key: fullKey([name]), cause, fix: secretCommand(name) });
  };
  if (google)
    need(
      "CMB-C057",
      "googleClientSecret",
      "Google's console shows it beside the client id auth.google.clientId",
    );
  if (cognito?.kind === "existing") {
    need(
      "CMB-C058",
      "cognitoClientSecret",
      "the Cognito console shows it with the client auth.cognito.clientId",
    );
  }
  return missing;
}
