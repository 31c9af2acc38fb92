import type { ImageRegistry, ImageRole } from "../components/images";
import { mirrorNames, mirrorSource } from "../components/mirrors";

/** Where the application's public repository has each image's Dockerfile; the images are built from it unchanged. */
const contexts: Readonly<Record<ImageRole, string>> = {
  backend: "backend",
  frontend: "nextjs-frontend",
  "user-environment": "docker/denario",
};

/** The repository the images are built from. */
const source = "https://github.com/CMBAgents/cmbcluster";

/**
 * The commands that build the application's images and push them into a stack's registry, to be run in a shell
 * on a machine with a container builder, and the one that names them in the stack's configuration.
 *
 * Images of other projects that the application's pods run are copied first; what has been copied is left alone.
 *
 * Tags cannot be overwritten in the registry: a second build needs another tag.
 *
 * @param tag the tag to push, as a person would type it
 * @requirement O1
 */
export function imageCommands(registry: ImageRegistry, tag = "v1"): string[] {
  const build = Object.entries(contexts).map(([role, context]) => {
    const image = `${registry.repositories[role as ImageRole]}:${tag}`;
    // The nodes are x86_64; a laptop with another processor would build what they cannot run.
    return `docker buildx build --platform linux/amd64 --push -t ${image} cmbcluster/${context}`;
  });
  return [
    `git clone --branch feature/aws-support ${source} cmbcluster`,
    registry.loginCommand,
    ...mirrorCommands(registry),
    ...build,
    `pulumi config set --path cmbcluster:images.tag ${tag}`,
  ];
}

/** The commands that copy other projects' images into a stack's registry, each a line that does nothing the second time. */
function mirrorCommands({ mirrors }: ImageRegistry): string[] {
  return mirrorNames.map((name) => {
    const copy = mirrors[name];
    return (
      `docker buildx imagetools inspect ${copy} >/dev/null 2>&1 || ` +
      `docker buildx imagetools create --tag ${copy} ${mirrorSource(name)}`
    );
  });
}
