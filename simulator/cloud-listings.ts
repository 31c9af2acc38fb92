import type { ToolAnswer } from "./engine/host";
import type { World } from "./engine/simulated-provider";
import { HIDDEN } from "./models/gcp/common";
import { VOLUME } from "./models/aws/instances";
import { strayListing, tagOf } from "./stray-listings";

/**
 * What `aws` and `gcloud` answer to questions about what a stack leaves behind; undefined for other questions. Of the
 * filters those are played that this project's commands use: a claim's namespace, a cluster's name. Whether a disk is
 * attached is not: one that a claim was made from counts as free.
 */
export function listing(
  tool: string,
  command: string,
  args: readonly string[],
  world: World,
): ToolAnswer | undefined {
  const { store } = world;
  const of = (kind: string) => store.ofKind(kind).map(({ object }) => object);
  switch (`${tool} ${command}`) {
    case "aws iam get-role": {
      const name = args[args.indexOf("--role-name") + 1];
      const role = of("aws:iam/role:Role").find(({ id }) => id === name);
      if (role) return answer({ Role: { RoleName: role.id, Arn: role.properties["arn"] } });
      return {
        code: 254,
        stderr: `\nAn error occurred (NoSuchEntity) when calling the GetRole operation: The role with name ${name} cannot be found.`,
      };
    }
    case "aws ec2 describe-volumes":
      return answer({
        Volumes: of(VOLUME)
          .filter(({ properties }) => {
            const namespace = tagOf(properties["tags"], "kubernetes.io/created-for/pvc/namespace");
            return args.some((word) => word.endsWith(`/namespace,Values=${namespace}`));
          })
          .map(({ id, properties }) => ({ VolumeId: id, Size: properties["sizeGib"] })),
      });
    case "aws s3api list-buckets":
      return answer({ Buckets: of("aws:s3/bucket:Bucket").map(({ id }) => ({ Name: id })) });
    case "gcloud compute disks list":
      return answer(
        of("gcp:hidden/disk")
          .filter(({ properties }) => {
            if (text(properties["claim"]) === "") return false;
            const cluster = text(properties["cluster"]).split("/").at(-1)!;
            return args.some((word) => word.startsWith(`labels.goog-k8s-cluster-name=${cluster} `));
          })
          .map(({ id, properties }) => ({
            name: id.split("/").at(-1),
            sizeGb: text(properties["sizeGb"]),
          })),
      );
    case "gcloud logging buckets list":
      return answer(
        of("gcp:logging/projectBucketConfig:ProjectBucketConfig").map(({ id }) => ({
          name: id,
          lifecycleState: "ACTIVE",
        })),
      );
    case "gcloud storage buckets list":
      return answer(of("gcp:storage/bucket:Bucket").map(({ id }) => ({ name: id })));
    case "gcloud compute forwarding-rules list":
      return answer(
        of(HIDDEN.forwardingRule)
          .filter(({ properties }) => args.includes(`IPAddress=${text(properties["IPAddress"])}`))
          .map(({ id }) => ({
            name: lastOf(id),
            backendService: id.replace("/forwardingRules/", "/backendServices/"),
          })),
      );
    case "gcloud compute backend-services list":
      return answer(
        of(HIDDEN.backendService)
          .filter(({ id }) => args.includes(`name=${lastOf(id)}`))
          .map(({ id }) => ({
            name: lastOf(id),
            healthChecks: [id.replace(/\/regions\/.*/, `/global/healthChecks/${lastOf(id)}`)],
          })),
      );
    case "gcloud compute firewall-rules list":
      return answer(
        of(HIDDEN.firewall)
          .filter(({ properties }) =>
            args.some((word) => word.startsWith(`network~/${lastOf(text(properties["network"]))}$ `)),
          )
          .map(({ id }) => ({ name: lastOf(id) })),
      );
    case "gcloud compute forwarding-rules delete":
    case "gcloud compute backend-services delete":
    case "gcloud compute health-checks delete":
    case "gcloud compute firewall-rules delete":
      return deletion(args, store);
    default:
      return strayListing(tool, command, args, world);
  }
}

const DELETED: Readonly<Record<string, string>> = {
  "forwarding-rules": HIDDEN.forwardingRule,
  "backend-services": HIDDEN.backendService,
  "health-checks": HIDDEN.healthCheck,
  "firewall-rules": HIDDEN.firewall,
};

/** `gcloud compute <kind> delete <name>`, of what no resource of a program stands for. */
function deletion([, kind = "", , name = ""]: readonly string[], store: World["store"]): ToolAnswer {
  const found = store.ofKind(DELETED[kind]!).find(({ object }) => lastOf(object.id) === name);
  if (!found)
    return { code: 1, stderr: `ERROR: (gcloud.compute.${kind}.delete) The resource '${name}' was not found` };
  store.remove(found);
  return { code: 0, stderr: `Deleted [${found.object.id}].` };
}

function lastOf(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}

function text(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

function answer(value: unknown): ToolAnswer {
  return { code: 0, stdout: JSON.stringify(value, null, 2) };
}
