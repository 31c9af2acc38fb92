import { CloudError } from "../models/model";
import type { Store } from "./store";

const ECR = "aws:ecr/repository:Repository";
const ARTIFACTS = "gcp:artifactregistry/repository:Repository";

/** Registries that the clouds host for their customers, in which an image must have been pushed. */
export const HOSTED: readonly RegExp[] = [
  /\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com\//,
  /^[a-z0-9-]+-docker\.pkg\.dev\//,
  /^([a-z]+\.)?gcr\.io\//,
];

/**
 * Somebody pushes an image, `registry/repository:tag`.
 *
 * @throws CloudError where the repository is not there, or the tag is taken and tags are immutable
 */
export function pushImage(store: Pick<Store, "ofKind" | "images" | "changed">, image: string): void {
  const name = image.replace(/(:[^/:]+|@[^/]+)$/, "");
  const ecr = store.ofKind(ECR).find(({ object }) => object.properties["repositoryUrl"] === name);
  const google = store
    .ofKind(ARTIFACTS)
    .find(({ object }) => name.startsWith(`${object.properties["registryUri"] as string}/`));
  if (!ecr && !google)
    throw new CloudError(
      "RepositoryNotFoundException",
      `The repository with name '${name}' does not exist in a registry of these clouds`,
    );
  const docker = google?.object.properties["dockerConfig"] as { immutableTags?: boolean } | undefined;
  const immutable =
    ecr?.object.properties["imageTagMutability"] === "IMMUTABLE" || docker?.immutableTags === true;
  if (immutable && store.images.has(image))
    throw new CloudError(
      "ImageTagAlreadyExistsException",
      `The image tag of '${image}' already exists and cannot be overwritten`,
    );
  store.images.add(image);
  store.changed();
}

/** Images in a repository of Amazon's (`…amazonaws.com/name`), or in all that one of Google's holds. */
export function imagesIn(images: Iterable<string>, repository: string): string[] {
  return [...images].filter((image) => [":", "@", "/"].some((end) => image.startsWith(repository + end)));
}
