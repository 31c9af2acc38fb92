import { bucketPattern, type Check, hashIn, literal, type Variable } from "./cel";
import { type AdmissionFacts, BUCKET_ANNOTATION, FILES, OWNER_ANNOTATION, WORKSPACE } from "./facts";

type Facts = Pick<AdmissionFacts, "cluster">;

/** The bucket that the pod was mended for. */
export function volumeVariables(_: Facts): Variable[] {
  return [
    {
      name: "bucket",
      expression: `object.metadata.?annotations[?${literal(BUCKET_ANNOTATION)}].orValue("")`,
    },
    { name: "volumes", expression: `object.spec.?volumes.orValue([])` },
  ];
}

/** What holds for volumes: the bucket, the user's files, and the empty directories of the cloud's own helper. */
export function volumeChecks({ cluster }: Facts): Check[] {
  const helpers = cluster.userVolumes.helper?.volumes ?? [];
  const known = [WORKSPACE, FILES, ...helpers];
  return [
    {
      expression: `variables.bucket.matches(${literal(bucketPattern)})`,
      message:
        "The bucket is none of those that the application names: a storage with a custom_name cannot be mounted.",
    },
    {
      expression:
        `variables.bucket.matches(${literal(bucketPattern)}) && ` +
        `${hashIn("variables.bucket")} == object.metadata.?annotations[?${literal(OWNER_ANNOTATION)}].orValue("")`,
      message:
        "The bucket is not the user's own: its name does not carry the first 8 digits of the MD5 of USER_ID.",
    },
    {
      expression: `variables.volumes.all(v, v.name in ${literal(known)})`,
      message: `The volumes of an environment are ${known.join(", ")}.`,
    },
    {
      expression: `variables.volumes.filter(v, v.name == ${literal(WORKSPACE)}).size() == 1`,
      message: "The pod was not mended: it has no volume for its bucket.",
    },
    {
      expression: `variables.volumes.all(v, v.name != ${literal(WORKSPACE)} || (${workspace(cluster)}))`,
      message: "The volume of the bucket is not as it is mended: another claim, bucket, driver or option.",
    },
    {
      expression:
        `variables.volumes.all(v, v.name != ${literal(FILES)} || (${only("secret")} && v.?secret.?secretName.orValue("")` +
        ` == "user-files-" + object.metadata.?labels[?"user-id"].orValue("") + "-" +` +
        ` object.metadata.?labels[?"env-id"].orValue("")))`,
      message: "The only Secret that an environment mounts is its own.",
    },
    {
      expression: `variables.volumes.all(v, !(v.name in ${literal(helpers)}) || (${only("emptyDir")}))`,
      message: "The helper's volumes are empty directories.",
    },
  ];
}

function workspace({ userVolumes }: Facts["cluster"]): string {
  const { kind, driver, mountOptions, attributes } = userVolumes;
  if (kind === "claim") {
    return `${only("persistentVolumeClaim")} && v.persistentVolumeClaim.claimName == object.metadata.name`;
  }
  const wanted = { mountOptions: mountOptions.join(","), ...attributes };
  const attribute = (name: string) => `v.csi.?volumeAttributes[?${literal(name)}].orValue("")`;
  return [
    only("csi"),
    `v.csi.driver == ${literal(driver)}`,
    `!has(v.csi.nodePublishSecretRef)`,
    `v.csi.?volumeAttributes.orValue({}).all(key, key in ${literal(["bucketName", ...Object.keys(wanted)])})`,
    `${attribute("bucketName")} == variables.bucket`,
    ...Object.entries(wanted).map(([name, value]) => `${attribute(name)} == ${literal(value)}`),
  ].join(" && ");
}

/** The API server admits one source a volume, so that the one that is there is the only one. */
function only(source: string): string {
  return `has(v.${source})`;
}
