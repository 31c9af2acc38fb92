import { imagesIn } from "../../engine/images";
import type { ResourceModel } from "../model";
import { alreadyExists, apiNeeds, block, labelOutputs, projectOf, regionOf, text, timestamp } from "./common";

export const REPOSITORY = "gcp:artifactregistry/repository:Repository";

const repository: ResourceModel = {
  type: REPOSITORY,
  durations: { create: 12, update: 2, delete: 12, source: "published logs of deployments: 5 to 14 s" },
  id: (inputs, cloud) => {
    const location = text(inputs, "location") || regionOf(inputs, cloud);
    return `projects/${projectOf(inputs, cloud)}/locations/${location}/repositories/${text(inputs, "repositoryId")}`;
  },
  uniqueName: (inputs, cloud) =>
    `${projectOf(inputs, cloud)}/${text(inputs, "location") || regionOf(inputs, cloud)}:${text(inputs, "repositoryId")}`,
  nameTaken: () => alreadyExists("the repository"),
  needs: (inputs, cloud) => apiNeeds(cloud, projectOf(inputs, cloud), "artifactregistry"),
  check: (inputs) => {
    const id = inputs["repositoryId"];
    return typeof id === "string" && !/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/.test(id)
      ? [{ property: "repositoryId", reason: `${id} is no repository id: 63 of a-z, 0-9 and '-' at most` }]
      : [];
  },
  outputs: (inputs, cloud) => {
    const location = text(inputs, "location") || regionOf(inputs, cloud);
    const scanning = block(inputs, "vulnerabilityScanningConfig");
    const active = scanning["enablementConfig"] !== "DISABLED";
    return {
      project: projectOf(inputs, cloud),
      location,
      name: text(inputs, "repositoryId"),
      createTime: timestamp(cloud),
      updateTime: timestamp(cloud),
      registryUri: `${location}-docker.pkg.dev/${projectOf(inputs, cloud)}/${text(inputs, "repositoryId")}`,
      vulnerabilityScanningConfig: {
        enablementConfig: "INHERITED",
        ...scanning,
        enablementState: active ? "SCANNING_ACTIVE" : "SCANNING_DISABLED",
        enablementStateReason: active ? "" : "Vulnerability scanning is disabled on the repository",
      },
      ...labelOutputs(inputs),
    };
  },
  // Its images go with it.
  deleting: ({ id, properties }, cloud) => {
    for (const image of imagesIn(cloud.images, text(properties, "registryUri"))) cloud.images.delete(image);
    const entries = "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember";
    for (const entry of cloud.list(entries, (each) => each.id.startsWith(`${id}/`)))
      cloud.remove(entries, entry.id);
  },
};

export const registryModels: readonly ResourceModel[] = [repository];
