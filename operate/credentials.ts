/** A log-in that no longer holds, and how it is renewed. */
export interface StaleLogin {
  readonly cloud: "aws" | "gcp";
  /** The words that gave it away. */
  readonly said: string;
  readonly renew: string;
}

/**
 * What the clouds, their tools and their Go clients say of credentials that have run out or are not there. None of
 * these ever means that a thing is gone.
 */
const SIGNS: readonly (readonly [cloud: StaleLogin["cloud"], sign: RegExp])[] = [
  // aws-sdk-go-v2, botocore
  ["aws", /\b(ExpiredToken(Exception)?|RequestExpired|UnrecognizedClientException|InvalidClientTokenId)\b/],
  ["aws", /\b(the )?security token included in the request is (expired|invalid)/i],
  ["aws", /\b(SSO session|token for .* SSO|Token has expired and refresh failed)/i],
  [
    "aws",
    /Unable to locate credentials|No valid credential sources found|failed to refresh cached credentials/,
  ],
  // golang.org/x/oauth2, google-auth-library, gcloud
  ["gcp", /\binvalid_(grant|rapt)\b/],
  ["gcp", /Reauthentication (is )?(failed|required|needed)|reauth related error/i],
  ["gcp", /could not find default credentials|do not currently have an active account selected/i],
  ["gcp", /There was a problem refreshing your current auth tokens/],
  ["gcp", /"?(UNAUTHENTICATED|ACCESS_TOKEN_EXPIRED)"?\b/],
];

/** Commands that renew a log-in; Google has two of them, for the cluster and for everything else. */
const RENEW: Readonly<Record<StaleLogin["cloud"], string>> = {
  aws: "aws sso login   (or whatever gives you credentials; check: aws sts get-caller-identity)",
  gcp: "gcloud auth login && gcloud auth application-default login",
};

/** Finds a log-in that no longer holds in what a command printed; undefined where nothing says so. */
export function staleLogin(text: string): StaleLogin | undefined {
  for (const [cloud, sign] of SIGNS) {
    const said = sign.exec(text)?.[0];
    if (said !== undefined) return { cloud, said, renew: RENEW[cloud] };
  }
  return undefined;
}

/** As a person reads it. */
export function renderStaleLogin({ said, renew }: StaleLogin): string {
  return `your log-in does not hold any more (${said}); nothing was touched, and the state is as it was\n  renew it: ${renew}`;
}
