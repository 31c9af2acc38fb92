import * as pulumi from "@pulumi/pulumi";
import { oidcIssuer } from "../../testing/computed-aws";
import { settled } from "../../testing/record";
import { Cluster, type ClusterArgs } from "./cluster";
import { children, recordAws, withProvider } from "./fixtures/recorded";

const args: ClusterArgs = {
  cluster: "cmb-test",
  region: "eu-central-1",
  version: "1.35",
  vpcId: "vpc-1",
  subnetIds: ["subnet-a", "subnet-b"],
  servicesCidr: "172.20.0.0/16",
  publicAccessCidrs: ["203.0.113.0/24"],
  admins: ["arn:aws:iam::123456789012:role/teams/Operators"],
  logsDays: 7,
  protect: false,
};
const make = (changes: Partial<ClusterArgs> = {}) =>
  recordAws(() => new Cluster("c", { ...args, ...changes }, withProvider()));

test("[N2] a control plane is exactly these resources", async () => {
  const { recording } = await make();
  expect(children(recording)).toEqual([
    "Alias c-secrets-key-alias",
    "Key c-secrets-key",
    "LogGroup c-logs",
    "OpenIdConnectProvider c-oidc",
    "Role c-role",
    "RolePolicyAttachment c-AmazonEKSClusterPolicy",
    "cmb:aws:Cluster c",
    "eks:index:Cluster c-eks",
  ]);
});

test("[N2] EKS gets every argument plain, and nothing is left to the component's own defaults", async () => {
  const { recording } = await make();
  const eks = recording.one("c-eks");
  const { serviceRole, ...plain } = eks.inputs;
  expect(serviceRole).toBeDefined();
  expect(plain).toEqual({
    name: "cmb-test",
    version: "1.35",
    vpcId: "vpc-1",
    privateSubnetIds: ["subnet-a", "subnet-b"],
    kubernetesServiceIpAddressRange: "172.20.0.0/16",
    endpointPrivateAccess: true,
    endpointPublicAccess: true,
    publicAccessCidrs: ["203.0.113.0/24"],
    authenticationMode: "API",
    accessEntries: {
      "role-teams-Operators": {
        principalArn: "arn:aws:iam::123456789012:role/teams/Operators",
        accessPolicies: {
          admin: {
            policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
            accessScope: { type: "cluster" },
          },
        },
      },
    },
    encryptionConfigKeyArn: "arn:aws:kms:eu-central-1:123456789012:key/c-secrets-key",
    enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
    upgradePolicy: { supportType: "STANDARD" },
    deletionProtection: false,
    skipDefaultNodeGroup: true,
    skipDefaultSecurityGroups: true,
    createOidcProvider: false,
    useDefaultVpcCni: true,
    // The conflict policies are the SDK's own defaults, of no effect on an add-on that is off.
    kubeProxyAddonOptions: expect.objectContaining({ enabled: false }) as object,
    corednsAddonOptions: expect.objectContaining({ enabled: false }) as object,
  });
  expect(eks.remote).toBe(true);
});

test("[N2] the log group exists before EKS would make one without an end, and the role before it is taken", async () => {
  const { recording } = await make({ logsDays: 90 });
  expect(recording.one("c-logs").inputs).toEqual({ name: "/aws/eks/cmb-test/cluster", retentionInDays: 90 });
  const { dependencies } = recording.one("c-eks");
  expect(dependencies).toContain(recording.one("c-logs").urn);
  expect(dependencies).toContain(recording.one("c-AmazonEKSClusterPolicy").urn);
});

test("[O5] its logs outlive it unless told otherwise: EKS would make the group anew, without an end", async () => {
  const kept = (await make()).recording.one("c-logs");
  expect([kept.protect, kept.retainOnDelete]).toEqual([true, true]);
  const lost = (await make({ keepLogs: false })).recording.one("c-logs");
  expect([lost.protect, lost.retainOnDelete]).toEqual([false, false]);
});

test("[N2] without ranges there is no public endpoint", async () => {
  const { recording } = await make({ publicAccessCidrs: [] });
  expect(recording.one("c-eks").inputs.endpointPublicAccess).toBe(false);
  expect(recording.one("c-eks").inputs).not.toHaveProperty("publicAccessCidrs");
});

test("[N2] the whole internet is refused", async () => {
  await expect(make({ publicAccessCidrs: ["203.0.113.0/24", "0.0.0.0/0"] })).rejects.toThrow(
    "whole internet",
  );
});

test.each(["arn:aws:iam::123456789012:root", "arn:aws:sts::123456789012:assumed-role/a/b", "Operators"])(
  "%s is refused as an administrator",
  async (principal) => {
    await expect(make({ admins: [principal] })).rejects.toThrow("not the ARN of an IAM role or user");
  },
);

test("[P9] protected, the cluster refuses deletion by Pulumi and by EKS, and so does the key of its Secrets", async () => {
  for (const protect of [true, false]) {
    const { recording } = await make({ protect });
    expect(recording.one("c-eks").protect).toBe(protect);
    expect(recording.one("c-eks").inputs.deletionProtection).toBe(protect);
    expect(recording.one("c-secrets-key").protect).toBe(protect);
  }
});

test("[N2] the key of the Secrets rotates and can be called back for 30 days", async () => {
  const { recording } = await make();
  expect(recording.one("c-secrets-key").inputs).toMatchObject({
    enableKeyRotation: true,
    deletionWindowInDays: 30,
  });
  expect(recording.one("c-secrets-key-alias").inputs.name).toBe("alias/cmb-test-secrets");
});

test("[W1] tokens of service accounts are checked against the cluster's own issuer", async () => {
  const { recording, result } = await make();
  expect(recording.one("c-oidc").inputs).toEqual({
    url: `https://${oidcIssuer}`,
    clientIdLists: ["sts.amazonaws.com"],
  });
  expect(await settled(result.identity.issuer)).toBe(oidcIssuer);
});

test("[W1] the kubeconfig asks the aws command for a token, in this region, for this cluster", async () => {
  const { result } = await make();
  expect(await pulumi.isSecret(result.kubeconfig)).toBe(true);
  const config = JSON.parse(await settled(result.kubeconfig)) as {
    users: [{ user: { exec: { command: string; args: string[] } } }];
    clusters: [{ cluster: Record<string, string> }];
  };
  const { command, args: words } = config.users[0].user.exec;
  expect([command, ...words].join(" ")).toBe(
    "aws --region eu-central-1 eks get-token --cluster-name cmb-test --output json",
  );
  expect(config.clusters[0].cluster).toEqual({
    server: "https://0123456789ABCDEF.gr7.eu-central-1.eks.amazonaws.com",
    "certificate-authority-data": "Y2VydGlmaWNhdGU=",
  });
});

test("facts of the control plane are handed on", async () => {
  const { result } = await make();
  expect(await settled(result.clusterName)).toBe("cmb-test");
  expect(await settled(result.securityGroupId)).toBe("sg-0123456789abcdef0");
  expect(await settled(result.endpoint)).toMatch(/^https:/);
});
