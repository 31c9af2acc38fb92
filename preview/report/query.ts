import { isMap, type RecordedResource, type Recording, Secret, type Value } from "../engine";

/** Questions to a recorded graph. All facts of the report come from here, none from the configuration. */
export class Query {
  readonly #byUrn: ReadonlyMap<string, RecordedResource>;

  /**
   * @param resources what {@link ofType} looks through
   * @param known what URNs are resolved in: the whole graph, where only a part of it is asked about
   */
  constructor(
    readonly resources: readonly RecordedResource[],
    known: readonly RecordedResource[] = resources,
  ) {
    this.#byUrn = new Map(known.map((resource) => [resource.urn, resource]));
  }

  static of(recording: Recording): Query {
    return new Query(recording.resources);
  }

  /** All resources of any of the types, in order of registration. */
  ofType(...types: string[]): RecordedResource[] {
    return this.resources.filter(({ type }) => types.includes(type));
  }

  /** As {@link ofType}, looking through the whole graph. */
  known(type: string): RecordedResource[] {
    return [...this.#byUrn.values()].filter((resource) => resource.type === type);
  }

  byUrn(urn: string): RecordedResource | undefined {
    return this.#byUrn.get(urn);
  }

  /** The parents of a resource, the nearest first. */
  ancestors(resource: RecordedResource): RecordedResource[] {
    const parent = resource.parent === undefined ? undefined : this.#byUrn.get(resource.parent);
    return parent ? [parent, ...this.ancestors(parent)] : [];
  }
}

/** A property by its path, `vpcConfig.subnetIds[0]`; undefined where there is none or where it is unknown on the way. */
export function at(resource: Pick<RecordedResource, "inputs">, path: string): Value | undefined {
  let value: Value | undefined = resource.inputs;
  for (const key of path.split(/[.[\]]+/).filter((part) => part !== "")) {
    if (value instanceof Secret) value = value.reveal();
    if (Array.isArray(value)) value = value[Number(key)];
    else value = isMap(value) ? value[key] : undefined;
  }
  return value;
}

/** A property that is a known, plain text or number, as text. Secrets and unknowns are not. */
export function textAt(resource: Pick<RecordedResource, "inputs">, path: string): string | undefined {
  const value = at(resource, path);
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

/** A property that is a known number, also when it is written as text. */
export function numberAt(resource: Pick<RecordedResource, "inputs">, path: string): number | undefined {
  const text = textAt(resource, path);
  return text === undefined || Number.isNaN(Number(text)) ? undefined : Number(text);
}

/** The known texts of a list; empty where there is no list. */
export function textsAt(resource: Pick<RecordedResource, "inputs">, path: string): string[] {
  const value = at(resource, path);
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** The elements of a list of blocks; empty where there is none. */
export function blocksAt(
  resource: Pick<RecordedResource, "inputs">,
  path: string,
): { inputs: Record<string, Value> }[] {
  const value = at(resource, path);
  return Array.isArray(value) ? value.filter(isMap).map((inputs) => ({ inputs })) : [];
}
