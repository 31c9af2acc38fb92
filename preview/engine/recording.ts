import type { Json, ValueMap } from "./values";

/** Everything a program asked of its engine during one preview. */
export interface Recording {
  /** The stack's name. */
  readonly stack: string;
  /** The Pulumi project's name. */
  readonly project: string;
  /**
   * Every resource in the order of registration: a parent comes before its children. Siblings follow the
   * program's data flow, which is stable on one machine but not promised; sort by URN to compare two runs.
   */
  readonly resources: readonly RecordedResource[];
  /** The stack's outputs; secrets marked, values that exist only after `up` unknown. */
  readonly outputs: ValueMap;
  /** What the program logged, and what it wrote to its standard streams. */
  readonly logs: readonly RecordedLog[];
  /** Questions to providers: functions (`invoke`) and methods (`call`). */
  readonly invokes: readonly RecordedInvoke[];
  /**
   * - `ok`: the program ran to its end.
   * - `refused`: it was stopped on purpose, by itself (a `RunError`, a logged error) or by the engine.
   * - `crashed`: an error nobody had planned for; {@link error} carries its stack trace.
   */
  readonly exit: "ok" | "refused" | "crashed";
  /** Why it did not end well, for a person to read. Absent when {@link exit} is `ok`. */
  readonly error?: string;
}

/** One registered resource with all its options, inherited ones included. */
export interface RecordedResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** URN of the parent; absent for the stack itself. */
  readonly parent?: string;
  /** True for a resource that a provider makes, false for a component. */
  readonly custom: boolean;
  /** True for a component that a plugin expands outside the program, as `@pulumi/eks` does. */
  readonly remote: boolean;
  /** URN of the remote component whose plugin, not the program, registers this resource. */
  readonly expandedFrom?: string;
  readonly inputs: ValueMap;
  /** What a component registered as its outputs. */
  outputs: ValueMap;
  /** Refuses deletion. Inherited from the parent. */
  readonly protect: boolean;
  /** Forgets instead of deleting. Inherited from the parent. */
  readonly retainOnDelete: boolean;
  /** URN of the resource whose deletion takes this one with it. Inherited from the parent. */
  readonly deletedWith?: string;
  readonly deleteBeforeReplace: boolean;
  readonly dependencies: readonly string[];
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  /** `urn::id` of the explicit provider; absent when the engine would make a default one. */
  readonly provider?: string;
  /** Providers handed to a component's children, by package. */
  readonly providers: Readonly<Record<string, string>>;
  readonly aliases: readonly RecordedAlias[];
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly additionalSecretOutputs: readonly string[];
  /** Go durations (`30m`); absent where the provider's default holds. */
  readonly timeouts: Readonly<Partial<Record<"create" | "update" | "delete" | "read", string>>>;
  /** Version of the provider's package; empty when the program named none. */
  readonly version: string;
  /** Cloud id of an existing resource to adopt. */
  readonly importId?: string;
}

/** Another identity under which a resource may already be in the state. */
export type RecordedAlias =
  | string
  | (Readonly<Partial<Record<"name" | "type" | "stack" | "project" | "parentUrn", string>>> & {
      /** True where it had no parent but the stack; else a parent that is not named is the one it has. */
      readonly noParent?: true;
    });

export interface RecordedLog {
  readonly severity: "debug" | "info" | "warning" | "error" | "stdout" | "stderr";
  readonly message: string;
  /** The resource the message is about. */
  readonly urn?: string;
}

export interface RecordedInvoke {
  /** `aws:index/getPartition:getPartition`. */
  readonly token: string;
  readonly args: ValueMap;
  /** `urn::id` of the provider asked; absent for a default one. */
  readonly provider?: string;
}

/** The provider's URN out of a `urn::id` reference. */
export function providerUrn(reference: string): string {
  return reference.slice(0, reference.lastIndexOf("::"));
}

/** A recording as a JSON document, with secrets and unknowns as marks. */
export function toJson(recording: Recording): Json {
  return JSON.parse(JSON.stringify(recording)) as Json;
}
