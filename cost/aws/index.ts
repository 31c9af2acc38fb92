import type { Rules } from "../rules";
import { priceInstances } from "./instances";
import { priceAddresses, priceEndpoints, priceLoadBalancers, priceNatGateways } from "./network";
import { priceNodeGroups } from "./nodes";
import {
  priceBuckets,
  priceClusters,
  priceKeys,
  priceLogGroups,
  priceReplication,
  priceRepositories,
  priceSecrets,
  priceUserPools,
  priceZones,
} from "./services";

const SHAPE = "shape of the network: AWS bills what goes through it";
const RIGHTS = "IAM is free";
const PART = "part of the thing it configures";

/** What Amazon bills for. Cost of the types it makes itself is where the type is that makes them. */
export const aws: Rules = {
  priced: {
    "aws:eks/cluster:Cluster": priceClusters,
    "aws:eks/nodeGroup:NodeGroup": priceNodeGroups,
    "aws:ec2/instance:Instance": priceInstances,
    "aws:ec2/natGateway:NatGateway": priceNatGateways,
    "aws:ec2/eip:Eip": priceAddresses,
    "aws:lb/loadBalancer:LoadBalancer": priceLoadBalancers,
    "aws:ec2/vpcEndpoint:VpcEndpoint": priceEndpoints,
    "aws:kms/key:Key": priceKeys,
    "aws:secretsmanager/secret:Secret": priceSecrets,
    "aws:route53/zone:Zone": priceZones,
  },
  usage: {
    "aws:s3/bucket:Bucket": priceBuckets,
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": priceReplication,
    "aws:ecr/repository:Repository": priceRepositories,
    "aws:cloudwatch/logGroup:LogGroup": priceLogGroups,
    "aws:cognito/userPool:UserPool": priceUserPools,
  },
  free: {
    "aws:autoscaling/tag:Tag": "a tag",
    "aws:budgets/budget:Budget": "only budgets with actions cost",
    "aws:cognito/userPoolClient:UserPoolClient": PART,
    "aws:cognito/userPoolDomain:UserPoolDomain": PART,
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": SHAPE,
    "aws:ec2/flowLog:FlowLog": "billed where it writes: the log group",
    "aws:ec2/internetGateway:InternetGateway": SHAPE,
    "aws:ec2/launchTemplate:LaunchTemplate": "billed where it is used: the node group",
    "aws:ec2/route:Route": SHAPE,
    "aws:ec2/routeTable:RouteTable": SHAPE,
    "aws:ec2/routeTableAssociation:RouteTableAssociation": SHAPE,
    "aws:ec2/securityGroup:SecurityGroup": SHAPE,
    "aws:ec2/subnet:Subnet": SHAPE,
    "aws:ec2/vpc:Vpc": SHAPE,
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": PART,
    "aws:eks/accessEntry:AccessEntry": RIGHTS,
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": RIGHTS,
    "aws:eks/addon:Addon": "the add-ons used are free; their pods run on nodes that are billed",
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": RIGHTS,
    "aws:iam/role:Role": RIGHTS,
    "aws:iam/rolePolicy:RolePolicy": RIGHTS,
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": RIGHTS,
    "aws:kms/alias:Alias": PART,
    "aws:lb/listener:Listener": "billed with the load balancer",
    "aws:lb/targetGroup:TargetGroup": "billed with the load balancer",
    "aws:route53/record:Record": "queries are 0.40 a million and none for an alias to a load balancer",
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": PART,
    "aws:s3/bucketLogging:BucketLogging": PART,
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": PART,
    "aws:s3/bucketPolicy:BucketPolicy": PART,
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": PART,
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": PART,
    "aws:s3/bucketVersioning:BucketVersioning": PART,
    "aws:scheduler/schedule:Schedule": "the first 14 million starts a month are free",
    "aws:scheduler/scheduleGroup:ScheduleGroup": PART,
    "aws:secretsmanager/secretVersion:SecretVersion": "billed with the secret",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": SHAPE,
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": SHAPE,
  },
};
