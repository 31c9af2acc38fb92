/** Type of the root of every stack (pulumi, sdk/go/common/resource/stack.go). */
export const STACK_TYPE = "pulumi:pulumi:Stack";

/** The parts of a URN. */
export interface UrnParts {
  readonly stack: string;
  readonly project: string;
  /** Types from the outermost component to the resource itself, joined by `$`. */
  readonly qualifiedType: string;
  readonly name: string;
}

/**
 * The URN under which the genuine engine files a resource:
 * `urn:pulumi:<stack>::<project>::<parent types>$<type>::<name>`. The stack's own type is left out of the
 * chain (pulumi, sdk/go/common/resource/urn: `urn.New`).
 */
export function makeUrn(
  stack: string,
  project: string,
  parent: string | undefined,
  type: string,
  name: string,
): string {
  const parentType = parent === undefined ? STACK_TYPE : parseUrn(parent).qualifiedType;
  const qualifiedType = parentType === STACK_TYPE ? type : `${parentType}$${type}`;
  return `urn:pulumi:${stack}::${project}::${qualifiedType}::${name}`;
}

/** Takes a URN apart; names may themselves contain `::`. */
export function parseUrn(urn: string): UrnParts {
  const [head, project, qualifiedType, ...name] = urn.split("::");
  if (!head?.startsWith("urn:pulumi:") || !project || !qualifiedType || name.length === 0) {
    throw new Error(`not a URN: ${urn}`);
  }
  return { stack: head.slice("urn:pulumi:".length), project, qualifiedType, name: name.join("::") };
}

/** The resource's own type, without those of its parents. */
export function typeOfUrn(urn: string): string {
  return parseUrn(urn).qualifiedType.split("$").at(-1)!;
}
