import { PROJECT_ID_ON_AWS, userBucketPrefixOf, workloadAccountEmail } from "../components/naming";
import { shellQuote } from "../infra/config/keys";
import { staleLogin } from "./credentials";
import { DISKS, type KeptThing, priceOf } from "./keeping";
import type { Finished, Run } from "./process";
import type { Place } from "./state";

/** What is in the cloud and in no state, as far as the cloud could be asked. */
export interface Outside {
  readonly things: readonly KeptThing[];
  /** Questions that were not answered: the command, and why. */
  readonly unanswered: readonly string[];
}

interface Question {
  /** What is looked for, where it cannot be told. */
  readonly about: string;
  readonly command: readonly string[];
  /** Words of an answer that means: there is none. */
  readonly none?: RegExp;
  /** Reads the answer, JSON of the cloud's own tool. */
  readonly read: (answer: unknown, place: Place) => KeptThing[];
}

/**
 * Asks the cloud by name for what a destroyed stack leaves there: the mounting identity, the disks of retained
 * volumes, the buckets that the application made for users, Google's log buckets. A question that fails is told, never
 * passed over.
 */
export async function findOutside(place: Place, run: Run): Promise<Outside> {
  const things: KeptThing[] = [];
  const unanswered: string[] = [];
  for (const { about, command, none, read } of place.cloud === "aws" ? atAmazon(place) : atGoogle(place)) {
    const finished = await run(command[0]!, command.slice(1), { output: "captured", timeout: 60_000 });
    if (none?.test(finished.stderr)) continue;
    if (finished.code === 0) things.push(...read(JSON.parse(finished.stdout || "{}"), place));
    else unanswered.push(`${about} (${whyNot(finished)}): ${command.map(shellQuote).join(" ")}`);
  }
  return { things, unanswered };
}

function whyNot({ code, stderr }: Finished): string {
  const stale = staleLogin(stderr);
  if (stale) return stale.renew;
  if (code === 127) return "no such program on PATH";
  return stderr.trim().split("\n").at(-1)!.slice(0, 120) || `ended with ${code}`;
}

/** How the application ends the name of each bucket: eight digits of a hash, and the second of its making. */
const USER_BUCKET_TAIL = /-[0-9a-f]{8}-\d{10}$/;

const SHARED = "made by the application for a user; another stack of this account may use it";

function atAmazon({ region, clusterName, namespace }: Place): Question[] {
  const json = ["--output", "json"];
  const claimed = `Name=tag:kubernetes.io/created-for/pvc/namespace,Values=${namespace ?? clusterName}`;
  const role = workloadAccountEmail(clusterName, PROJECT_ID_ON_AWS);
  return [
    {
      about: "the mounting role",
      command: ["aws", "iam", "get-role", "--role-name", role, ...json],
      none: /NoSuchEntity/,
      read: (answer) => [mountRole((answer as { Role: { RoleName: string } }).Role.RoleName)],
    },
    {
      about: "disks of retained volumes",
      command: [
        ...["aws", "ec2", "describe-volumes", "--region", region, "--filters", claimed],
        ...["Name=status,Values=available", ...json],
      ],
      read: (answer, place) =>
        (answer as { Volumes: { VolumeId: string; Size: number }[] }).Volumes.map(({ VolumeId, Size }) =>
          diskThing({ id: VolumeId, gigabytes: Size }, place),
        ),
    },
    {
      about: "buckets of users",
      command: ["aws", "s3api", "list-buckets", ...json],
      read: (answer, place) =>
        (answer as { Buckets: { Name: string }[] }).Buckets.flatMap(({ Name }) => userBucket(Name, place)),
    },
  ];
}

function atGoogle({ account, clusterName, region }: Place): Question[] {
  const project = ["--project", account];
  const filter = `labels.goog-k8s-cluster-name=${clusterName} AND -users:*`;
  return [
    {
      about: "disks of retained volumes",
      command: ["gcloud", "compute", "disks", "list", ...project, "--filter", filter, "--format", "json"],
      read: (found, place) =>
        (found as { name: string; sizeGb: string }[]).map(({ name, sizeGb }) =>
          diskThing({ id: name, gigabytes: Number(sizeGb) }, place),
        ),
    },
    {
      about: "buckets of users",
      command: ["gcloud", "storage", "buckets", "list", ...project, "--format", "json"],
      read: (found, place) => (found as { name: string }[]).flatMap(({ name }) => userBucket(name, place)),
    },
    {
      about: "log buckets",
      command: ["gcloud", "logging", "buckets", "list", "--location", region, ...project, "--format", "json"],
      read: (found) =>
        (found as { name: string; lifecycleState: string }[])
          .filter(({ name }) => name.split("/").at(-1)!.startsWith(`${clusterName}-`))
          .filter(({ lifecycleState }) => lifecycleState === "ACTIVE")
          .map(({ name }) => logBucket(name)),
    },
  ];
}

/** The program leaves it behind (components/gcp/log-store.ts): Google would keep a deleted one's name for a week. */
function logBucket(name: string): KeptThing {
  const note = "empties itself as its days pass; the next up takes it over";
  const type = "gcp:logging/projectBucketConfig:ProjectBucketConfig";
  return { holds: "logs, each line until its days are over", name, type, where: "cloud", note };
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
    "no up takes it over: the next one begins with an empty disk, restored from the bucket; see docs/data-safety.md before you delete it";
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
