import { mirrorNames, mirrorSource } from "../components/mirrors";
import { shellQuote } from "../infra/config/keys";
import { staleLogin } from "./credentials";
import type { Plan } from "./plan";
import { typeOf } from "./plan";
import type { Run } from "./process";

/** What a registry said of the images that a plan is about to run. */
export interface ImageAnswer {
  /** References that the stack's own registry does not have. */
  readonly missing: readonly string[];
  /** Images that could not be asked for: the command, and why. */
  readonly unanswered: readonly string[];
}

/** The component that is told which images the application is installed with (components/application/release.ts). */
const RELEASE = "cmb:application:Release";

/** Steps after which the application's pods are others. */
const INSTALLS: readonly string[] = ["create", "update", "replace", "create-replacement"];

/**
 * Asks the stack's own registry, before anything is touched, whether it has each image that a plan is about to run:
 * the application's, and the copies of other projects'. One that is absent would be found out a quarter of an hour
 * later by a release that never becomes ready; or, by a user's pod alone, when nobody looks. Images of other
 * registries are not asked for, and a plan that installs nothing asks nothing.
 *
 * @requirement O1
 */
export async function askForImages({ steps }: Plan, run: Run): Promise<ImageAnswer> {
  const release = steps.find(({ urn, newState }) => newState && typeOf(urn) === RELEASE);
  const installs = steps.some(
    ({ urn, op }) =>
      urn.includes(`${RELEASE}$`) && typeOf(urn).startsWith("kubernetes:helm") && INSTALLS.includes(op),
  );
  const missing: string[] = [];
  const unanswered: string[] = [];
  if (!release || !installs) return { missing, unanswered };
  const { images = {}, mirrors = {} } = (release.newState?.inputs ?? {}) as Partial<
    Record<"images" | "mirrors", Record<string, string>>
  >;
  const questions = [...Object.values(mirrors), ...Object.values(images)].flatMap(questionFor);
  for (const { image, command, none } of questions) {
    const finished = await run(command[0]!, command.slice(1), { output: "captured", timeout: 60_000 });
    if (finished.code === 0) continue;
    if (none.test(finished.stderr)) missing.push(image);
    else {
      const stale = staleLogin(finished.stderr);
      const why = stale ? stale.renew : finished.stderr.trim().split("\n").at(-1)!.slice(0, 120);
      unanswered.push(
        `${command.map(shellQuote).join(" ")}: ${why || `ended with ${finished.code ?? "a signal"}`}`,
      );
    }
  }
  return { missing, unanswered };
}

interface Question {
  readonly image: string;
  readonly command: readonly string[];
  /** Words of an answer that means: it is not there. */
  readonly none: RegExp;
}

/** How the cloud whose registry an image lies in is asked for it; nothing for other people's registries. */
function questionFor(image: string): Question[] {
  const amazon =
    /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\/([^:@]+)(?::([^@]+)|@(sha256:[0-9a-f]+))$/.exec(
      image,
    );
  if (amazon) {
    const [, account, region, repository, tag, digest] = amazon as unknown as string[];
    const which = tag ? `imageTag=${tag}` : `imageDigest=${digest}`;
    const command = [
      ...["aws", "ecr", "describe-images", "--registry-id", account!, "--repository-name", repository!],
      ...["--image-ids", which, "--region", region!, "--output", "json"],
    ];
    return [{ image, command, none: /\((ImageNotFoundException|RepositoryNotFoundException)\)/ }];
  }
  if (/^[a-z0-9-]+-docker\.pkg\.dev\//.test(image)) {
    const command = ["gcloud", "artifacts", "docker", "images", "describe", image, "--format", "json"];
    return [{ image, command, none: /NOT_FOUND|not found/i }];
  }
  return [];
}

/** What a person is told of images that are not there: which, and the commands that bring them; empty for none. */
export function renderMissingImages({ missing }: ImageAnswer, stack: string): string {
  if (missing.length === 0) return "";
  const copies = missing.flatMap((image) =>
    mirrorNames
      .filter((name) => new RegExp(`/[^/]*-mirror-${name}:`).test(image))
      .map((name) => `  docker buildx imagetools create --tag ${image} ${mirrorSource(name)}`),
  );
  const own = missing.length > copies.length;
  return [
    `refused, nothing was touched: the registry of ${stack} does not have what its pods would run`,
    ...missing.map((image) => `  ${image}`),
    ...(copies.length > 0 ? ["copy other projects' images:", ...copies] : []),
    ...(own
      ? [`build and push the application's own: pulumi stack output imageCommands --stack ${stack}`]
      : []),
    "where the registry itself is not there yet: pulumi config rm cmbcluster:images, and up without them first",
  ].join("\n");
}
