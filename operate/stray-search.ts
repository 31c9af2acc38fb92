import { renderStaleLogin, staleLogin } from "./credentials";
import type { ResourceState, Step } from "./plan";
import type { State } from "./pulumi";
import { living, type Place } from "./state";
import * as kinds from "./stray-kinds";
import { type Inputs, madeByService, type NamelessKind, TAGGED } from "./stray-kinds";
import { Refused, type World } from "./world";

/** Something in a cloud that the state does not know. */
export interface Found {
  readonly kind: NamelessKind;
  /** As a state would have it. */
  readonly id: string;
  /** By which the provider imports it, where that is more than the id. */
  readonly importId?: string;
  /** What tells it from others of its kind. */
  readonly mark: string | undefined;
  /** For people. */
  readonly called: string;
  /** What it belongs to; empty for most. */
  readonly within?: string;
}

/** What is searched, and where. */
export interface Search {
  readonly stack: string;
  readonly state: State;
  readonly place: Place;
  readonly world: World;
  /** What the next run would create. It takes a preview, so it is asked for only where it is needed. */
  readonly planned: () => Promise<readonly Step[]>;
}

/** Zones are listed where Amazon keeps what belongs to no region. */
const GLOBAL = "us-east-1";

/** @throws Refused where Amazon gives no answer */
export async function searchAmazon(search: Search): Promise<Found[]> {
  const tagged = await byTags(search);
  return [...tagged, ...(await clients(search)), ...(await valuesAtAmazon(search))];
}

/** @throws Refused where Google gives no answer */
export async function searchGoogle(search: Search): Promise<Found[]> {
  const { place } = search;
  const project = ["--project", place.account];
  const wanted = async (kind: NamelessKind) => [
    ...knownOf(search, kind.type).map(({ inputs = {} }) => inputs),
    ...(await plannedOf(search, kind.type)),
  ];
  const channels = await wanted(kinds.CHANNEL);
  const budgets = await wanted(kinds.BUDGET);
  const accounts = new Set(budgets.flatMap(({ billingAccount }) => billingAccount as string));
  const listed = [
    ...(channels.length === 0
      ? []
      : [[kinds.CHANNEL, await google(search, ["beta", "monitoring", "channels", "list", ...project])]]),
    ...(await Promise.all(
      [...accounts].map(async (account) => [
        kinds.BUDGET,
        await google(search, ["billing", "budgets", "list", "--billing-account", account]),
      ]),
    )),
  ] as [NamelessKind, { name: string; displayName: string }[]][];
  const marks = new Set([...channels, ...budgets].map(({ displayName }) => displayName));
  const named = listed.flatMap(([kind, things]) =>
    things
      .filter(({ name, displayName }) => marks.has(displayName) && !knows(search, kind.type, name))
      .map(({ name, displayName }) => ({ kind, id: name, mark: displayName, called: displayName })),
  );
  return [...named, ...(await valuesAtGoogle(search))];
}

async function byTags(search: Search): Promise<Found[]> {
  const { state, place } = search;
  const regions = new Set([place.region, ...regionsOf(state)]);
  const answers = await Promise.all([...regions].map((region) => taggedIn(region, search)));
  if (!regions.has(GLOBAL)) answers.push(await taggedIn(GLOBAL, search, "route53:hostedzone"));
  const unknown = answers.flat().flatMap(({ ResourceARN, Tags }) => {
    const tags = Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value]));
    if (madeByService(tags)) return [];
    for (const kind of TAGGED) {
      const id = kind.arn.exec(ResourceARN)?.[1];
      // An id of Amazon's is given once, whatever type the program has it under: a VPC's own group has another.
      if (id !== undefined)
        return hasId(state, id) ? [] : [{ kind, id, region: ResourceARN.split(":")[3]!, name: tags["Name"] }];
    }
    return [];
  });
  const own = await groupsOfVpcs(
    search,
    unknown.filter(({ kind }) => kind.type === kinds.GROUP),
  );
  const looked = await Promise.all(
    unknown
      .filter(({ id }) => !own.has(id))
      .map(async ({ kind, id, region, name }): Promise<Found[]> => {
        if (kind.type !== kinds.KEY) return [{ kind, id, mark: name, called: name ?? "" }];
        const question = ["kms", "describe-key", "--key-id", id, "--region", region];
        const { KeyMetadata } = (await amazon(search, question)) as {
          KeyMetadata: { KeyState: string; Description: string };
        };
        if (KeyMetadata.KeyState === "PendingDeletion") return [];
        return [{ kind, id, mark: KeyMetadata.Description, called: KeyMetadata.Description }];
      }),
  );
  return looked.flat();
}

/** Where the stack's providers work: a copy of the data has a region of its own. */
function regionsOf({ resources }: State): string[] {
  return resources
    .filter(({ type }) => type === "pulumi:providers:aws")
    .flatMap(({ inputs }) => (typeof inputs?.["region"] === "string" ? [inputs["region"]] : []));
}

interface Tagged {
  readonly ResourceARN: string;
  readonly Tags: readonly { readonly Key: string; readonly Value: string }[];
}

async function taggedIn(region: string, search: Search, type?: string): Promise<readonly Tagged[]> {
  const { stack, place } = search;
  const answer = await amazon(search, [
    ...["resourcegroupstaggingapi", "get-resources", "--region", region, "--tag-filters"],
    ...[`Key=stack,Values=${stack}`, `Key=cluster,Values=${place.clusterName}`],
    ...(type === undefined ? [] : ["--resource-type-filters", type]),
  ]);
  return (answer as { ResourceTagMappingList: Tagged[] }).ResourceTagMappingList;
}

/** Which of these groups came with a VPC: the program gives such a one tags and takes its rules, but never makes it. */
async function groupsOfVpcs(
  search: Search,
  groups: readonly { readonly id: string; readonly region: string }[],
): Promise<ReadonlySet<string>> {
  if (groups.length === 0) return new Set();
  const ids = groups.map(({ id }) => id).join(",");
  const answer = (await amazon(search, [
    ...["ec2", "describe-security-groups", "--region", groups[0]!.region],
    ...["--filters", "Name=group-name,Values=default", `Name=group-id,Values=${ids}`],
  ])) as { SecurityGroups: { GroupId: string }[] };
  return new Set(answer.SecurityGroups.map(({ GroupId }) => GroupId));
}

/** Clients in the stack's pools by the name that the program gives its own; others are somebody else's. */
async function clients(search: Search): Promise<Found[]> {
  const { region } = search.place;
  const found = await Promise.all(
    knownOf(search, kinds.POOL).map(async ({ id: pool = "" }) => {
      const question = ["cognito-idp", "list-user-pool-clients", "--user-pool-id", pool, "--region", region];
      const { UserPoolClients } = (await amazon(search, question)) as {
        UserPoolClients: { ClientId: string; ClientName: string }[];
      };
      return UserPoolClients.filter(({ ClientId }) => !hasId(search.state, ClientId)).map(
        ({ ClientId: id, ClientName }) => ({
          ...{ kind: kinds.CLIENT, id, importId: `${pool}/${id}`, within: pool },
          ...{ mark: `${pool}/${ClientName}`, called: ClientName },
        }),
      );
    }),
  );
  if (found.flat().length === 0) return [];
  const own = [
    ...knownOf(search, kinds.CLIENT.type).map(({ inputs = {} }) => inputs),
    ...(await plannedOf(search, kinds.CLIENT.type)),
  ].map(kinds.CLIENT.mark);
  return found.flat().filter(({ mark }) => own.includes(mark));
}

/** Values of secrets for which the next run would make another. */
async function valuesAtAmazon(search: Search): Promise<Found[]> {
  const secrets = knownOf(search, "aws:secretsmanager/secret:Secret").filter(
    ({ id = "" }) => !knownOf(search, kinds.AWS_VERSION.type).some((one) => one.id?.startsWith(`${id}|`)),
  );
  const found = await Promise.all(
    secrets.map(async ({ id: secret = "" }) => {
      const region = secret.split(":")[3] ?? search.place.region;
      const question = [
        "secretsmanager",
        "list-secret-version-ids",
        "--secret-id",
        secret,
        "--region",
        region,
      ];
      const { Versions = [] } = (await amazon(search, question)) as {
        Versions?: { VersionId: string; VersionStages: string[] }[];
      };
      return Versions.filter(({ VersionStages }) => VersionStages.includes("AWSCURRENT")).map(
        ({ VersionId }) => ({
          ...{ kind: kinds.AWS_VERSION, id: `${secret}|${VersionId}`, within: secret },
          ...{ mark: secret, called: "" },
        }),
      );
    }),
  );
  return found.flat();
}

async function valuesAtGoogle(search: Search): Promise<Found[]> {
  const versions = knownOf(search, kinds.GCP_VERSION.type).map(({ inputs = {} }) =>
    kinds.GCP_VERSION.mark(inputs),
  );
  const secrets = knownOf(search, "gcp:secretmanager/secret:Secret")
    .map(({ id = "" }) => id.split("/").at(-1)!)
    .filter((secret) => !versions.includes(secret));
  const found = await Promise.all(
    secrets.map(async (secret) => {
      const listed = (await google(search, [
        ...["secrets", "versions", "list", secret, "--project", search.place.account],
        ...["--filter", "state=ENABLED", "--limit", "1"],
      ])) as { name: string }[];
      return listed.map(({ name }) => ({
        ...{ kind: kinds.GCP_VERSION, id: name, within: secret, mark: secret, called: "" },
      }));
    }),
  );
  return found.flat();
}

function knownOf({ state }: Search, wanted: string): ResourceState[] {
  return living(state).filter(({ type }) => type === wanted);
}

function knows(search: Search, type: string, id: string): boolean {
  return knownOf(search, type).some((one) => one.id === id);
}

function hasId(state: State, id: string): boolean {
  return living(state).some((one) => one.id === id);
}

async function plannedOf({ planned }: Search, type: string): Promise<Inputs[]> {
  return (await planned()).flatMap(({ newState }) =>
    newState?.type === type ? [newState.inputs ?? {}] : [],
  );
}

const amazon = (search: Search, args: readonly string[]) => ask(search, "aws", [...args, "--output", "json"]);
const google = (search: Search, args: readonly string[]) =>
  ask(search, "gcloud", [...args, "--format", "json"]);

async function ask({ world }: Search, tool: string, args: readonly string[]): Promise<unknown> {
  const finished = await world.run(tool, args, { output: "captured", timeout: 120_000 });
  if (finished.code === 0) return JSON.parse(finished.stdout) as unknown;
  const stale = staleLogin(finished.stderr);
  throw new Refused(stale ? renderStaleLogin(stale) : `${tool} ${args.join(" ")}: ${finished.stderr.trim()}`);
}
