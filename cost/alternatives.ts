import type { Alternative, CostDocument } from "./document";
import { rounded } from "./money";

/** A change of settings that makes a plan cheaper, and what it gives up. */
export interface Idea {
  readonly what: string;
  readonly givesUp: string;
  /** Settings by full key and path; none where the idea does not fit the stack. */
  readonly set: Readonly<Record<string, string | number | boolean>>;
}

/** What of a stack decides which ideas fit it: its bill, and how it is made up. */
export interface Subject {
  readonly cloud: "aws" | "gcp";
  readonly cost: CostDocument;
}

const KEY = "cmbcluster";

/** Has the bill a line of these words that costs something? */
function pays({ cost }: Subject, words: RegExp): boolean {
  return cost.lines.some(
    ({ what, monthly, monthlyAtMost }) => words.test(what) && monthly + monthlyAtMost > 0,
  );
}

/** Units a month of a line, in machines: 2,190 hours are three. */
function machines({ cost }: Subject, words: RegExp): number {
  const line = cost.lines.find(({ what }) => words.test(what));
  return line ? Math.round(line.quantity / 730) : 0;
}

/**
 * Changes of settings worth planning for a stack: those whose line is on its bill. Whether they save, and how
 * much, is measured by planning them; what an idea gives up is said with it.
 */
export function ideasFor(subject: Subject): readonly Idea[] {
  const { cloud } = subject;
  const nodes = cloud === "aws" ? `${KEY}:aws.nodes` : `${KEY}:gcp.nodes`;
  const all: readonly (Idea & { readonly fits: boolean })[] = [
    {
      what: "one NAT gateway instead of one per zone",
      givesUp:
        "with its zone, pods of all zones lose the way out; traffic to it from other zones costs 0.02 a GB",
      set: { [`${KEY}:aws.network.natGateways`]: "one" },
      fits: cloud === "aws" && machines(subject, /^NAT gateways$/) > 1,
    },
    {
      what: "a NAT instance instead of NAT gateways",
      givesUp: "one machine in one zone, which nobody patches",
      set: { [`${KEY}:aws.network.natGateways`]: "instance" },
      fits: cloud === "aws" && pays(subject, /^NAT gateways$/),
    },
    {
      what: "the load balancer in one zone",
      givesUp: "with that zone the site is gone",
      set: { [`${KEY}:aws.network.loadBalancerZones`]: 1 },
      fits: cloud === "aws" && machines(subject, /^public addresses of the load balancer$/) > 1,
    },
    {
      what: "platform nodes on spot",
      givesUp: "the cloud takes them back at any time: site and sign-in restart, user environments stay",
      set: { [`${nodes}.system.spot`]: true },
      fits: onDemand(subject),
    },
    {
      what: "no user node kept warm",
      givesUp: "the first environment waits minutes for its node",
      set: { [`${nodes}.users.min`]: 0 },
      fits: subject.cost.lines.some(({ group, monthly }) => group === "user nodes" && monthly > 0),
    },
    {
      what: "asleep (npm run sleep), were it all month",
      givesUp:
        "nobody works there meanwhile, and it wakes in about six minutes; a schedule has it asleep by night",
      set: { [`${KEY}:sleep.now`]: true },
      fits: subject.cost.lines.some(({ group, monthly }) => group === "platform nodes" && monthly > 0),
    },
    {
      what: "at most half as many user nodes",
      givesUp: "room for half as many environments at a time",
      set: { [`${nodes}.users.max`]: Math.max(1, Math.floor(most(subject) / 2)) },
      fits: most(subject) > 1,
    },
    {
      what: "logs kept for 30 days",
      givesUp: "what is older than a month cannot be looked up",
      set: { [`${KEY}:retention.logsDays`]: 30 },
      fits: pays(subject, /kept past 30 days/),
    },
  ];
  return all.filter(({ fits }) => fits).map(({ what, givesUp, set }) => ({ what, givesUp, set }));
}

function onDemand({ cost }: Subject): boolean {
  return cost.lines.some(({ group, what }) => group === "platform nodes" && what.startsWith("nodes "));
}

/** User nodes at most. */
function most({ cost }: Subject): number {
  const line = cost.lines.find(({ group, what }) => group === "user nodes" && what.startsWith("nodes "));
  return line ? Math.round(line.most / 730) : 0;
}

/**
 * Plans every idea that fits, and keeps those that save: the largest saving first. A change that the check of the
 * configuration refuses, or that cannot be planned or priced, is no alternative.
 *
 * @param plan plans the stack with the settings changed; its bill, or undefined where it cannot be planned
 */
export async function measure(
  subject: Subject,
  plan: (set: Idea["set"]) => Promise<CostDocument | undefined>,
): Promise<Alternative[]> {
  const measured: Alternative[] = [];
  // One after the other: each starts the program, and a person's machine has other things to do.
  for (const idea of ideasFor(subject)) {
    const changed = await plan(idea.set);
    if (!changed || changed.unpriced.length > subject.cost.unpriced.length) continue;
    const [before, after] = [subject.cost.totals, changed.totals];
    const difference = rounded(after.fixed + after.use - before.fixed - before.use);
    const maximumDifference = rounded(after.maximum - before.maximum);
    if (difference > -0.005 && maximumDifference > -0.005) continue;
    measured.push({ ...idea, set: { ...idea.set }, difference, maximumDifference });
  }
  return measured.sort((a, b) => a.difference - b.difference || a.maximumDifference - b.maximumDifference);
}
