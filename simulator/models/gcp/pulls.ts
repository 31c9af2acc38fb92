import type { CloudObject, CloudView } from "../model";
import { CLUSTER, NODE_POOL } from "./cluster";
import { block, lastPart, text } from "./common";
import { networkId, SUBNETWORK, subnetworkId } from "./network";
import { regionOfLocation } from "./nodes";
import { ROUTER_NAT } from "./router";

/** Roles with `artifactregistry.repositories.downloadArtifacts`; that of a node by default is not among them. */
const READERS = /^roles\/(owner|editor|viewer|artifactregistry\.(reader|writer|repoAdmin|admin))$/;

/** Repository out of `<location>-docker.pkg.dev/<project>/<repository>/…`. */
function repositoryOf(image: string): { id: string; project: string } | undefined {
  const [, location, project = "", name] =
    /^([a-z0-9-]+)-docker\.pkg\.dev\/([^/]+)\/([^/]+)\//.exec(image) ?? [];
  return location === undefined
    ? undefined
    : { id: `projects/${project}/locations/${location}/repositories/${name}`, project };
}

/** Has the account a role with which images are read, on the repository or on its project? */
function mayRead(
  cloud: CloudView,
  account: string,
  { id, project }: { id: string; project: string },
): boolean {
  const entries = (kind: string, on: string) =>
    cloud.list(
      kind,
      (entry) =>
        entry.status !== "creating" &&
        entry.id.startsWith(`${on}/`) &&
        text(entry.properties, "member") === `serviceAccount:${account}` &&
        READERS.test(text(entry.properties, "role")),
    ).length > 0;
  return (
    entries("gcp:artifactregistry/repositoryIamMember:RepositoryIamMember", id) ||
    entries("gcp:projects/iAMMember:IAMMember", project)
  );
}

/** Is there a gateway through which nodes without public addresses reach other people's registries? */
function hasWayOut(cloud: CloudView, cluster: CloudObject): boolean {
  const [, project = "", , location = ""] = cluster.id.split("/");
  const network = networkId(text(cluster.properties, "network"), project);
  const region = regionOfLocation(location);
  return cloud.list(ROUTER_NAT).some(({ id, status, properties }) => {
    const router = `projects/${project}/regions/${region}/routers/${lastPart(text(properties, "router"))}`;
    const found = cloud.find("gcp:compute/router:Router", router);
    const here = found && networkId(text(found.properties, "network"), project) === network;
    return status !== "creating" && id.startsWith(`${project}/${region}/`) && here === true;
  });
}

/** Do nodes of the cluster's subnetwork reach Google's own services without any gateway? */
function hasPrivateAccess(cloud: CloudView, cluster: CloudObject): boolean {
  const [, project = "", , location = ""] = cluster.id.split("/");
  const id = subnetworkId(text(cluster.properties, "subnetwork"), project, regionOfLocation(location));
  return cloud.find(SUBNETWORK, id)?.properties["privateIpGoogleAccess"] === true;
}

/**
 * Can nodes of the cluster fetch this image, if it exists? From Google's registries over Google's network, with a
 * role for their account; from all others through a NAT gateway, where the nodes have no address of their own.
 */
export function canPull(cloud: CloudView, clusterId: string, image: string): boolean {
  const cluster = cloud.find(CLUSTER, clusterId);
  if (!cluster) return false;
  const isPrivate = block(cluster.properties, "privateClusterConfig")["enablePrivateNodes"] === true;
  const repository = repositoryOf(image);
  if (!repository) return !isPrivate || hasWayOut(cloud, cluster);
  if (isPrivate && !hasPrivateAccess(cloud, cluster) && !hasWayOut(cloud, cluster)) return false;
  const accounts = cloud
    .list(NODE_POOL, ({ id }) => id.startsWith(`${clusterId}/`))
    .map(({ properties }) => text(block(properties, "nodeConfig"), "serviceAccount"));
  return accounts.length > 0 && accounts.every((account) => mayRead(cloud, account, repository));
}
