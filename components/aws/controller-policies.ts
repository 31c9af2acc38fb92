import { policyDocument, type PolicyDocument } from "./irsa";

interface Place {
  readonly cluster: string;
  readonly accountId: string;
  readonly region: string;
}

/**
 * What the Cluster Autoscaler calls (kubernetes/autoscaler, cluster-autoscaler/cloudprovider/aws/README.md). It may
 * change groups of this cluster only: EKS tags the group behind every managed node group with the cluster's name.
 */
export function autoscalerPolicy({ cluster, accountId, region }: Place): PolicyDocument {
  return policyDocument(
    {
      Sid: "Look",
      Effect: "Allow",
      Action: [
        "autoscaling:DescribeAutoScalingGroups",
        "autoscaling:DescribeAutoScalingInstances",
        "autoscaling:DescribeLaunchConfigurations",
        "autoscaling:DescribeScalingActivities",
        "ec2:DescribeImages",
        "ec2:DescribeInstanceTypes",
        "ec2:DescribeLaunchTemplateVersions",
        "ec2:GetInstanceTypesFromInstanceRequirements",
      ],
      Resource: "*",
    },
    {
      // Labels of a group that has never had a node.
      Sid: "LookAtNodeGroups",
      Effect: "Allow",
      Action: ["eks:DescribeNodegroup"],
      Resource: `arn:aws:eks:${region}:${accountId}:nodegroup/${cluster}/*/*`,
    },
    {
      Sid: "Scale",
      Effect: "Allow",
      Action: ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"],
      Resource: `arn:aws:autoscaling:${region}:${accountId}:autoScalingGroup:*:autoScalingGroupName/eks-*`,
      Condition: {
        StringEquals: { [`aws:ResourceTag/k8s.io/cluster-autoscaler/${cluster}`]: "owned" },
      },
    },
  );
}

/**
 * What the AWS Load Balancer Controller calls for a TargetGroupBinding without network rules
 * (kubernetes-sigs/aws-load-balancer-controller v3.5.0: pkg/targetgroupbinding/targets_manager.go and
 * resource_manager.go, webhooks/elbv2/targetgroupbinding_*.go, pkg/networking/networking_manager.go, which lists
 * security groups once to look for rules of its own). The published policy also makes and deletes load balancers
 * and security groups: here the program does that.
 */
export function loadBalancerControllerPolicy({ cluster, accountId, region }: Place): PolicyDocument {
  return policyDocument(
    {
      Sid: "Look",
      Effect: "Allow",
      Action: [
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeVpcs",
        "elasticloadbalancing:DescribeTargetGroups",
        "elasticloadbalancing:DescribeTargetHealth",
      ],
      Resource: "*",
    },
    {
      Sid: "BindTargets",
      Effect: "Allow",
      Action: ["elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"],
      Resource: `arn:aws:elasticloadbalancing:${region}:${accountId}:targetgroup/${cluster}-*/*`,
    },
  );
}
