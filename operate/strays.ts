import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { shellQuote } from "../infra/config/keys";
import { EXIT, parseOptions } from "./options";
import { readPlan, type Step } from "./plan";
import { PulumiFailed, PulumiStack } from "./pulumi";
import { type Place, placeOf } from "./state";
import { type Found, searchAmazon, searchGoogle } from "./stray-search";
import { Refused, type World } from "./world";

/** Something that belongs to the stack and that the state does not know. */
export interface Stray {
  readonly type: string;
  readonly id: string;
  /** Its name for people: its `Name` tag, a key's description. Empty where it has none. */
  readonly called: string;
  /** The resource that it would be; undefined where the state has one already, and this is a second. */
  readonly resource?: string;
  /** Command that takes it away; undefined where it goes with what it belongs to. */
  readonly remove?: string;
}

/** What `--json` prints. */
export interface StraysDocument {
  readonly stack: string;
  readonly strays: readonly Stray[];
  /** What is to be done before `adopt`, where a killed run left creations open: the import would refuse. */
  readonly first?: string;
  /** Command that takes all of them over for which there is a resource. */
  readonly adopt?: string;
}

/**
 * `npm run strays`: what was made for a stack and is not in its state, because the answer to its creation was lost or
 * the run was killed, and what the next run would therefore make a second time. Found by the tags that everything of
 * the stack carries, or where it belongs, and shown with the command that takes it over and the one that takes it
 * away; nothing is changed but a file for `pulumi import`.
 *
 * @requirement O5
 */
export async function straysCommand(args: readonly string[], world: World): Promise<number> {
  const { stack: name, json } = parseOptions("strays", args);
  const stack = new PulumiStack(name, world.root, world.run);
  const state = await stack.state();
  const place = placeOf(state);
  if (!place) throw new Refused(`stack ${name} has nothing in any cloud, and nobody can tell where it was`);
  let preview: Promise<readonly Step[]> | undefined;
  const planned = () => (preview ??= creations(stack, world));
  const search = place.cloud === "aws" ? searchAmazon : searchGoogle;
  const found = await search({ stack: name, state, place, world, planned });
  const document =
    found.length === 0
      ? { stack: name, strays: [] }
      : withOwners({ name, pending: state.pending }, found, place, await planned(), world);
  if (json) world.out(`${JSON.stringify(document, null, 2)}\n`);
  else world.out(rendered(document));
  return found.length === 0 ? EXIT.ok : EXIT.refused;
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

const importFile = (stack: string, { root }: World) => join(root, ".cache", `strays-${stack}.json`);

/** What the next run would create; parents and providers of it are written down beside. */
async function creations(stack: PulumiStack, world: World): Promise<readonly Step[]> {
  mkdirSync(join(world.root, ".cache"), { recursive: true });
  const file = importFile(stack.stack, world);
  const finished = await stack.command(["preview", "--json", "--import-file", file]);
  const planned = planOf(finished.stdout)?.filter(({ op }) => op === "create");
  if (!planned) throw new PulumiFailed("preview", finished);
  return planned;
}

/** Finds whose each would be among what the next run would create, and leaves in the file what takes them over. */
function withOwners(
  { name: stack, pending }: { readonly name: string; readonly pending: number },
  found: readonly Found[],
  place: Place,
  planned: readonly Step[],
  world: World,
): StraysDocument {
  const file = importFile(stack, world);
  const owners = new Map<string, Found>();
  const strays = found.map((one): Stray => {
    const { kind, id, called, within = "" } = one;
    const owner = ownerOf(one, planned, owners);
    if (owner !== undefined) owners.set(keyOf(kind.type, owner), one);
    return {
      ...{ type: kind.type, id, called },
      ...(owner !== undefined && { resource: owner }),
      ...(kind.remove && { remove: kind.remove(id, place, within).map(shellQuote).join(" ") }),
    };
  });
  const document = JSON.parse(readFileSync(file, "utf8")) as ImportFile;
  const resources = (document.resources ?? []).flatMap((entry) => {
    const one = owners.get(keyOf(entry.type, entry.logicalName ?? entry.name));
    if (one) return [{ ...entry, id: one.importId ?? one.id }];
    return entry.component ? [entry] : [];
  });
  writeFileSync(file, JSON.stringify({ ...document, resources }, null, 2));
  const adopt = `pulumi import --stack ${stack} --file .cache/strays-${stack}.json --protect=false --generate-code=false`;
  const first = `pulumi refresh --stack ${stack} --yes --skip-preview --clear-pending-creates`;
  return { stack, strays, ...(owners.size > 0 && { ...(pending > 0 && { first }), adopt }) };
}

/** The one that is marked the same; where nothing of the kind has a mark, the only one of it. */
function ownerOf(
  { kind, mark }: Found,
  planned: readonly Step[],
  owners: ReadonlyMap<string, Found>,
): string | undefined {
  const same = planned
    .filter(({ newState }) => newState?.type === kind.type && kind.mark(newState.inputs ?? {}) === mark)
    .map(({ urn }) => urn.slice(urn.lastIndexOf("::") + 2))
    .filter((name) => !owners.has(keyOf(kind.type, name)));
  return same.length === 1 ? same[0]! : undefined;
}

function keyOf(type: string, name: string): string {
  return `${type} ${name}`;
}

function planOf(stdout: string): readonly Step[] | undefined {
  try {
    return readPlan(stdout).steps;
  } catch {
    return undefined;
  }
}

function rendered({ stack, strays, first, adopt }: StraysDocument): string {
  if (strays.length === 0) return `nothing that ${stack} would make a second time is unknown to its state\n`;
  const lines = strays.flatMap(({ type, id, called, resource, remove }) => [
    `  ${id}  ${type.split(":").at(-1)}${called === "" ? "" : ` called ${called}`}`,
    resource === undefined
      ? "    no resource that is yet to be made is its own: a second one, or one of several without a name"
      : `    would be ${resource}`,
    `    take it away: ${remove ?? "it goes with what it belongs to"}`,
  ]);
  return (
    `in the cloud for ${stack}, and not in its state: ${strays.length}\n${lines.join("\n")}\n` +
    (adopt === undefined
      ? ""
      : `${first === undefined ? "" : `first: ${first}\n`}take over what would be a resource: ${adopt}\n`)
  );
}
