import * as aws from "@pulumi/aws";
import { Cluster as EksCluster, type ClusterArgs as EksClusterArgs } from "@pulumi/eks/cluster";
import * as pulumi from "@pulumi/pulumi";
import { InvalidArgsError } from "../errors";
import { assertClusterName } from "../naming";
import type { ClusterIdentity } from "./irsa";
import { kubeconfig } from "./kubeconfig";
import { assertRetention } from "./log-retention";
import { roleName } from "./names";
import { transformed, type Transform } from "./transform";

/** What a control plane is made of. */
export interface ClusterArgs {
  /** Physical name of the cluster. A change replaces it and everything inside. */
  readonly cluster: string;
  readonly region: string;
  /** Minor version in standard support. It can be raised by one at a time and never lowered. */
  readonly version: string;
  readonly vpcId: pulumi.Input<string>;
  /** Private subnets of two zones at least: the control plane's interfaces and the nodes live there. */
  readonly subnetIds: pulumi.Input<string>[];
  /** Range of Services, outside the VPC's. A change replaces the cluster. */
  readonly servicesCidr: string;
  /** Ranges let in to the public endpoint. Empty: there is no public endpoint. Never `0.0.0.0/0`. */
  readonly publicAccessCidrs: readonly string[];
  /**
   * ARNs of IAM roles and users with cluster administration. EKS gives the one who deploys an entry of its own:
   * listed here it would be made twice, which EKS refuses (pulumi-eks#2373).
   */
  readonly admins: readonly string[];
  /** Days control-plane logs are kept; ingestion costs about 0.50 US$ a GB. */
  readonly logsDays: number;
  /** The cluster refuses to be deleted, by Pulumi and by EKS, until this is false and applied. */
  readonly protect: boolean;
  /**
   * The control plane's logs outlive the cluster, each line for {@link logsDays}; default true. False: their group is
   * deleted with the cluster, and EKS, which delivers its last lines later, makes it anew without an end to it.
   */
  readonly keepLogs?: boolean;
  /** Ways out, one a child. */
  readonly transform?: {
    readonly eks?: Transform<EksClusterArgs>;
    readonly role?: Transform<aws.iam.RoleArgs>;
    readonly secretsKey?: Transform<aws.kms.KeyArgs>;
    readonly logGroup?: Transform<aws.cloudwatch.LogGroupArgs>;
  };
}

/**
 * An EKS control plane: private endpoint, public one for named ranges only, API access entries, Secrets encrypted
 * with a key of its own, all control-plane logs, standard support, and an identity provider for service accounts.
 * Costs about 73 US$ a month, 438 once the version has left standard support (which the upgrade policy prevents:
 * EKS then upgrades by itself).
 *
 * `@pulumi/eks` makes the control plane alone. All that it would add in its own way (add-ons, security groups,
 * nodes, identity provider) is off and made as plain resources, which tests, previews and policies can see.
 *
 * @requirement N2
 */
export class Cluster extends pulumi.ComponentResource {
  /** Physical name, which resolves once the control plane answers. */
  readonly clusterName: pulumi.Output<string>;
  /** Address of the API server. */
  readonly endpoint: pulumi.Output<string>;
  /** See `CmbCluster.kubeconfig`; secret. */
  readonly kubeconfig: pulumi.Output<string>;
  /** What tokens of service accounts are checked against. */
  readonly identity: ClusterIdentity;
  /** The security group that EKS makes: control plane and nodes are its members. */
  readonly securityGroupId: pulumi.Output<string>;
  /** The control plane with its access entries. */
  readonly controlPlane: EksCluster;

  constructor(
    private readonly name: string,
    private readonly args: ClusterArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("cmb:aws:Cluster", name, plainInputs(args), opts);
    assertClusterName(args.cluster);
    assertRetention("logsDays", args.logsDays);
    assertPublicAccess(args.publicAccessCidrs);

    const logGroup = this.makeLogGroup();
    const { role, attachment } = this.makeRole();
    this.controlPlane = this.makeControlPlane(role, this.makeSecretsKey(), [logGroup, attachment]);
    const eks = this.controlPlane.eksCluster;

    this.clusterName = eks.apply((cluster) => cluster.name);
    this.endpoint = eks.apply((cluster) => cluster.endpoint);
    this.securityGroupId = eks.apply((cluster) =>
      pulumi.output(cluster.vpcConfig).apply((vpc) => vpc.clusterSecurityGroupId),
    );
    this.identity = this.makeIdentity(eks);
    this.kubeconfig = pulumi.secret(
      pulumi
        .all([this.endpoint, eks.apply((cluster) => pulumi.output(cluster.certificateAuthority))])
        .apply(([endpoint, authority]) =>
          kubeconfig({
            cluster: args.cluster,
            region: args.region,
            endpoint,
            certificateAuthority: authority.data,
          }),
        ),
    );

    this.registerOutputs({ endpoint: this.endpoint });
  }

  /** EKS would make this group itself, without an end to it, and leave it behind. */
  private makeLogGroup(): aws.cloudwatch.LogGroup {
    const keep = this.args.keepLogs ?? true;
    return new aws.cloudwatch.LogGroup(
      `${this.name}-logs`,
      transformed(this.args.transform?.logGroup, {
        name: `/aws/eks/${this.args.cluster}/cluster`,
        retentionInDays: this.args.logsDays,
      }),
      { parent: this, protect: keep, retainOnDelete: keep },
    );
  }

  private makeRole() {
    const role = new aws.iam.Role(
      `${this.name}-role`,
      transformed<aws.iam.RoleArgs>(this.args.transform?.role, {
        name: roleName(this.args.cluster, "cluster"),
        description: `Lets EKS run the control plane of ${this.args.cluster}`,
        assumeRolePolicy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Principal: { Service: "eks.amazonaws.com" },
              Action: ["sts:AssumeRole", "sts:TagSession"],
            },
          ],
        }),
      }),
      { parent: this },
    );
    const attachment = new aws.iam.RolePolicyAttachment(
      `${this.name}-AmazonEKSClusterPolicy`,
      { role: role.name, policyArn: "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy" },
      { parent: this },
    );
    return { role, attachment };
  }

  /**
   * Without this key the cluster's Secrets cannot be read, but they live nowhere else than in the cluster: it is
   * protected as the cluster is. No policy is set: AWS's default leaves it to IAM in this account.
   */
  private makeSecretsKey(): aws.kms.Key {
    const key = new aws.kms.Key(
      `${this.name}-secrets-key`,
      transformed(this.args.transform?.secretsKey, {
        description: `Encrypts the Kubernetes Secrets of ${this.args.cluster}`,
        enableKeyRotation: true,
        deletionWindowInDays: 30,
      }),
      { parent: this, protect: this.args.protect },
    );
    new aws.kms.Alias(
      `${this.name}-secrets-key-alias`,
      { name: `alias/${this.args.cluster}-secrets`, targetKeyId: key.keyId },
      { parent: this },
    );
    return key;
  }

  private makeControlPlane(role: aws.iam.Role, key: aws.kms.Key, dependsOn: pulumi.Resource[]): EksCluster {
    const { args } = this;
    return new EksCluster(
      `${this.name}-eks`,
      transformed<EksClusterArgs>(args.transform?.eks, {
        name: args.cluster,
        version: args.version,
        serviceRole: role,
        vpcId: args.vpcId,
        privateSubnetIds: args.subnetIds,
        kubernetesServiceIpAddressRange: args.servicesCidr,
        endpointPrivateAccess: true,
        endpointPublicAccess: args.publicAccessCidrs.length > 0,
        publicAccessCidrs: args.publicAccessCidrs.length > 0 ? [...args.publicAccessCidrs] : undefined,
        authenticationMode: "API",
        accessEntries: accessEntries(args.admins),
        encryptionConfigKeyArn: key.arn,
        enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
        upgradePolicy: { supportType: "STANDARD" },
        deletionProtection: args.protect,
        skipDefaultNodeGroup: true,
        skipDefaultSecurityGroups: true,
        createOidcProvider: false,
        // Plain aws.eks.Addon resources take their place (addons.ts).
        useDefaultVpcCni: true,
        kubeProxyAddonOptions: { enabled: false },
        corednsAddonOptions: { enabled: false },
      }),
      { parent: this, dependsOn, protect: args.protect },
    );
  }

  private makeIdentity(eks: pulumi.Output<aws.eks.Cluster>): ClusterIdentity {
    const url = eks.apply((cluster) =>
      pulumi.output(cluster.identities).apply((identities) => identities[0]!.oidcs[0]!.issuer),
    );
    const provider = new aws.iam.OpenIdConnectProvider(
      `${this.name}-oidc`,
      // IAM trusts Amazon's own issuers by their certificate authority: no thumbprint is needed any more.
      { url, clientIdLists: ["sts.amazonaws.com"] },
      { parent: this },
    );
    return { issuer: url.apply((issuer) => issuer.replace(/^https:\/\//, "")), provider };
  }
}

function plainInputs(args: ClusterArgs): pulumi.Inputs {
  const { cluster, region, version, servicesCidr, publicAccessCidrs, admins, logsDays, protect } = args;
  return { cluster, region, version, servicesCidr, publicAccessCidrs, admins, logsDays, protect };
}

function assertPublicAccess(cidrs: readonly string[]): void {
  for (const cidr of cidrs) {
    if (/\/0$/.test(cidr)) {
      throw new InvalidArgsError(
        "publicAccessCidrs",
        cidr,
        "the API server would be open to the whole internet",
        "Name the ranges of your people and runners, or none for a private endpoint only.",
      );
    }
  }
}

/** Entries by the kind and name of the principal, so that adding one leaves the others' state alone. */
function accessEntries(admins: readonly string[]): EksClusterArgs["accessEntries"] {
  return Object.fromEntries(
    admins.map((principalArn) => {
      const match = /^arn:aws:iam::\d{12}:(role|user)\/(.+)$/.exec(principalArn);
      if (!match) {
        throw new InvalidArgsError(
          "admins",
          principalArn,
          "not the ARN of an IAM role or user",
          "Write for example arn:aws:iam::123456789012:role/Operators.",
        );
      }
      const key = `${match[1]!}-${match[2]!.replace(/[^A-Za-z0-9]+/g, "-")}`;
      const policyArn = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy";
      return [
        key,
        { principalArn, accessPolicies: { admin: { policyArn, accessScope: { type: "cluster" } } } },
      ];
    }),
  );
}
