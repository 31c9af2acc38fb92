import { listing } from "./cloud-listings";
import type { Clusters } from "./clusters";
import type { ToolAnswer, ToolRequest } from "./engine/host";
import type { World } from "./engine/simulated-provider";

/** Seconds for which a token says it is valid: `aws eks get-token` gives 14 minutes. */
const TOKEN_EXPIRES = "2099-01-01T00:00:00Z";

/**
 * Answers `aws`, `gcloud` and `gke-gcloud-auth-plugin` as far as kubeconfigs, plugins and this project's commands
 * ask them; anything else is refused with exit code 252, as the AWS command line does for what it cannot parse.
 */
export async function runCloudTool(
  { name, args, environment }: ToolRequest,
  world: World,
  clusters: Clusters | undefined,
): Promise<ToolAnswer> {
  if (name === "gke-gcloud-auth-plugin") return googleToken(world, clusters);
  const words = args.filter((word, index) => !word.startsWith("-") && !takesValue(args[index - 1]));
  const command = words.slice(0, 3).join(" ");
  if (name === "aws") {
    if (args.includes("--version"))
      return { code: 0, stdout: "aws-cli/2.31.0 Python/3.13.7 Linux/6.1 exe/x86_64 (simulated)" };
    // An option may take several words: service and operation stand before them.
    return amazon(words.slice(0, 2).join(" "), args, environment, world, clusters);
  }
  return google(command, args, words, world);
}

async function amazon(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  world: World,
  clusters: Clusters | undefined,
): Promise<ToolAnswer> {
  const operation = {
    "sts get-caller-identity": "GetCallerIdentity",
    "eks describe-cluster": "DescribeCluster",
  }[command];
  if (!world.faults.credentialsValid && command !== "eks get-token")
    return {
      code: 254,
      stderr: `\nAn error occurred (ExpiredToken) when calling the ${operation ?? command} operation: The security token included in the request is expired`,
    };
  const place = accountOf(world, environment, args);
  if (command === "sts get-caller-identity")
    return json({
      UserId: "AIDASIMULATED",
      Account: place.account,
      Arn: `arn:aws:iam::${place.account}:user/deployer`,
    });
  const name = option(args, "--cluster-name") ?? option(args, "--name") ?? "";
  if (command === "eks get-token") return token(name, world, clusters);
  if (command === "eks describe-cluster") {
    const found = world.store.ofKind("aws:eks/cluster:Cluster").find(({ object }) => object.id === name);
    if (!found)
      return {
        code: 254,
        stderr: `\nAn error occurred (ResourceNotFoundException) when calling the DescribeCluster operation: No cluster found for name: ${name}.`,
      };
    const { properties } = found.object;
    const { endpoint, arn, version, certificateAuthority } = properties;
    return json({
      cluster: { name, arn, endpoint, version, status: "ACTIVE", certificateAuthority } as never,
    });
  }
  if (command === "ecr describe-images") {
    const [repository, tag] = ["--repository-name", "--image-ids"].map((name) => option(args, name) ?? "");
    const image = `${place.account}.dkr.ecr.${place.region}.amazonaws.com/${repository}:${tag!.replace("imageTag=", "")}`;
    if (world.store.images.has(image)) return json({ imageDetails: [{ repositoryName: repository! }] });
    if (!world.store.ofKind("aws:ecr/repository:Repository").some(({ object }) => object.id === repository))
      return {
        code: 254,
        stderr: `\nAn error occurred (RepositoryNotFoundException) when calling the DescribeImages operation: The repository with name '${repository}' does not exist in the registry with id '${place.account}'`,
      };
    return {
      code: 254,
      stderr: `\nAn error occurred (ImageNotFoundException) when calling the DescribeImages operation: The image with imageId {imageDigest:'null', ${tag}} does not exist within the repository with name '${repository}'`,
    };
  }
  const listed = listing("aws", command, args, world);
  if (listed) return listed;
  return { code: 252, stderr: `aws: error: the simulated aws does not know: ${args.join(" ")}` };
}

/**
 * `aws eks get-token` signs a request by itself and asks nobody: with expired credentials it is the cluster that
 * refuses the token.
 */
async function token(name: string, world: World, clusters: Clusters | undefined): Promise<ToolAnswer> {
  const plane = (await clusters?.named(name))?.plane;
  return credential(world.faults.credentialsValid && plane ? plane.adminToken : "k8s-aws-v1.expired");
}

async function googleToken(world: World, clusters: Clusters | undefined): Promise<ToolAnswer> {
  if (!world.faults.credentialsValid)
    return {
      code: 1,
      stderr:
        'F1121 00:00:00.000000 cred.go:149] print credential failed with error: Failed to retrieve access token: failure while executing gcloud: "There was a problem refreshing your current auth tokens: invalid_grant: Bad Request"',
    };
  const plane = await clusters?.only();
  return credential(plane?.adminToken ?? "none");
}

function google(
  command: string,
  args: readonly string[],
  words: readonly string[],
  world: World,
): ToolAnswer {
  if (args.includes("--version") || command === "version")
    return { code: 0, stdout: "Google Cloud SDK 545.0.0 (simulated)" };
  if (!world.faults.credentialsValid)
    return {
      code: 1,
      stderr:
        "ERROR: (gcloud) There was a problem refreshing your current auth tokens: Reauthentication failed. Please run:\n\n  $ gcloud auth login",
    };
  if (command === "auth print-access-token") return { code: 0, stdout: "ya29.simulated" };
  if (command === "container clusters describe") {
    const name = words[3] ?? "";
    const found = world.store
      .ofKind("gcp:container/cluster:Cluster")
      .find(({ object }) => object.id.endsWith(`/${name}`));
    if (!found)
      return {
        code: 1,
        stderr: `ERROR: (gcloud.container.clusters.describe) ResponseError: code=404, message=Not found: ${name}.`,
      };
    const { endpoint, location } = found.object.properties;
    return json({ name, endpoint, location, status: "RUNNING" });
  }
  if (command === "container clusters list")
    return json(
      world.store
        .ofKind("gcp:container/cluster:Cluster")
        .filter(({ object }) => args.includes(`name=${object.id.split("/").at(-1)}`))
        .map(({ object }) => ({
          name: object.id.split("/").at(-1),
          location: object.properties["location"],
        })),
    );
  if (command === "artifacts docker images") {
    const image = words[4] ?? "";
    if (world.store.images.has(image)) return json({ image_summary: { fully_qualified_digest: image } });
    return { code: 1, stderr: `ERROR: (gcloud.artifacts.docker.images.describe) Image not found: ${image}` };
  }
  const listed = listing("gcloud", command, args, world);
  if (listed) return listed;
  return { code: 2, stderr: `ERROR: (gcloud) the simulated gcloud does not know: ${args.join(" ")}` };
}

function credential(bearer: string): ToolAnswer {
  return json({
    kind: "ExecCredential",
    apiVersion: "client.authentication.k8s.io/v1beta1",
    spec: {},
    status: { expirationTimestamp: TOKEN_EXPIRES, token: bearer },
  });
}

/** The account of the simulated credentials: that of the only place where anything is, or the standing one. */
function accountOf(
  world: World,
  environment: Readonly<Record<string, string>>,
  args: readonly string[],
): { account: string; region: string } {
  const region = option(args, "--region") ?? environment["AWS_REGION"] ?? "";
  const [first] = world.store.all().filter(({ object }) => /^\d{12}\//.test(object.place));
  return {
    account: world.credentials.account ?? first?.object.place.split("/")[0] ?? "111122223333",
    region,
  };
}

/** Options whose value is the next word. */
function takesValue(word: string | undefined): boolean {
  const alone = [
    "--no-cli-pager",
    "--quiet",
    "--no-paginate",
    "--version",
    "--internal-ip",
    "--dns-endpoint",
  ];
  return word !== undefined && word.startsWith("--") && !word.includes("=") && !alone.includes(word);
}

function option(args: readonly string[], name: string): string | undefined {
  const at = args.indexOf(name);
  if (at >= 0) return args[at + 1];
  return args.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
}

function json(value: object): ToolAnswer {
  return { code: 0, stdout: JSON.stringify(value, null, 2) };
}
