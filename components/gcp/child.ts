import type * as pulumi from "@pulumi/pulumi";

/**
 * The escape hatch of one child: changes its arguments and options in place before it is registered, for what
 * this component does not offer. It can undo every promise of the component, protection included.
 */
export type Transform<A> = (args: A, opts: pulumi.CustomResourceOptions) => void;

/** Arguments and options of a child after its transform, to be spread into its constructor. */
export function shaped<A>(
  transform: Transform<A> | undefined,
  args: NoInfer<A>,
  opts: ChildOptions,
): [A, pulumi.CustomResourceOptions] {
  const [mutableArgs, mutableOpts] = [
    { ...args },
    { ...opts, dependsOn: [...opts.dependsOn] } as pulumi.CustomResourceOptions,
  ];
  transform?.(mutableArgs, mutableOpts);
  return [mutableArgs, mutableOpts];
}

/** Options of a child whose dependencies can be added to. */
export interface ChildOptions extends Omit<pulumi.CustomResourceOptions, "dependsOn"> {
  readonly dependsOn: readonly pulumi.Input<pulumi.Resource>[];
}

/**
 * Options of a component's children: the component as parent, and what the component waits for. The Node SDK
 * hands `provider` and `protect` down by itself, but not `dependsOn`, and nothing can be made before its API
 * is enabled.
 */
export function childOptions(
  parent: pulumi.ComponentResource,
  opts: pulumi.ComponentResourceOptions | undefined,
): ChildOptions {
  const given = opts?.dependsOn;
  const dependsOn =
    given === undefined ? [] : Array.isArray(given) ? given : [given as pulumi.Input<pulumi.Resource>];
  return { parent, dependsOn };
}
