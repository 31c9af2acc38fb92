import { imagesIn } from "../../engine/images";
import { CloudError, type ResourceModel } from "../model";
import { arn, flag, need, regional, regionOf, text } from "./values";

const REPOSITORY = "aws:ecr/repository:Repository";

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
    !flag(properties, "forceDelete") && imagesIn(cloud.images, text(properties, "repositoryUrl")).length > 0
      ? [
          new CloudError(
            "RepositoryNotEmptyException",
            `The repository with name '${id}' in registry with id '${cloud.account}' cannot be deleted because it ` +
              "still contains images",
          ),
        ]
      : [],
  deleting: ({ id, properties }, cloud) => {
    for (const image of imagesIn(cloud.images, text(properties, "repositoryUrl"))) cloud.images.delete(image);
    cloud.remove("aws:ecr/lifecyclePolicy:LifecyclePolicy", id);
  },
};

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
