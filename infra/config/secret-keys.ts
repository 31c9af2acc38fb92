/** What a secret of the configuration is for, and when it is too short. */
export interface SecretKey {
  readonly description: string;
  /** Fewest characters; the application refuses to start with fewer. */
  readonly minLength: number;
  /** True when the program makes the value where none is given. */
  readonly generated: boolean;
}

/** The keys that hold secrets, all at the top, entered by `pulumi config set --secret`. @requirement C3 */
export const secretKeys = {
  googleClientSecret: {
    description: "Secret of the Google client `auth.google.clientId`.",
    minLength: 1,
    generated: false,
  },
  cognitoClientSecret: {
    description:
      "Secret of an existing Cognito client `auth.cognito.clientId`; a client the program makes needs none.",
    minLength: 1,
    generated: false,
  },
  sessionKey: {
    description: "Signs the backend's sessions. Generated when omitted; changing it signs everyone out.",
    minLength: 32,
    generated: true,
  },
  fileEncryptionKey: {
    description:
      "Encrypts users' uploads. Generated when omitted and kept in the cloud's secret store; give the old one when restoring or moving. Changing it makes earlier uploads unreadable for good.",
    minLength: 1,
    generated: true,
  },
  nextAuthSecret: {
    description: "Signs the front end's sessions. Generated when omitted; changing it signs everyone out.",
    minLength: 32,
    generated: true,
  },
} as const satisfies Record<string, SecretKey>;

/** Name of a key that holds a secret. */
export type SecretName = keyof typeof secretKeys;

/** Every {@link SecretName}. */
export const secretNames = Object.keys(secretKeys) as SecretName[];

export function isSecretName(key: string): key is SecretName {
  return key in secretKeys;
}

/** What Pulumi's protocol writes for a value that is not known yet; a preview without the key to a secret gets it. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
