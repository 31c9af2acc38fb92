import { userBucketPrefixOf } from "../components/naming";
import { staleLogin } from "./credentials";
import { DISKS, type KeptThing, priceOf } from "./keeping";
import type { Run } from "./process";
import type { Place } from "./state";

/** What is in the cloud and in no state, as far as the cloud could be asked. */
export interface Outside {
  readonly things: readonly KeptThing[];
  /** Questions that were not answered: the command, and why. */
  readonly unanswered: readonly string[];
}

interface Question {
  readonly command: readonly string[];
  /** Reads the answer, JSON of the cloud's own tool. */
  readonly read: (answer: unknown, place: Place) => KeptThing[];
}

/**
 * Asks the cloud by name for what a destroyed stack leaves there: the mounting identity, the disks of retained
 * volumes, the buckets that the application made for users. A question that fails is told, never passed over.
 */
export async function findOutside(place: Place, run: Run): Promise<Outside> {
  const things: KeptThing[] = [];
  const unanswered: string[] = [];
  for (const { command, read } of place.cloud === "aws" ? atAmazon(place) : atGoogle(place)) {
    const finished = await run(command[0]!, command.slice(1), { output: "captured", timeout: 60_000 });
    try {
      if (finished.code !== 0) throw new Error(finished.stderr.trim().split("\n").at(-1) || "no answer");
      things.push(...read(JSON.parse(finished.stdout || "[]"), place));
    } catch (error) {
      const stale = staleLogin(finished.stderr);
      unanswered.push(`${command.join(" ")}: ${stale ? stale.renew : (error as Error).message}`);
    }
  }
  return { things, unanswered };
}

/** How the application ends the name of each bucket: eight digits of a hash, and the second of its making. */
const USER_BUCKET_TAIL = /-[0-9a-f]{8}-\d{10}$/;

const SHARED = "made by the application for a user; another stack of this account may use it";

function atAmazon({ region, clusterName, namespace }: Place): Question[] {
  const json = ["--output", "json"];
  const role = `Roles[?starts_with(RoleName, '${clusterName}-workload-sa@')].RoleName`;
  const claimed = `Name=tag:kubernetes.io/created-for/pvc/namespace,Values=${namespace ?? clusterName}`;
  const volumes = "Volumes[].{id:VolumeId,gigabytes:Size}";
  return [
    {
      command: ["aws", "iam", "list-roles", "--query", role, ...json],
      read: (names) => (names as string[]).map(mountRole),
    },
    {
      command: [
        ...["aws", "ec2", "describe-volumes", "--region", region, "--filters", claimed],
        ...["Name=status,Values=available", "--query", volumes, ...json],
      ],
      read: (found, place) => (found as Disk[]).map((disk) => diskThing(disk, place)),
    },
    {
      command: ["aws", "s3api", "list-buckets", "--query", "Buckets[].Name", ...json],
      read: (names, place) => (names as string[]).flatMap((name) => userBucket(name, place)),
    },
  ];
}

function atGoogle({ account, clusterName }: Place): Question[] {
  const project = ["--project", account];
  const filter = `labels.goog-k8s-cluster-name=${clusterName} AND -users:*`;
  return [
    {
      command: [
        "gcloud",
        "compute",
        "disks",
        "list",
        ...project,
        "--filter",
        filter,
        "--format",
        "json(name,sizeGb)",
      ],
      read: (found, place) =>
        (found as { name: string; sizeGb: string }[]).map(({ name, sizeGb }) =>
          diskThing({ id: name, gigabytes: Number(sizeGb) }, place),
        ),
    },
    {
      command: ["gcloud", "storage", "buckets", "list", ...project, "--format", "json(name)"],
      read: (found, place) => (found as { name: string }[]).flatMap(({ name }) => userBucket(name, place)),
    },
  ];
}

interface Disk {
  readonly id: string;
  readonly gigabytes: number;
}

function mountRole(name: string): KeptThing {
  const note =
    "never delete it: policies of users' buckets name it by its unique id; the next up takes it over";
  return { holds: "access to every user's bucket", name, type: "aws:iam/role:Role", where: "cloud", note };
}

function diskThing({ id, gigabytes }: Disk, place: Place): KeptThing {
  const type = DISKS[place.cloud];
  const price = priceOf(place, type, gigabytes);
  const note =
    "no up takes it over: the next one begins with an empty disk beside it; see docs/state.md before you delete it";
  return {
    holds: `the database, ${gigabytes} GB of disk`,
    name: id,
    type,
    where: "cloud",
    ...(price && { price }),
    note,
  };
}

function userBucket(name: string, place: Place): KeptThing[] {
  if (userBucketPrefixOf(name) === undefined || !USER_BUCKET_TAIL.test(name)) return [];
  const type = place.cloud === "aws" ? "aws:s3/bucket:Bucket" : "gcp:storage/bucket:Bucket";
  const price = priceOf(place, type);
  return [{ holds: "a user's files", name, type, where: "cloud", ...(price && { price }), note: SHARED }];
}
