/** A state as `pulumi stack export` gives it; only what is read here. */
export interface ExportedState {
  readonly deployment: { readonly resources?: readonly ExportedResource[] };
}

/** One resource of a state. */
export interface ExportedResource {
  readonly type: string;
  readonly urn: string;
  readonly id?: string;
  readonly custom?: boolean;
  readonly protect?: boolean;
  readonly parent?: string;
  /** `urn::id` of its provider. */
  readonly provider?: string;
  readonly dependencies?: readonly string[];
  readonly propertyDependencies?: Readonly<Record<string, readonly string[] | null>>;
  readonly deletedWith?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** What a resource had to wait for, by its URN, as the engine has it: dependencies, provider, parent. */
export function dependenciesOf(state: ExportedState): (urn: string) => readonly string[] {
  const direct = new Map(
    (state.deployment.resources ?? []).map((resource) => [resource.urn, dependencies(resource)]),
  );
  // A provider or component is no operation of its own: what it waited for counts in its place.
  const found = new Map<string, string[]>();
  const follow = (urn: string): string[] => {
    const known = found.get(urn);
    if (known) return known;
    found.set(urn, []);
    const all = (direct.get(urn) ?? []).flatMap((other) => [
      other,
      ...(other.includes("pulumi:providers:") || !isCustom(other, state) ? follow(other) : []),
    ]);
    found.set(urn, [...new Set(all)]);
    return found.get(urn)!;
  };
  return follow;
}

/** The other way round: what has to go before a resource can. */
export function dependentsOf(state: ExportedState): (urn: string) => readonly string[] {
  const dependencies = dependenciesOf(state);
  const dependents = new Map<string, string[]>();
  for (const { urn } of state.deployment.resources ?? [])
    for (const other of dependencies(urn)) dependents.set(other, [...(dependents.get(other) ?? []), urn]);
  return (urn) => dependents.get(urn) ?? [];
}

function dependencies(resource: ExportedResource): string[] {
  const { dependencies = [], propertyDependencies = {}, provider, parent } = resource;
  const byProperty = Object.values(propertyDependencies).flatMap((urns) => urns ?? []);
  const providerUrn = provider === undefined ? [] : [provider.slice(0, provider.lastIndexOf("::"))];
  return [
    ...new Set([...dependencies, ...byProperty, ...providerUrn, ...(parent === undefined ? [] : [parent])]),
  ];
}

function isCustom(urn: string, { deployment }: ExportedState): boolean {
  return deployment.resources?.find((resource) => resource.urn === urn)?.custom ?? true;
}
