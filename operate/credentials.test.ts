import { staleLogin } from "./credentials";

// Recorded or quoted from: aws-cli 2, aws-sdk-go-v2, gcloud, golang.org/x/oauth2, google-auth-library.
test.each([
  ["aws", "An error occurred (ExpiredTokenException) when calling the GetCallerIdentity operation"],
  [
    "aws",
    "operation error STS: GetCallerIdentity, api error ExpiredToken: The security token included in the request is expired",
  ],
  ["aws", "api error UnrecognizedClientException: The security token included in the request is invalid."],
  ["aws", "Error when retrieving token from sso: Token has expired and refresh failed"],
  ["aws", 'Unable to locate credentials. You can configure credentials by running "aws configure".'],
  ["aws", "get credentials: failed to refresh cached credentials, no EC2 IMDS role found"],
  ["gcp", 'oauth2: "invalid_grant" "reauth related error (invalid_rapt)"'],
  [
    "gcp",
    "ERROR: (gcloud.auth) There was a problem refreshing your current auth tokens: Reauthentication failed.",
  ],
  ["gcp", "google: could not find default credentials"],
  ["gcp", "You do not currently have an active account selected."],
  ["gcp", '"status": "UNAUTHENTICATED"'],
])("%s: %j is a log-in that does not hold", (cloud, text) => {
  expect(staleLogin(text)).toMatchObject({
    cloud,
    renew: expect.stringContaining(cloud === "aws" ? "aws " : "gcloud ") as string,
  });
});

test.each([
  "An error occurred (ResourceNotFoundException): No cluster found for name: cmb-dev.",
  "AccessDenied: User is not authorized to perform eks:DescribeCluster",
  "ResponseError: code=403, message=Required permission",
  "dial tcp: i/o timeout",
  "",
])("%j is none", (text) => {
  expect(staleLogin(text)).toBeUndefined();
});
