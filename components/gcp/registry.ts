import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { imageRoles, type ImageRegistry, type ImageRole } from "../images";
import { mirrorReferences, type MirrorName } from "../mirrors";
import { childOptions, shaped, type ChildOptions, type Transform } from "./child";

/** Where images lie and how many are kept. */
export interface RegistryArgs {
  /** Name of the cluster: name of the repository, and first part of every image's name. */
  readonly cluster: string;
  readonly project: string;
  readonly region: string;
  /** Newest versions of each image that clean-up leaves alone; default 10. */
  readonly keep?: number;
  /** Days after which an image without a tag goes; default 7. */
  readonly untaggedDays?: number;
  /** Scan images on push, 0.26 US$ an image; default true. Needs the API `containerscanning`. */
  readonly scan?: boolean;
  /** Who may pull, as IAM members by a name for the state: `{ nodes: "serviceAccount:…" }`. */
  readonly readers?: Readonly<Record<string, pulumi.Input<string>>>;
  readonly transform?: {
    readonly repository?: Transform<gcp.artifactregistry.RepositoryArgs>;
    readonly reader?: Transform<gcp.artifactregistry.RepositoryIamMemberArgs>;
  };
}

/**
 * One Artifact Registry repository for the images of a stack, with tags that cannot be moved.
 *
 * Artifact Registry never cleans up an image whose tag is immutable, so clean-up reaches images without a tag
 * only and tagged ones stay until somebody deletes them: plan 0.10 US$ a GiB and month above the first half GiB.
 * Copies of other projects' images (`mirrors.ts`) are never cleaned up, with or without a tag: a copy of an image
 * for several processors consists of a tagged list and of untagged images that it names.
 * A destroy deletes the repository with its images; they can be pushed again.
 *
 * @requirement O1
 */
export class Registry extends pulumi.ComponentResource implements ImageRegistry {
  readonly prefix: string;
  readonly repositories: Readonly<Record<ImageRole, string>>;
  readonly mirrors: Readonly<Record<MirrorName, string>>;
  readonly loginCommand: string;
  readonly repository: gcp.artifactregistry.Repository;

  constructor(name: string, args: RegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    const { cluster, project, region } = args;
    super("cmb:gcp:Registry", name, { cluster, project, region, keep: args.keep, scan: args.scan }, opts);
    const host = `${region}-docker.pkg.dev`;
    this.prefix = `${host}/${project}/${cluster}`;
    this.repositories = Object.fromEntries(
      imageRoles.map((role) => [role, `${this.prefix}/${cluster}-${role}`]),
    ) as Record<ImageRole, string>;
    this.mirrors = mirrorReferences(this.prefix, cluster);
    this.loginCommand = `gcloud auth configure-docker ${host} --quiet`;
    const child = childOptions(this, opts);
    this.repository = this.makeRepository(name, args, child);
    this.letRead(name, args, child);
    this.registerOutputs({ prefix: this.prefix });
  }

  private makeRepository(name: string, args: RegistryArgs, opts: ChildOptions) {
    return new gcp.artifactregistry.Repository(
      `${name}-repository`,
      ...shaped(
        args.transform?.repository,
        {
          repositoryId: args.cluster,
          project: args.project,
          location: args.region,
          description: `Images of ${args.cluster}`,
          format: "DOCKER",
          dockerConfig: { immutableTags: true },
          cleanupPolicyDryRun: false,
          cleanupPolicies: [
            {
              id: "keep-mirrors",
              action: "KEEP",
              condition: { tagState: "ANY", packageNamePrefixes: [`${args.cluster}-mirror-`] },
            },
            { id: "keep-newest", action: "KEEP", mostRecentVersions: { keepCount: args.keep ?? 10 } },
            {
              id: "delete-untagged",
              action: "DELETE",
              condition: { tagState: "UNTAGGED", olderThan: `${(args.untaggedDays ?? 7) * 86400}s` },
            },
          ],
          vulnerabilityScanningConfig: {
            enablementConfig: (args.scan ?? true) ? "INHERITED" : "DISABLED",
          },
        },
        opts,
      ),
    );
  }

  private letRead(name: string, args: RegistryArgs, opts: ChildOptions): void {
    for (const [reader, member] of Object.entries(args.readers ?? {})) {
      new gcp.artifactregistry.RepositoryIamMember(
        `${name}-reader-${reader}`,
        ...shaped(
          args.transform?.reader,
          {
            project: args.project,
            location: args.region,
            repository: this.repository.name,
            role: "roles/artifactregistry.reader",
            member,
          },
          opts,
        ),
      );
    }
  }
}
