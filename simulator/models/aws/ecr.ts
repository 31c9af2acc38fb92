import { CloudError, type CloudView, type ResourceModel } from "../model";
import { arn, flag, hidden, need, regional, regionOf, text } from "./values";

const REPOSITORY = "aws:ecr/repository:Repository";
/** Kind of an image in a repository, which only a push makes. */
export const IMAGE = "aws:hidden/ecrImage";

const repository: ResourceModel = {
  type: REPOSITORY,
  durations: { create: 2, delete: 1, source: "published deployment logs: 0 to 6 s" },
  id: (inputs) => text(inputs, "name"),
  uniqueName: (inputs, cloud) => regional(inputs, cloud, text(inputs, "name")),
  nameTaken: (inputs) =>
    new CloudError(
      "RepositoryAlreadyExistsException",
      `The repository with name '${text(inputs, "name")}' already exists in the registry`,
    ),
  check: (inputs) =>
    /^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/.test(text(inputs, "name") || "x")
      ? []
      : [{ property: "name", reason: "lower-case letters and digits, with single ._-/ between them" }],
  outputs: (inputs, cloud, id) => ({
    arn: arn(cloud, "ecr", regionOf(inputs, cloud), `repository/${id}`),
    registryId: cloud.account,
    repositoryUrl: `${cloud.account}.dkr.ecr.${regionOf(inputs, cloud)}.amazonaws.com/${id}`,
  }),
  blockers: ({ id, properties }, cloud) =>
    !flag(properties, "forceDelete") && imagesIn(cloud, id).length > 0
      ? [
          new CloudError(
            "RepositoryNotEmptyException",
            `The repository with name '${id}' in registry with id '${cloud.account}' cannot be deleted because it ` +
              "still contains images",
          ),
        ]
      : [],
  deleting: ({ id }, cloud) => {
    for (const image of imagesIn(cloud, id)) cloud.remove(IMAGE, image.id);
    cloud.remove("aws:ecr/lifecyclePolicy:LifecyclePolicy", id);
  },
};

const imagesIn = (cloud: CloudView, name: string) =>
  cloud.list(IMAGE, ({ properties }) => properties["repository"] === name);

/** Somebody pushes an image. A tag that is taken is refused where tags are immutable. */
export function pushImage(
  cloud: CloudView,
  name: string,
  tag: string,
  digest = `sha256:${cloud.hex(64)}`,
): void {
  const found = cloud.find(REPOSITORY, name);
  if (!found)
    throw new CloudError("RepositoryNotFoundException", `The repository with name '${name}' does not exist`);
  const id = `${name}:${tag}`;
  const taken = cloud.list(IMAGE, (image) => image.id === id).length > 0;
  if (taken && text(found.properties, "imageTagMutability") === "IMMUTABLE")
    throw new CloudError(
      "ImageTagAlreadyExistsException",
      `The image tag '${tag}' already exists in the '${name}' repository and cannot be overwritten`,
    );
  cloud.put(hidden(cloud, IMAGE, id, { repository: name, tag, digest }));
}

const lifecyclePolicy: ResourceModel = {
  type: "aws:ecr/lifecyclePolicy:LifecyclePolicy",
  durations: { create: 1, delete: 1, source: "published deployment logs: seconds" },
  id: (inputs) => text(inputs, "repository"),
  // Writing one again overwrites it.
  adopts: () => true,
  needs: (inputs) =>
    need(
      inputs,
      "repository",
      REPOSITORY,
      (name) =>
        new CloudError("RepositoryNotFoundException", `The repository with name '${name}' does not exist`),
    ),
  outputs: (_inputs, cloud) => ({ registryId: cloud.account }),
};

/** Repositories of images. */
export const ecrModels: readonly ResourceModel[] = [repository, lifecyclePolicy];
