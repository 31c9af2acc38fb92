import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { shellQuote } from "../infra/config/keys";
import { renderStaleLogin, staleLogin } from "./credentials";
import { EXIT, parseOptions } from "./options";
import { readPlan, type Step } from "./plan";
import { PulumiFailed, PulumiStack, type State } from "./pulumi";
import { living, type Place, placeOf } from "./state";
import { madeByGroup, NAMELESS, type NamelessKind } from "./stray-kinds";
import { Refused, type World } from "./world";

/** Something that carries the stack's tags and that the state does not know. */
export interface Stray {
  readonly type: string;
  readonly id: string;
  /** Its `Name` tag, empty where it has none. */
  readonly called: string;
  /** The resource that it would be; undefined where the state has one already, and this is a second. */
  readonly resource?: string;
  /** Command that takes it away. */
  readonly remove: string;
}

/** What `--json` prints. */
export interface StraysDocument {
  readonly stack: string;
  readonly strays: readonly Stray[];
  /** Command that takes all of them over for which there is a resource. */
  readonly adopt?: string;
}

interface Tagged {
  readonly ResourceARN: string;
  readonly Tags: readonly { readonly Key: string; readonly Value: string }[];
}

/**
 * `npm run strays`: what was made for a stack and is not in its state, because the answer to its creation was lost or
 * the run was killed. Found by the tags that everything of the stack carries, and shown with the command that takes it
 * over and the one that takes it away; nothing is changed but a file for `pulumi import`.
 *
 * @requirement O5
 */
export async function straysCommand(args: readonly string[], world: World): Promise<number> {
  const { stack: name, json } = parseOptions("strays", args);
  const stack = new PulumiStack(name, world.root, world.run);
  const state = await stack.state();
  const place = placeOf(state);
  if (!place) throw new Refused(`stack ${name} has nothing in any cloud, and nobody can tell where it was`);
  if (place.cloud === "gcp") {
    world.err(
      "on Google everything but a budget, which is free, has a name of its own: what a run does not know of, the next one names as existing\n",
    );
    if (json) world.out(`${JSON.stringify({ stack: name, strays: [] } satisfies StraysDocument)}\n`);
    return EXIT.ok;
  }
  const found = await unknownAtAmazon(name, state, place, world);
  const document =
    found.length === 0 ? { stack: name, strays: [] } : await withOwners(stack, found, place, world);
  if (json) world.out(`${JSON.stringify(document, null, 2)}\n`);
  else world.out(rendered(document, state.pending));
  return found.length === 0 ? EXIT.ok : EXIT.refused;
}

interface Found {
  readonly kind: NamelessKind;
  readonly id: string;
  readonly tags: Readonly<Record<string, string>>;
}

async function unknownAtAmazon(stack: string, state: State, place: Place, world: World): Promise<Found[]> {
  const known = new Set(living(state).map(({ type, id }) => `${type} ${id}`));
  // Zones are listed where Amazon keeps what belongs to no region.
  const tagged = [...(await taggedIn(place.region, stack, place, world))];
  if (place.region !== GLOBAL)
    tagged.push(...(await taggedIn(GLOBAL, stack, place, world, "route53:hostedzone")));
  return tagged.flatMap(({ ResourceARN, Tags }) => {
    const tags = Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value]));
    if (madeByGroup(tags)) return [];
    for (const kind of NAMELESS) {
      const id = kind.arn.exec(ResourceARN)?.[1];
      if (id !== undefined) return known.has(`${kind.type} ${id}`) ? [] : [{ kind, id, tags }];
    }
    return [];
  });
}

const GLOBAL = "us-east-1";

async function taggedIn(
  region: string,
  stack: string,
  { clusterName }: Place,
  { run }: World,
  type?: string,
): Promise<readonly Tagged[]> {
  const args = [
    ...["resourcegroupstaggingapi", "get-resources", "--region", region, "--tag-filters"],
    ...[`Key=stack,Values=${stack}`, `Key=cluster,Values=${clusterName}`, "--output", "json"],
    ...(type === undefined ? [] : ["--resource-type-filters", type]),
  ];
  const finished = await run("aws", args, { output: "captured", timeout: 120_000 });
  if (finished.code === 0)
    return (JSON.parse(finished.stdout) as { ResourceTagMappingList: Tagged[] }).ResourceTagMappingList;
  const stale = staleLogin(finished.stderr);
  throw new Refused(stale ? renderStaleLogin(stale) : `aws ${args.join(" ")}: ${finished.stderr.trim()}`);
}

interface ImportFile {
  /** Left out where nothing would be created. */
  readonly resources?: readonly {
    readonly type: string;
    readonly name: string;
    readonly logicalName?: string;
    readonly id?: string;
    readonly component?: boolean;
  }[];
}

/** Finds whose each would be among what the next run would create, and writes the file that takes them over. */
async function withOwners(
  stack: PulumiStack,
  found: readonly Found[],
  place: Place,
  { root }: World,
): Promise<StraysDocument> {
  const folder = join(root, ".cache");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `strays-${stack.stack}.json`);
  const finished = await stack.command(["preview", "--json", "--import-file", file]);
  const planned = planOf(finished.stdout)?.filter(({ op }) => op === "create");
  if (!planned) throw new PulumiFailed("preview", finished);
  const taken = new Set<string>();
  const strays = found.map(({ kind, id, tags }): Stray => {
    const owner = ownerOf(kind.type, tags["Name"], planned, taken);
    if (owner !== undefined) taken.add(owner);
    return {
      ...{ type: kind.type, id, called: tags["Name"] ?? "" },
      ...(owner !== undefined && { resource: owner }),
      remove: kind.remove(id, place).map(shellQuote).join(" "),
    };
  });
  const ids = new Map(strays.map(({ type, resource, id }) => [`${type} ${resource}`, id]));
  const document = JSON.parse(readFileSync(file, "utf8")) as ImportFile;
  const resources = (document.resources ?? []).flatMap((entry) => {
    const id = ids.get(`${entry.type} ${entry.logicalName ?? entry.name}`);
    if (id !== undefined) return [{ ...entry, id }];
    return entry.component ? [entry] : [];
  });
  writeFileSync(file, JSON.stringify({ ...document, resources }, null, 2));
  const adopt = `pulumi import --stack ${stack.stack} --file .cache/strays-${stack.stack}.json --protect=false --generate-code=false`;
  return { stack: stack.stack, strays, ...(taken.size > 0 && { adopt }) };
}

/** The one that is called the same; where nothing of the kind has a name, the only one of it. */
function ownerOf(
  type: string,
  called: string | undefined,
  planned: readonly Step[],
  taken: ReadonlySet<string>,
): string | undefined {
  const alike = planned
    .filter(({ newState }) => newState?.type === type)
    .map(({ urn, newState }) => ({
      name: urn.slice(urn.lastIndexOf("::") + 2),
      called: (newState?.inputs?.["tags"] as Record<string, string> | undefined)?.["Name"],
    }))
    .filter(({ name }) => !taken.has(name));
  const same = alike.filter((one) => one.called === called);
  return same.length === 1 ? same[0]!.name : undefined;
}

function planOf(stdout: string): readonly Step[] | undefined {
  try {
    return readPlan(stdout).steps;
  } catch {
    return undefined;
  }
}

function rendered({ stack, strays, adopt }: StraysDocument, pending: number): string {
  if (strays.length === 0) return `nothing with the tags of ${stack} is unknown to its state\n`;
  const lines = strays.flatMap(({ type, id, called, resource, remove }) => [
    `  ${id}  ${type.split(":").at(-1)}${called === "" ? "" : ` called ${called}`}`,
    resource === undefined
      ? "    no resource that is yet to be made is its own: a second one, or one of several without a name"
      : `    would be ${resource}`,
    `    take it away: ${remove}`,
  ]);
  const first =
    pending === 0
      ? ""
      : `first: pulumi refresh --stack ${stack} --yes --skip-preview --clear-pending-creates\n`;
  return (
    `in the cloud with the tags of ${stack}, and not in its state: ${strays.length}\n${lines.join("\n")}\n` +
    (adopt === undefined ? "" : `${first}take over what would be a resource: ${adopt}\n`)
  );
}
