import { makeUrn, parseUrn } from "../urn";
import type { ValueMap } from "../values";

/** What is known of a child once it is registered. */
export interface ChildState {
  /** Absent while it does not exist. */
  readonly id?: string;
  readonly outputs: ValueMap;
}

/** A remote component as the program asked for it. */
export interface ComponentRequest {
  readonly urn: string;
  readonly name: string;
  readonly args: ValueMap;
  /**
   * Children that are registered already, and resources that arguments refer to, by URN: inputs of later children
   * and the outputs follow from them. Left out: nothing exists, as on a first preview.
   */
  readonly states?: ReadonlyMap<string, ChildState>;
  /** Resources from which each argument comes. */
  readonly inputDependencies?: Readonly<Record<string, readonly string[]>>;
}

/**
 * One resource that a remote component's plugin registers. This is a description, usable by whatever plays
 * the engine: it holds no reference to a running preview.
 */
export interface ChildModel {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly parent: string;
  /** False for a component inside the component. */
  readonly custom: boolean;
  readonly inputs: ValueMap;
  readonly dependencies: readonly string[];
  /** Where its provider comes from: the component's `providers`, another child, or nowhere (components, providers). */
  readonly provider: { readonly package: string } | { readonly urn: string } | undefined;
  readonly ignoreChanges: readonly string[];
  /** Version of the package inside the plugin. */
  readonly version: string;
}

/** What a remote component turns into. */
export interface ComponentExpansion {
  /** Parents before their children. */
  readonly children: readonly ChildModel[];
  /** What the component answers, as far as the states of its children are known. */
  readonly outputs: ValueMap;
  /** For each output, the resources it comes from. */
  readonly outputDependencies: Readonly<Record<string, readonly string[]>>;
}

/** A pure function from a component's arguments to its children. Throws where the model ends. */
export type ComponentModel = (request: ComponentRequest) => ComponentExpansion;

/** URN of a child below `parent`, in the same stack and project. */
export function childUrn(parent: string, type: string, name: string): string {
  const { stack, project } = parseUrn(parent);
  return makeUrn(stack, project, parent, type, name);
}

/** Describes one more child and returns its URN; what is left out takes the component's defaults. */
export type AddChild = (child: Partial<ChildModel> & Pick<ChildModel, "type" | "name">) => string;
