import { defined, type Known, mapOf } from "./args";
import type { Made } from "./eks-cluster";
import { isMap, UNKNOWN, type Value, type ValueMap } from "../values";

/**
 * The kubeconfig that `eks.Cluster` hands out: an object that asks the `aws` command for a token at each use
 * (pulumi-eks v4.3.0, cluster/cluster.ts: `generateKubeconfig`). Unknown until the cluster exists.
 */
export function eksKubeconfig(known: Known, cluster: string): Value {
  const text = (path: string): string | undefined => {
    const value = known.output(cluster, path);
    return typeof value === "string" ? value : undefined;
  };
  const [name, server, arn] = [text("name"), text("endpoint"), text("arn")];
  const authority = text("certificateAuthority.data");
  if (name === undefined || server === undefined || arn === undefined || authority === undefined)
    return UNKNOWN;
  const args = [
    "--region",
    arn.split(":")[3]!,
    "eks",
    "get-token",
    "--cluster-name",
    name,
    "--output",
    "json",
  ];
  return {
    apiVersion: "v1",
    clusters: [{ cluster: { server, "certificate-authority-data": authority }, name: "kubernetes" }],
    contexts: [{ context: { cluster: "kubernetes", user: "aws" }, name: "aws" }],
    "current-context": "aws",
    kind: "Config",
    users: [
      {
        name: "aws",
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1beta1",
            command: "aws",
            args,
            env: [
              {
                name: "KUBERNETES_EXEC_INFO",
                value: '{"apiVersion": "client.authentication.k8s.io/v1beta1"}',
              },
            ],
          },
        },
      },
    ],
  };
}

/** The JSON text of an object, unknown as the object itself. */
export function jsonOf(value: Value): Value {
  return isMap(value) ? JSON.stringify(value) : UNKNOWN;
}

/** The component's bundle of facts for its own node groups. */
export function core(made: Made, args: ValueMap, known: Known, kubeconfig: Value): ValueMap {
  const reference = (urn: string | undefined) => (urn === undefined ? undefined : known.reference(urn));
  return defined({
    cluster: known.reference(made.cluster),
    provider: known.reference(made.kubernetes),
    oidcProvider: reference(made.oidc),
    clusterIamRole: reference(made.role),
    clusterSecurityGroup: reference(made.groups.cluster),
    vpcId: args["vpcId"],
    subnetIds: known.output(made.cluster, "vpcConfig.subnetIds"),
    publicSubnetIds: args["publicSubnetIds"],
    privateSubnetIds: args["privateSubnetIds"],
    endpoint: known.output(made.cluster, "endpoint"),
    kubeconfig,
    tags: args["tags"],
    nodeGroupOptions: args["nodeGroupOptions"],
    storageClasses: {},
    instanceRoles: [],
    accessEntries: Object.values(mapOf(args["accessEntries"])),
    encryptionConfig: known.output(made.cluster, "encryptionConfig"),
  });
}
