import type { ClientUris } from "../components/sign-in";

/** What decides a stack's next steps. */
export interface NextStepFacts {
  readonly domain: string;
  readonly nameServers: readonly string[];
  readonly zoneCreated: boolean;
  /** Present when people sign in with Google. */
  readonly google: ClientUris | undefined;
  /** Empty once the images are named. */
  readonly imageCommands: readonly string[];
  readonly site: string;
}

/**
 * What a person does after an `up`, in order, each step ready to be copied.
 *
 * @requirement O4
 */
export function nextSteps(facts: NextStepFacts): string[] {
  const delegate = `Delegate ${facts.domain} at its registrar to ${facts.nameServers.join(", ")}. Until then the certificate waits and nothing is served.`;
  const { google } = facts;
  return [
    ...(facts.zoneCreated ? [delegate] : []),
    ...(google
      ? [
          `At Google (APIs & Services, Credentials, the OAuth web client) enter the origin ${google.origins.join(", ")} and the redirect URI ${google.redirectUris.join(", ")}.`,
        ]
      : []),
    ...(facts.imageCommands.length > 0
      ? [
          `The application waits for its images. Build, push and name them:\n${facts.imageCommands.join("\n")}`,
          "Then run: pulumi up",
        ]
      : [`Sign in at ${facts.site} with one of the addresses in cmbcluster:application.adminEmails.`]),
  ];
}
