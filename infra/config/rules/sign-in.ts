import { chooseSignIn } from "../../../components/sign-in";
import type { Rule } from "../judge";

/** A provider, named or by default, that has no client or pool. */
export const refuseProviderWithoutCredentials: Rule = ({ raw, refuse }) => {
  const { cloud, auth } = raw;
  if (!cloud) return;
  const active = chooseSignIn({
    explicit: auth?.provider ?? "auto",
    google: auth?.google !== undefined,
    cognito: auth?.cognito !== undefined,
    cloudDefault: cloud === "gcp" ? "google" : "cognito",
  });
  if (active === "google" && auth?.google === undefined) {
    const cause =
      "Google signs people in here, but no OAuth client is named (made by hand in Google's console)";
    refuse("CMB-C037", "auth.google.clientId", cause, { set: "<id>.apps.googleusercontent.com" }, [
      "auth.provider",
      "cloud",
    ]);
  }
  if (active === "cognito" && auth?.cognito === undefined && cloud === "gcp") {
    const cause =
      "Cognito signs people in here, but it is not said in which AWS region and account, or which pool";
    refuse("CMB-C037", "auth.cognito", cause, { at: "auth.cognito.region", set: "eu-central-1" }, [
      "auth.provider",
      "cloud",
    ]);
  }
};

/** A pool that is to be made nowhere, or where this stack cannot make it. */
export const refuseMisplacedPool: Rule = ({ raw, refuse }) => {
  const cognito = raw.auth?.cognito;
  if (!cognito || !raw.cloud) return;
  const existing = cognito.userPoolId !== undefined || cognito.clientId !== undefined;
  if (raw.cloud === "gcp" && !existing) {
    const cause = "a Google Cloud stack makes its Cognito pool in AWS, and has to be told where";
    if (cognito.region === undefined) {
      refuse("CMB-C038", "auth.cognito.region", cause, { set: "eu-central-1" }, ["auth.cognito", "cloud"]);
    }
    if (cognito.accountId === undefined) {
      refuse("CMB-C038", "auth.cognito.accountId", cause, { set: "123456789012" }, ["auth.cognito", "cloud"]);
    }
  }
  const own = raw.aws?.accountId;
  if (
    raw.cloud === "aws" &&
    cognito.accountId !== undefined &&
    own !== undefined &&
    cognito.accountId !== own
  ) {
    const cause = `an AWS stack makes its pool in its own account, ${own}`;
    refuse("CMB-C038", "auth.cognito.accountId", cause, { remove: true }, ["aws.accountId"]);
  }
};

/** An existing pool without its client, or a client without its pool. */
export const refuseHalfAPool: Rule = ({ raw, refuse }) => {
  const cognito = raw.auth?.cognito;
  if (!cognito || (cognito.userPoolId === undefined) === (cognito.clientId === undefined)) return;
  const missing = cognito.userPoolId === undefined ? "userPoolId" : "clientId";
  const cause =
    "an existing pool is named by userPoolId and clientId together; neither: the program makes a pool";
  const set = missing === "userPoolId" ? "eu-central-1_AbCdEf123" : "1h57kf5cpq17m0eml12EXAMPLE";
  refuse("CMB-C039", `auth.cognito.${missing}`, cause, { set }, [
    "auth.cognito.userPoolId",
    "auth.cognito.clientId",
  ]);
};

/** A prefix that Cognito refuses; it also refuses its own names in it. */
export const refuseDomainPrefix: Rule = ({ raw, refuse }) => {
  const prefix = raw.auth?.cognito?.domainPrefix;
  if (prefix === undefined) return;
  const legal = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(prefix) && !/aws|amazon|cognito/.test(prefix);
  if (legal) return;
  const cause = "up to 63 of a-z, 0-9 and hyphens, and neither aws nor amazon nor cognito in it";
  refuse("CMB-C040", "auth.cognito.domainPrefix", cause, { set: "cmb-dev-sign-in" });
};

/** What is no pool id, or one of a region other than the one named. */
export const refusePoolId: Rule = ({ raw, refuse }) => {
  const { userPoolId, region } = raw.auth?.cognito ?? {};
  if (userPoolId === undefined) return;
  const path = "auth.cognito.userPoolId";
  if (!/^[a-z]{2}(-[a-z]+)+-\d_[0-9A-Za-z]{1,55}$/.test(userPoolId)) {
    refuse("CMB-C041", path, "a pool id is <region>_<letters and digits>", { set: "eu-central-1_AbCdEf123" });
  } else if (region !== undefined && !userPoolId.startsWith(`${region}_`)) {
    refuse(
      "CMB-C041",
      path,
      `not a pool of ${region}`,
      { at: "auth.cognito.region", set: userPoolId.split("_")[0]! },
      ["auth.cognito.region"],
    );
  }
};

/** The right to sign out on AWS for a pod of Google Cloud, which has no AWS identity. */
export const refuseSignOutFromGcp: Rule = ({ raw, refuse }) => {
  if (raw.cloud !== "gcp" || !raw.auth?.cognito?.allowSignOutEverywhere) return;
  const cause = "a pod on Google Cloud has no AWS identity that could call AdminUserGlobalSignOut";
  refuse("CMB-C042", "auth.cognito.allowSignOutEverywhere", cause, { set: false }, ["cloud"]);
};
