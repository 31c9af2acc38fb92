import type { MirrorName } from "./mirrors";

/** The images the application is made of, by role. */
export const imageRoles = ["backend", "frontend", "user-environment"] as const;

/** One of {@link imageRoles}. */
export type ImageRole = (typeof imageRoles)[number];

/**
 * The registry of a stack: one repository a role, tags that cannot be overwritten, scanned on push.
 *
 * @requirement O1
 */
export interface ImageRegistry {
  /** Host (and path) that every image name of this stack starts with; what an allow-list of registries names. */
  readonly prefix: string;
  /** Full image name without tag, by role, known before the repository exists. */
  readonly repositories: Readonly<Record<ImageRole, string>>;
  /**
   * Full references, with an immutable tag, of the copies of other projects' images in this registry (`mirrors.ts`).
   * Somebody has to push them once, as the application's own; clean-up leaves them alone.
   */
  readonly mirrors: Readonly<Record<MirrorName, string>>;
  /** Shell command that signs the local image builder in to this registry, for one hour or so. */
  readonly loginCommand: string;
}
