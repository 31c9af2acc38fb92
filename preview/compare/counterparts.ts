/** What stands for what: resource types of the two clouds that serve the same end. */
export interface Counterpart {
  /** Row of the requirements that they serve. */
  readonly requirement: string;
  /** The end, in words that fit both. */
  readonly what: string;
  /** Resource types in a stack on Amazon. */
  readonly aws: readonly string[];
  /** Resource types in a stack on Google Cloud. */
  readonly gcp: readonly string[];
  /** Why one side has nothing, or why the two differ in more than their names. Needed where a side is empty. */
  readonly why?: string;
}

const both = (requirement: string, what: string, ...types: string[]): Counterpart => ({
  requirement,
  what,
  aws: types,
  gcp: types,
});

/**
 * Every resource type that either cloud's stacks hold stands in at least one row. A row is checked against the
 * plans of both clouds: a type that no plan holds any more, or one that no row names, fails a test.
 */
export const counterparts: readonly Counterpart[] = [
  {
    requirement: "P1",
    what: "services of the cloud switched on",
    aws: [],
    gcp: ["gcp:projects/service:Service"],
    why: "Amazon's services are on in every account; a Google project starts with most of them off",
  },
  {
    requirement: "N1",
    what: "the network",
    aws: ["aws:ec2/vpc:Vpc", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"],
    gcp: ["gcp:compute/network:Network"],
    why: "Amazon's network comes with a security group that lets its members talk: it is emptied. Google's denies what no rule allows",
  },
  {
    requirement: "N1",
    what: "address ranges of nodes and pods",
    aws: ["aws:ec2/subnet:Subnet"],
    gcp: ["gcp:compute/subnetwork:Subnetwork"],
    why: "on Amazon a subnet lies in one zone, and pods take addresses of the nodes' subnets; Google's spans the region, pods and services have ranges of their own",
  },
  {
    requirement: "N1",
    what: "routes",
    aws: [
      "aws:ec2/routeTable:RouteTable",
      "aws:ec2/route:Route",
      "aws:ec2/routeTableAssociation:RouteTableAssociation",
      "aws:ec2/internetGateway:InternetGateway",
    ],
    gcp: [],
    why: "Google's network has its routes, and a way to the internet, by itself",
  },
  {
    requirement: "N1",
    what: "the way out of private nodes",
    aws: ["aws:ec2/natGateway:NatGateway", "aws:ec2/instance:Instance", "aws:ec2/eip:Eip"],
    gcp: ["gcp:compute/router:Router", "gcp:compute/routerNat:RouterNat"],
    why: "Cloud NAT is a setting of the network with no machine in it; on Amazon a gateway in each zone (prod), or one small instance (dev), which is a point of failure and cheaper",
  },
  {
    requirement: "N1",
    what: "a short way to the object store",
    aws: ["aws:ec2/vpcEndpoint:VpcEndpoint"],
    gcp: [],
    why: "on Google it is a switch of the subnetwork (private Google access)",
  },
  {
    requirement: "N1",
    what: "flow logs",
    aws: ["aws:ec2/flowLog:FlowLog"],
    gcp: ["gcp:compute/subnetwork:Subnetwork"],
    why: "on Google a setting of the subnetwork",
  },
  {
    requirement: "N2",
    what: "the cluster",
    aws: ["aws:eks/cluster:Cluster"],
    gcp: ["gcp:container/cluster:Cluster"],
  },
  {
    requirement: "N2",
    what: "a key of the stack's own for Kubernetes secrets",
    aws: ["aws:kms/key:Key", "aws:kms/alias:Alias"],
    gcp: [],
    why: "GKE encrypts its database with a key of Google's; one of the stack's own would bind the cluster's life to it and costs more than it adds here",
  },
  {
    requirement: "N3",
    what: "pools of nodes",
    aws: ["aws:eks/nodeGroup:NodeGroup", "aws:ec2/launchTemplate:LaunchTemplate", "aws:autoscaling/tag:Tag"],
    gcp: ["gcp:container/nodePool:NodePool"],
    why: "Amazon keeps the settings of machines apart in a template, and the autoscaler learns labels of an empty group from tags",
  },
  {
    requirement: "N3",
    what: "the identity of the nodes",
    aws: ["aws:iam/role:Role", "aws:iam/rolePolicyAttachment:RolePolicyAttachment"],
    gcp: ["gcp:serviceaccount/account:Account", "gcp:projects/iAMMember:IAMMember"],
  },
  {
    requirement: "N4",
    what: "storage drivers and cluster services",
    aws: ["aws:eks/addon:Addon"],
    gcp: ["gcp:container/cluster:Cluster"],
    why: "on Google switches of the cluster, on Amazon add-ons with identities of their own",
  },
  {
    requirement: "O1",
    what: "image registries",
    aws: ["aws:ecr/repository:Repository", "aws:ecr/lifecyclePolicy:LifecyclePolicy"],
    gcp: [
      "gcp:artifactregistry/repository:Repository",
      "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember",
    ],
    why: "a repository of Amazon's holds one image, its cleaning is a resource of its own, and nodes may pull by an account-wide policy; Google's holds all images, and pulling is granted on it",
  },
  {
    requirement: "S1",
    what: "the database bucket",
    aws: [
      "aws:s3/bucket:Bucket",
      "aws:s3/bucketVersioning:BucketVersioning",
      "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
      "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
      "aws:s3/bucketPolicy:BucketPolicy",
      "aws:s3/bucketLogging:BucketLogging",
    ],
    gcp: ["gcp:storage/bucket:Bucket", "gcp:storage/bucketIAMMember:BucketIAMMember"],
    why: "what are settings of Google's bucket are resources on Amazon; that only TLS is let in is a policy there and holds by itself on Google",
  },
  {
    requirement: "S1",
    what: "the key of the data",
    aws: ["aws:kms/key:Key", "aws:kms/alias:Alias"],
    gcp: [],
    why: "Google encrypts every bucket by itself; on Amazon the stack's own key lets access be granted on the key as well",
  },
  both("S2", "storage classes of the cluster", "kubernetes:storage.k8s.io/v1:StorageClass"),
  {
    requirement: "S3",
    what: "what the backend may do to buckets",
    aws: ["aws:iam/rolePolicy:RolePolicy"],
    gcp: ["gcp:projects/iAMCustomRole:IAMCustomRole", "gcp:projects/iAMMember:IAMMember"],
    why: "Google knows no narrower place than the project for creating and listing: two custom roles, the second conditioned on name prefixes",
  },
  {
    requirement: "A3",
    what: "the sign-in pool",
    aws: [
      "aws:cognito/userPool:UserPool",
      "aws:cognito/userPoolClient:UserPoolClient",
      "aws:cognito/userPoolDomain:UserPoolDomain",
    ],
    gcp: [
      "aws:cognito/userPool:UserPool",
      "aws:cognito/userPoolClient:UserPoolClient",
      "aws:cognito/userPoolDomain:UserPoolDomain",
    ],
    why: "the pool is Amazon's on either cloud, and only where Cognito is chosen; Google's OAuth client is made by hand: no interface makes it",
  },
  {
    requirement: "W1",
    what: "identities of workloads",
    aws: ["aws:iam/openIdConnectProvider:OpenIdConnectProvider", "aws:iam/role:Role"],
    gcp: ["gcp:serviceaccount/account:Account", "gcp:serviceaccount/iAMMember:IAMMember"],
    why: "on Google the pool of identities comes with the project, and the trust is a grant on the service account; on Amazon the cluster's issuer is registered and the trust is part of the role",
  },
  {
    requirement: "W3",
    what: "rights on single things",
    aws: ["aws:iam/rolePolicy:RolePolicy"],
    gcp: [
      "gcp:storage/bucketIAMMember:BucketIAMMember",
      "gcp:dns/dnsManagedZoneIamMember:DnsManagedZoneIamMember",
    ],
  },
  both("H1", "the namespace, and what is in it before the application", "kubernetes:core/v1:Namespace"),
  both(
    "H6",
    "room kept free for environments, in prod: what holds it, pulls images and sets its size",
    "kubernetes:apps/v1:DaemonSet",
    "kubernetes:apps/v1:Deployment",
    "kubernetes:core/v1:ConfigMap",
    "kubernetes:core/v1:ServiceAccount",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy",
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
    "kubernetes:rbac.authorization.k8s.io/v1:Role",
    "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
    "kubernetes:scheduling.k8s.io/v1:PriorityClass",
  ),
  {
    requirement: "C3",
    what: "generated secrets, and the copy of the key that must outlive the cluster",
    aws: [
      "random:index/randomPassword:RandomPassword",
      "kubernetes:core/v1:Secret",
      "aws:secretsmanager/secret:Secret",
      "aws:secretsmanager/secretVersion:SecretVersion",
    ],
    gcp: [
      "random:index/randomPassword:RandomPassword",
      "kubernetes:core/v1:Secret",
      "gcp:secretmanager/secret:Secret",
      "gcp:secretmanager/secretVersion:SecretVersion",
    ],
  },
  both(
    "P3",
    "charts: the application's own, the ingress, the certificates; on Amazon the two controllers as well",
    "kubernetes:helm.sh/v3:Release",
  ),
  {
    requirement: "D1",
    what: "the zone and its records",
    aws: ["aws:route53/zone:Zone", "aws:route53/record:Record"],
    gcp: ["gcp:dns/managedZone:ManagedZone", "gcp:dns/recordSet:RecordSet"],
  },
  {
    requirement: "D1",
    what: "the way in from the internet",
    aws: [
      "aws:lb/loadBalancer:LoadBalancer",
      "aws:lb/listener:Listener",
      "aws:lb/targetGroup:TargetGroup",
      "kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding",
      "aws:ec2/securityGroup:SecurityGroup",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    ],
    gcp: ["gcp:compute/address:Address"],
    why: "on Amazon the program owns the load balancer, so that its address is known early and a destroy leaves none behind; on Google the cluster makes one for the ingress on an address of the program's",
  },
  both(
    "D2",
    "certificates",
    "kubernetes:cert-manager.io/v1:ClusterIssuer",
    "kubernetes:cert-manager.io/v1:Certificate",
    "kubernetes:networking.k8s.io/v1:IngressClass",
  ),
  both(
    "H5",
    "walls and policies for the pods of environments",
    "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy",
    "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding",
    "kubernetes:policies.kyverno.io/v1:MutatingPolicy",
    "kubernetes:policies.kyverno.io/v1:ValidatingPolicy",
    "kubernetes:policies.kyverno.io/v1:NamespacedDeletingPolicy",
    "kubernetes:rbac.authorization.k8s.io/v1:Role",
    "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
  ),
  {
    requirement: "N1",
    what: "the control plane's way to admission in the cluster",
    aws: [],
    gcp: ["gcp:compute/firewall:Firewall"],
    why: "a private GKE control plane reaches nodes at two ports alone, and a rule opens the one that answers; on EKS nodes and control plane share a security group that lets everything through between them",
  },
  {
    requirement: "S4",
    what: "volumes for users' buckets",
    aws: [
      "kubernetes:policies.kyverno.io/v1:GeneratingPolicy",
      "kubernetes:policies.kyverno.io/v1:DeletingPolicy",
    ],
    gcp: [],
    why: "Amazon's driver mounts volumes, which are made for each pod and swept after it; Google's mounts what the pod names itself",
  },
  {
    requirement: "O9",
    what: "a copy of the database bucket in a second region",
    aws: ["aws:s3/bucketReplicationConfig:BucketReplicationConfig"],
    gcp: [],
    why: "not in dev; Google's bucket lies in several regions from the start (gcp.databaseLocation), S3 copies to a bucket of its own",
  },
  {
    requirement: "O11",
    what: "the budget and who is told",
    aws: ["aws:budgets/budget:Budget"],
    gcp: ["gcp:billing/budget:Budget", "gcp:monitoring/notificationChannel:NotificationChannel"],
    why: "only where a budget is set; Google's belongs to the billing account, which must be named, and writes to channels of the project",
  },
  {
    requirement: "O11",
    what: "times at which the nodes go and come back",
    aws: ["aws:scheduler/schedule:Schedule"],
    gcp: ["gcp:cloudscheduler/job:Job"],
    why: "only where a schedule is set; either calls the cloud's own interface of the pools, as an identity that may do only that",
  },
  {
    requirement: "O18",
    what: "people who may enter the cluster",
    aws: ["aws:eks/accessEntry:AccessEntry", "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"],
    gcp: [],
    why: "on Google rights of IAM on the project open the cluster; EKS has a list of its own",
  },
  {
    requirement: "O7",
    what: "where logs go, and for how long",
    aws: ["aws:cloudwatch/logGroup:LogGroup"],
    gcp: [
      "gcp:logging/projectBucketConfig:ProjectBucketConfig",
      "gcp:logging/projectSink:ProjectSink",
      "gcp:logging/projectExclusion:ProjectExclusion",
    ],
    why: "Google's logs flow into the project by themselves: the stack's own are led to stores of its own and kept out of the common one",
  },
];
