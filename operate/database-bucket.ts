import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { databaseBucketName } from "../components/naming";
import { renderStaleLogin, staleLogin } from "./credentials";
import type { Finished, Run } from "./process";
import type { Place } from "./state";
import { Refused } from "./world";

/** An object of the database bucket, in its present version. */
export interface BucketObject {
  readonly name: string;
  readonly bytes: number;
  /** When it was written, by the bucket's clock; milliseconds since 1970. */
  readonly at: number;
}

/** Names that one call deletes: some 100 characters each, below what one word of a command line may have. */
const BATCH = 500;
const MINUTES = 10;

/**
 * The database bucket by the clouds' own command-line tools, with the rights of whoever runs them. A call that fails
 * ends the command; nothing is taken for empty that was not read.
 */
export class DatabaseBucket {
  readonly name: string;
  readonly url: string;

  constructor(
    private readonly place: Place,
    private readonly run: Run,
  ) {
    this.name = databaseBucketName[place.cloud](place.clusterName, place.account);
    this.url = `${place.cloud === "aws" ? "s3" : "gs"}://${this.name}`;
  }

  /** The live objects below a prefix, which ends in a slash. */
  async list(prefix: string): Promise<BucketObject[]> {
    return this.place.cloud === "aws" ? await this.listAtAmazon(prefix) : await this.listAtGoogle(prefix);
  }

  /** The content of every object below a prefix, by its last name: lists of files are small, and many. */
  async read(prefix: string): Promise<Map<string, string>> {
    const folder = mkdtempSync(join(tmpdir(), "copies-"));
    try {
      // Google's tool takes its own word for all that a folder holds, Amazon's the folder.
      await (this.place.cloud === "aws"
        ? this.call(
            "aws",
            "s3",
            "cp",
            `${this.url}/${prefix}`,
            folder,
            "--recursive",
            "--only-show-errors",
            ...this.region,
          )
        : this.call("gcloud", "storage", "cp", `${this.url}/${prefix}*`, `${folder}/`));
      return new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]));
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  /** Deletes the live version of each; the bucket keeps it as an earlier one for as long as its own rule says. */
  async remove(names: readonly string[]): Promise<void> {
    for (let from = 0; from < names.length; from += BATCH) {
      const batch = names.slice(from, from + BATCH);
      await (this.place.cloud === "aws" ? this.removeAtAmazon(batch) : this.removeAtGoogle(batch));
    }
  }

  private async listAtAmazon(prefix: string): Promise<BucketObject[]> {
    const which = [
      "--bucket",
      this.name,
      "--prefix",
      prefix,
      "--query",
      "Contents[].[Key,Size,LastModified]",
    ];
    const answer = await this.call(
      "aws",
      "s3api",
      "list-objects-v2",
      ...which,
      "--output",
      "json",
      ...this.region,
    );
    // The word for no content at all.
    const found = JSON.parse(answer || "null") as readonly (readonly [string, number, string])[] | null;
    return (found ?? []).map(([name, bytes, at]) => object(name, bytes, at));
  }

  private async listAtGoogle(prefix: string): Promise<BucketObject[]> {
    // It lists earlier versions too (gcloud 528, surface/storage/objects/list.py): they have a time since when they are.
    const format = "json(name,size,creation_time,noncurrent_time)";
    const answer = await this.call(
      "gcloud",
      "storage",
      "objects",
      "list",
      `${this.url}/${prefix}**`,
      "--format",
      format,
    );
    const found = JSON.parse(answer || "[]") as readonly {
      readonly name: string;
      readonly size?: number;
      readonly creation_time: string;
      readonly noncurrent_time?: string | null;
    }[];
    return found
      .filter(({ noncurrent_time }) => !noncurrent_time)
      .map(({ name, size, creation_time }) => object(name, Number(size ?? 0), creation_time));
  }

  private async removeAtAmazon(names: readonly string[]): Promise<void> {
    const which = JSON.stringify({ Objects: names.map((Key) => ({ Key })), Quiet: true });
    const args = ["--bucket", this.name, "--delete", which, "--output", "json", ...this.region];
    const answer = await this.call("aws", "s3api", "delete-objects", ...args);
    const { Errors: errors = [] } = JSON.parse(answer || "{}") as {
      readonly Errors?: readonly { readonly Key: string; readonly Code: string; readonly Message?: string }[];
    };
    if (errors.length > 0) {
      const { Key, Code, Message } = errors[0]!;
      throw new Refused(
        `${errors.length} objects of ${this.url} were not deleted, such as ${Key}: ${Message ?? Code}`,
      );
    }
  }

  private async removeAtGoogle(names: readonly string[]): Promise<void> {
    // Never --recursive, which takes all versions (gcloud 528, surface/storage/rm.py).
    await this.call("gcloud", "storage", "rm", "--quiet", ...names.map((name) => `${this.url}/${name}`));
  }

  private get region(): readonly string[] {
    return ["--region", this.place.region];
  }

  private async call(command: string, ...args: string[]): Promise<string> {
    const finished = await this.run(command, args, { output: "captured", timeout: MINUTES * 60_000 });
    if (finished.code === 0) return finished.stdout;
    throw new Refused(`${command} ${args.slice(0, 3).join(" ")} on ${this.url}: ${why(command, finished)}`);
  }
}

function object(name: string, bytes: number, time: string): BucketObject {
  const at = Date.parse(time);
  if (Number.isNaN(at))
    throw new Refused(`the time of ${name} is ${JSON.stringify(time)}, which cannot be read`);
  return { name, bytes, at };
}

function why(command: string, { code, stderr, stdout }: Finished): string {
  const stale = staleLogin(stderr + stdout);
  if (stale) return renderStaleLogin(stale);
  if (code === 127) return `there is no ${command} on PATH`;
  return stderr.trim().split("\n").at(-1)!.slice(0, 300) || `ended with ${code}`;
}
