import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type ImageRegistry, type ImageRole, imageRoles } from "../images";
import { mirrorNames, mirrorReferences, mirrorRepository, type MirrorName } from "../mirrors";
import { shown } from "../shown-inputs";
import { transformed, type Transform } from "./transform";

/** What the image repositories are made of. */
export interface RegistryArgs {
  readonly cluster: string;
  readonly accountId: string;
  readonly region: string;
  /** Tagged images kept in each repository; older ones are deleted. Storage costs 0.10 US$ a GB and month. */
  readonly imagesKeep: number;
  /** True: a repository with images in it refuses to be deleted. Images can be built again from their source. */
  readonly keepImages: boolean;
  /** Ways out, one a child. */
  readonly transform?: {
    readonly repository?: Transform<aws.ecr.RepositoryArgs>;
    readonly lifecyclePolicy?: Transform<aws.ecr.LifecyclePolicyArgs>;
  };
}

/**
 * One ECR repository an image role, named `<cluster>-<role>`: tags cannot be overwritten, so a tag names the same
 * image for ever; every image is scanned as it is pushed; what is older than the newest {@link
 * RegistryArgs.imagesKeep} goes, as does what lost its tag. One more for each copy of another project's image
 * (`mirrors.ts`), from which nothing is ever cleaned up: pods use the one image in it for as long as they are made.
 *
 * @requirement O1
 */
export class Registry extends pulumi.ComponentResource implements ImageRegistry {
  readonly prefix: string;
  readonly repositories: Readonly<Record<ImageRole, string>>;
  readonly mirrors: Readonly<Record<MirrorName, string>>;
  readonly loginCommand: string;

  constructor(name: string, args: RegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cmb:aws:Registry", name, shown(args), opts);
    this.prefix = `${args.accountId}.dkr.ecr.${args.region}.amazonaws.com`;
    this.repositories = Object.fromEntries(
      imageRoles.map((role) => [role, `${this.prefix}/${repositoryName(args.cluster, role)}`]),
    ) as Record<ImageRole, string>;
    this.mirrors = mirrorReferences(this.prefix, args.cluster);
    this.loginCommand =
      `aws ecr get-login-password --region ${args.region} | ` +
      `docker login --username AWS --password-stdin ${this.prefix}`;

    for (const role of imageRoles) {
      const repository = this.makeRepository(`${name}-${role}`, repositoryName(args.cluster, role), args);
      new aws.ecr.LifecyclePolicy(
        `${name}-${role}-cleanup`,
        transformed<aws.ecr.LifecyclePolicyArgs>(args.transform?.lifecyclePolicy, {
          repository: repository.name,
          policy: JSON.stringify(cleanup(args.imagesKeep)),
        }),
        { parent: this },
      );
    }
    for (const mirror of mirrorNames) {
      this.makeRepository(`${name}-mirror-${mirror}`, mirrorRepository(args.cluster, mirror), args);
    }
    this.registerOutputs();
  }

  private makeRepository(name: string, physicalName: string, args: RegistryArgs): aws.ecr.Repository {
    return new aws.ecr.Repository(
      name,
      transformed<aws.ecr.RepositoryArgs>(args.transform?.repository, {
        name: physicalName,
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [{ encryptionType: "AES256" }],
        forceDelete: !args.keepImages,
      }),
      { parent: this },
    );
  }
}

function repositoryName(cluster: string, role: ImageRole): string {
  return `${cluster}-${role}`;
}

/** Untagged images go after a day (a push that replaces nothing leaves none), tagged ones beyond the newest. */
function cleanup(keep: number) {
  const expire = { type: "expire" };
  return {
    rules: [
      {
        rulePriority: 1,
        description: "Untagged images",
        selection: {
          tagStatus: "untagged",
          countType: "sinceImagePushed",
          countUnit: "days",
          countNumber: 1,
        },
        action: expire,
      },
      {
        rulePriority: 2,
        description: `All but the newest ${keep}`,
        selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: keep },
        action: expire,
      },
    ],
  };
}
