import { Query } from "../query";
import { isCounted, sectionNames, sectionOf } from "../sections";
import { aws } from "./aws";
import { gcp } from "./gcp";
import { kubernetes } from "./kubernetes";

/** Says in a line what the resources of one section are; undefined where it finds nothing of its own. */
export type Describer = (section: Query) => string | undefined;

/** One line of the summary. */
export interface SectionReport {
  readonly name: string;
  /** What is made, read from the recorded resources. */
  readonly fact: string;
  /** Resources a provider makes; components and providers are not counted. */
  readonly count: number;
}

/** The sections that have resources, in reading order. */
export function describeSections(query: Query): SectionReport[] {
  return sectionNames.flatMap((name) => {
    const members = query.resources.filter((resource) => sectionOf(query, resource) === name);
    const counted = members.filter(isCounted);
    if (counted.length === 0) return [];
    const section = new Query(members, query.resources);
    const lines = [aws, gcp, kubernetes].map((describers) => describers[name]?.(section));
    const known = lines.filter((line) => line !== undefined);
    return [
      { name, fact: known.join("; ") || kinds(counted.map(({ type }) => type)), count: counted.length },
    ];
  });
}

/** For what no describer knows: the kinds of resources, so that nothing is passed over. */
function kinds(types: string[]): string {
  const names = [...new Set(types.map((type) => type.split(":").at(-1)!))];
  const shown = names.slice(0, 4).join(", ");
  return `${shown}${names.length > 4 ? ", …" : ""}`;
}
