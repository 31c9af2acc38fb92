/** What somebody would write into a shipped stack file in place of its placeholders. */
export const SUPPLIED = {
  domain: "cmb.physics.edu",
  email: "ops@physics.edu",
  admin: "ada@physics.edu",
  googleClient: "123456789012-abcdefabcdef.apps.googleusercontent.com",
  awsAccount: "111122223333",
  gcpProject: "cmb-physics",
  /** From where the cluster's API may be reached. */
  range: "93.184.216.0/24",
} as const;

/** The smallest settings of a cloud that a stack file says nothing about: a move to it writes them. */
export const PLACE = {
  aws: {
    accountId: SUPPLIED.awsAccount,
    region: "us-east-1",
    zones: ["us-east-1a", "us-east-1b", "us-east-1c"],
    cluster: { publicAccessCidrs: [SUPPLIED.range] },
  },
  gcp: { project: SUPPLIED.gcpProject, region: "europe-west4" },
} as const;
