import { CloudError, type ResourceModel } from "../model";
import { alreadyExists, apiNeeds, HIDDEN, projectNumber, projectOf, putHidden, text } from "./common";

export const LOG_BUCKET = "gcp:logging/projectBucketConfig:ProjectBucketConfig";

/** Days for which a deleted log bucket keeps its name, and cannot be written to. */
const DELETED_DAYS = 7;
const DAY = 86_400;

const logBucket: ResourceModel = {
  type: LOG_BUCKET,
  durations: { create: 2, update: 2, delete: 2, source: "estimate" },
  id: (inputs, cloud) =>
    `projects/${projectOf(inputs, cloud)}/locations/${text(inputs, "location")}/buckets/${text(inputs, "bucketId")}`,
  needs: (inputs, cloud) => apiNeeds(cloud, projectOf(inputs, cloud), "logging"),
  // The provider looks for the bucket first and then only changes it (resource_logging_bucket_config.go).
  adopts: () => true,
  accept: (inputs, cloud) => {
    const id = logBucket.id(inputs, cloud);
    const deleted = cloud.find(HIDDEN.tombstone, id);
    if (!deleted || cloud.now() - deleted.createdAt > DELETED_DAYS * DAY) return;
    throw new CloudError(
      "failedPrecondition",
      `Error 400: Bucket ${id} is in lifecycle state DELETE_REQUESTED and cannot be updated, failedPrecondition`,
    );
  },
  outputs: (inputs, cloud, id) => ({
    project: projectOf(inputs, cloud),
    name: id,
    lifecycleState: "ACTIVE",
    description: text(inputs, "description"),
  }),
  created: (object, cloud) => cloud.remove(HIDDEN.tombstone, object.id),
  // What Google itself made cannot go; the provider only forgets it.
  forgets: ({ id }) => /\/buckets\/_(Default|Required)$/.test(id),
  deleting: (object, cloud) => void putHidden(cloud, HIDDEN.tombstone, object.id, { kind: LOG_BUCKET }),
};

const sink: ResourceModel = {
  type: "gcp:logging/projectSink:ProjectSink",
  durations: { create: 2, update: 2, delete: 2, source: "estimate" },
  id: (inputs, cloud) => `projects/${projectOf(inputs, cloud)}/sinks/${text(inputs, "name")}`,
  uniqueName: (inputs, cloud) => `${projectOf(inputs, cloud)}:${text(inputs, "name")}`,
  nameTaken: (inputs) => alreadyExists(`sinks/${text(inputs, "name")}`),
  needs: (inputs, cloud) => apiNeeds(cloud, projectOf(inputs, cloud), "logging"),
  outputs: (inputs, cloud) => {
    const project = projectOf(inputs, cloud);
    // Into a log bucket of its own project a sink writes without any identity.
    const own = text(inputs, "destination").startsWith(`logging.googleapis.com/projects/${project}/`);
    const agent = `serviceAccount:service-${projectNumber(project)}@gcp-sa-logging.iam.gserviceaccount.com`;
    return { project, writerIdentity: own ? "" : agent };
  },
};

const exclusion: ResourceModel = {
  type: "gcp:logging/projectExclusion:ProjectExclusion",
  durations: { create: 2, update: 2, delete: 2, source: "estimate" },
  id: (inputs, cloud) => `projects/${projectOf(inputs, cloud)}/exclusions/${text(inputs, "name")}`,
  uniqueName: (inputs, cloud) => `${projectOf(inputs, cloud)}:${text(inputs, "name")}`,
  nameTaken: (inputs) => alreadyExists(`exclusions/${text(inputs, "name")}`),
  needs: (inputs, cloud) => apiNeeds(cloud, projectOf(inputs, cloud), "logging"),
  outputs: (inputs, cloud) => ({ project: projectOf(inputs, cloud) }),
};

export const loggingModels: readonly ResourceModel[] = [logBucket, sink, exclusion];
