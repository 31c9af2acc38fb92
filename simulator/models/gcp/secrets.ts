import { CloudError, type CloudView, type Properties, type ResourceModel } from "../model";
import {
  alreadyExists,
  apiNeeds,
  labelOutputs,
  lastPart,
  notFound,
  projectNumber,
  projectOf,
  putHidden,
  text,
  timestamp,
} from "./common";

export const SECRET = "gcp:secretmanager/secret:Secret";
export const SECRET_VERSION = "gcp:secretmanager/secretVersion:SecretVersion";

/** Highest number that a version of a secret has had: numbers are never used again. */
const COUNTER = "gcp:hidden/secretCounter";

const secret: ResourceModel = {
  type: SECRET,
  durations: { create: 2, update: 2, delete: 2, source: "estimate" },
  id: (inputs, cloud) => `projects/${projectOf(inputs, cloud)}/secrets/${text(inputs, "secretId")}`,
  uniqueName: (inputs, cloud) => `${projectOf(inputs, cloud)}:${text(inputs, "secretId")}`,
  nameTaken: (inputs) => alreadyExists(`secrets/${text(inputs, "secretId")}`),
  needs: (inputs, cloud) => apiNeeds(cloud, projectOf(inputs, cloud), "secretmanager"),
  check: (inputs) => {
    const id = inputs["secretId"];
    return typeof id === "string" && !/^[-_a-zA-Z0-9]{1,255}$/.test(id)
      ? [{ property: "secretId", reason: `${id} is no secret id: 255 letters, digits, '-' and '_' at most` }]
      : [];
  },
  outputs: (inputs, cloud) => ({
    project: projectOf(inputs, cloud),
    name: `projects/${projectNumber(projectOf(inputs, cloud))}/secrets/${text(inputs, "secretId")}`,
    createTime: timestamp(cloud),
    expireTime: "",
    effectiveAnnotations: inputs["annotations"] ?? {},
    ...labelOutputs(inputs),
  }),
  blockers: ({ properties }) =>
    properties["deletionProtection"] === true
      ? [
          new CloudError(
            "deletionProtection",
            "cannot destroy secret without setting deletion_protection=false and running `terraform apply`",
          ),
        ]
      : [],
  // All its versions, the only thing of worth in it, go at once and for good.
  deleting: ({ properties }, cloud) => {
    const name = text(properties, "name");
    for (const version of cloud.list(SECRET_VERSION, ({ id }) => id.startsWith(`${name}/versions/`)))
      cloud.remove(SECRET_VERSION, version.id);
    cloud.remove(COUNTER, name);
  },
};

/** `projects/<number>/secrets/<id>`, as versions are named by. */
function secretName(inputs: Properties, cloud: CloudView): string {
  const address = text(inputs, "secret");
  const project = /^projects\/([^/]+)\//.exec(address)?.[1] ?? projectOf(inputs, cloud);
  const number = /^\d+$/.test(project) ? project : projectNumber(project);
  return `projects/${number}/secrets/${lastPart(address)}`;
}

const version: ResourceModel = {
  type: SECRET_VERSION,
  durations: { create: 2, update: 1, delete: 1, source: "estimate" },
  id: (inputs, cloud) => {
    const name = secretName(inputs, cloud);
    const last = cloud.find(COUNTER, name)?.properties["last"];
    const next = (typeof last === "number" ? last : 0) + 1;
    putHidden(cloud, COUNTER, name, { last: next });
    return `${name}/versions/${next}`;
  },
  needs: (inputs, cloud) => [
    ...apiNeeds(cloud, projectOf(inputs, cloud), "secretmanager"),
    {
      property: "secret",
      kind: SECRET,
      // Its `name`, by which it is found whether given by project id or number.
      address: secretName(inputs, cloud),
      error: notFound(`Secret [${secretName(inputs, cloud)}]`),
    },
  ],
  outputs: (_inputs, cloud, id) => ({
    name: id,
    version: lastPart(id),
    createTime: timestamp(cloud),
    destroyTime: "",
    enabled: true,
  }),
};

export const secretModels: readonly ResourceModel[] = [secret, version];
