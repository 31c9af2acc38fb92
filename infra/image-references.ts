import { imageRoles, type ImageRegistry, type ImageRole } from "../components/images";
import type { ImageChoice } from "./config/settings";

/** The full reference of each image: a tag in the stack's own registry, or what the configuration names. */
export function imageReferences(
  images: Readonly<Record<ImageRole, ImageChoice>> | undefined,
  registry: ImageRegistry,
): Record<ImageRole, string> | undefined {
  if (!images) return undefined;
  const reference = (role: ImageRole) => {
    const choice = images[role];
    return choice.source === "own" ? `${registry.repositories[role]}:${choice.tag}` : choice.reference;
  };
  return Object.fromEntries(imageRoles.map((role) => [role, reference(role)])) as Record<ImageRole, string>;
}
