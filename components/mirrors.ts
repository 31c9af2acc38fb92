/** An image of somebody else that pods of this project run, pinned. */
export interface MirroredImage {
  /** Full name at its publisher's, without tag. */
  readonly source: string;
  /** The tag that is copied, and the tag of the copy: a version in full, never one that moves on. */
  readonly version: string;
  /** What runs it. */
  readonly why: string;
  /** Where name and version were read. */
  readonly read: string;
}

/**
 * Images of other projects in the application's pods, each copied once into the stack's own registry and pulled
 * from there. A public registry that is down, limits downloads (Docker Hub: 100 pulls in six hours from one
 * address, which every node behind a NAT gateway shares) or is given another image under the same tag then neither
 * stops an environment nor changes what runs in it.
 *
 * To raise a version: change it here; the next `up` names the copy that is missing, with the command that makes
 * it. Copies of older versions stay until somebody deletes them.
 *
 * @requirement O1
 */
export const mirrors = {
  busybox: {
    source: "docker.io/library/busybox",
    version: "1.37.0",
    why: "waits, in every user's pod, until the bucket is mounted",
    read: "github.com/docker-library/official-images library/busybox: Tags: 1.37.0",
  },
  litestream: {
    source: "docker.io/litestream/litestream",
    version: "0.5.16",
    why: "copies the database to its bucket continuously, and restores it",
    read: "github.com/benbjohnson/litestream tag v0.5.16, .github/workflows/release.docker.yml: pattern={{version}}",
  },
} as const satisfies Readonly<Record<string, MirroredImage>>;

/** One of {@link mirrors}. */
export type MirrorName = keyof typeof mirrors;

/** The names of {@link mirrors}, in the order in which commands and previews list them. */
export const mirrorNames = Object.keys(mirrors) as MirrorName[];

/** Name of the repository that holds a copy: `<cluster>-mirror-<name>`. */
export function mirrorRepository(cluster: string, name: MirrorName): string {
  return `${cluster}-mirror-${name}`;
}

/** Full references of the copies in a registry, by name, known before anything exists. */
export function mirrorReferences(prefix: string, cluster: string): Readonly<Record<MirrorName, string>> {
  const reference = (name: MirrorName) =>
    `${prefix}/${mirrorRepository(cluster, name)}:${mirrors[name].version}`;
  return Object.fromEntries(mirrorNames.map((name) => [name, reference(name)])) as Record<MirrorName, string>;
}

/** What is copied: the full reference at the publisher's. */
export function mirrorSource(name: MirrorName): string {
  return `${mirrors[name].source}:${mirrors[name].version}`;
}
