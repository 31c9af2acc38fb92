import * as pulumi from "@pulumi/pulumi";
import { NAMESPACE } from "./keys";
import { UNKNOWN, secretNames, type SecretName } from "./secret-keys";

/**
 * The stack's secrets: each an Output marked secret, absent when not set. They never stand in
 * {@link import("./settings").Settings}, so nothing that prints settings can print them.
 *
 * @requirement C3
 */
export type Secrets = { readonly [K in SecretName]?: pulumi.Output<string> };

/** Reads the stack's secrets; `checkConfig` has looked at their lengths. */
export function readSecrets(config = new pulumi.Config(NAMESPACE)): Secrets {
  const entries = secretNames.flatMap((name) => {
    const value = config.getSecret(name);
    if (!value) return [];
    return [[name, isUnknown(config, name) ? unknownSecret() : value] as const];
  });
  return Object.fromEntries(entries);
}

/** True when the value was withheld: a preview without the key that decrypts it. */
function isUnknown(config: pulumi.Config, name: SecretName): boolean {
  return pulumi.runtime.allConfig()[`${config.name}:${name}`] === UNKNOWN;
}

/** A secret that a preview cannot know, so that nothing computes with the stand-in. */
export function unknownSecret(): pulumi.Output<string> {
  return pulumi.secret(pulumi.output<unknown>(pulumi.unknown)) as pulumi.Output<string>;
}
