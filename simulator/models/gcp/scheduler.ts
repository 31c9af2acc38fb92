import { CloudError, type CloudObject, type CloudView, type Properties, type ResourceModel } from "../model";
import { accountNeeds, CUSTOM_ROLE } from "./accounts";
import { NODE_POOL } from "./cluster";
import { alreadyExists, apiNeeds, block, notFound, projectOf, regionOf, text, texts } from "./common";
import { scalePool } from "./node-pool";
import { beginOperation } from "./operations";

export const JOB = "gcp:cloudscheduler/job:Job";

const job: ResourceModel = {
  type: JOB,
  durations: { create: 2, update: 2, delete: 2, source: "estimate" },
  id: (inputs, cloud) =>
    `projects/${projectOf(inputs, cloud)}/locations/${regionOf(inputs, cloud)}/jobs/${text(inputs, "name")}`,
  uniqueName: (inputs, cloud) =>
    `${projectOf(inputs, cloud)}/${regionOf(inputs, cloud)}:${text(inputs, "name")}`,
  nameTaken: (inputs) => alreadyExists(`jobs/${text(inputs, "name")}`),
  needs: (inputs, cloud) => {
    const target = block(inputs, "httpTarget");
    const caller = (token: string) => text(block(target, token), "serviceAccountEmail");
    return [
      ...apiNeeds(cloud, projectOf(inputs, cloud), "cloudscheduler"),
      ...accountNeeds("httpTarget.oauthToken", caller("oauthToken"), notFound(caller("oauthToken"))),
      ...accountNeeds("httpTarget.oidcToken", caller("oidcToken"), notFound(caller("oidcToken"))),
    ];
  },
  outputs: (inputs, cloud) => ({
    project: projectOf(inputs, cloud),
    region: regionOf(inputs, cloud),
    state: inputs["paused"] === true ? "PAUSED" : "ENABLED",
    paused: inputs["paused"] ?? false,
  }),
};

/** Seconds that a change of a pool's size or bounds keeps the cluster busy. An estimate. */
const RESIZE = 60;

/** May this account change pools? Its roles in the project are looked at, conditions are not. */
function refuseStranger(cloud: CloudView, project: string, email: string): void {
  const permission = "container.clusters.update";
  const roles = cloud
    .list(
      "gcp:projects/iAMMember:IAMMember",
      ({ properties }) =>
        text(properties, "member") === `serviceAccount:${email}` && text(properties, "project") === project,
    )
    .map(({ properties }) => text(properties, "role"));
  const may = roles.some(
    (role) =>
      /^roles\/(owner|editor|container\.(admin|clusterAdmin))$/.test(role) ||
      texts(cloud.find(CUSTOM_ROLE, role)?.properties ?? {}, "permissions").includes(permission),
  );
  if (!may)
    throw new CloudError(
      "forbidden",
      `Error 403: Required "${permission}" permission(s) for ${email}., forbidden`,
    );
}

function autoscale(pool: CloudObject, wanted: Properties): void {
  const { enabled, ...bounds } = wanted;
  if (enabled === true) pool.properties["autoscaling"] = bounds;
  else delete pool.properties["autoscaling"];
}

/**
 * Does what a scheduled job does when its time has come, which no clock here brings: calls the GKE API to resize a
 * pool or to set its bounds.
 *
 * @throws CloudError as GKE answers; Error for a job that calls something else
 */
export async function runJob(cloud: CloudView, jobId: string): Promise<void> {
  const job = cloud.find(JOB, jobId);
  if (!job) throw notFound(jobId);
  if (job.properties["paused"] === true) return;
  const target = block(job.properties, "httpTarget");
  const call = /^https:\/\/container\.googleapis\.com\/v1\/(.+):(setSize|setAutoscaling)$/.exec(
    text(target, "uri"),
  );
  if (!call) throw new Error(`the simulator does not know what ${text(target, "uri")} does`);
  const [, poolId = "", method] = call;
  refuseStranger(cloud, jobId.split("/")[1]!, text(block(target, "oauthToken"), "serviceAccountEmail"));
  const pool = cloud.find(NODE_POOL, poolId);
  if (!pool) throw notFound(poolId);
  const body = JSON.parse(Buffer.from(text(target, "body"), "base64").toString()) as Properties;
  beginOperation(cloud, poolId.replace(/\/nodePools\/.*$/, ""), "pool", RESIZE);
  const zones = texts(pool.properties, "nodeLocations").length;
  if (method === "setSize") await scalePool(cloud, pool, Number(body["nodeCount"]) * zones);
  else autoscale(pool, block(body, "autoscaling"));
  const bounds = block(pool.properties, "autoscaling");
  const least = Number(bounds["totalMinNodeCount"] ?? 0);
  if (method === "setAutoscaling" && least > 0) await scalePool(cloud, pool, least);
  cloud.put(pool);
}

export const schedulerModels: readonly ResourceModel[] = [job];
