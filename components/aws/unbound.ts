import * as pulumi from "@pulumi/pulumi";

/** What an Output carries; the SDK has it, and its typings leave it out (@pulumi/pulumi 3.270.0, output.ts). */
interface Carried<T> {
  promise(withUnknowns: true): Promise<T>;
  readonly isKnown: Promise<boolean>;
  readonly isSecret: Promise<boolean>;
}

type OutputOf<T> = new (
  resources: ReadonlySet<pulumi.Resource>,
  value: Promise<T>,
  isKnown: Promise<boolean>,
  isSecret: Promise<boolean>,
  allResources: Promise<ReadonlySet<pulumi.Resource>>,
) => pulumi.Output<T>;

/**
 * The same value, known when it was and secret when it was, without the resources it came from: the engine then
 * sees no dependency on them.
 *
 * For the one case in which a kept thing is made from something that goes: `pulumi destroy --exclude-protected`
 * keeps all that a protected resource depends on, and would keep a whole cluster for the sake of a role that names
 * it. The order of an `up` stays as it is, since the value cannot be there before what makes it.
 */
export function withoutDependencies<T>(output: pulumi.Output<T>): pulumi.Output<T> {
  const carried = output as unknown as Carried<T>;
  const Output = pulumi.Output as unknown as OutputOf<T>;
  const none = new Set<pulumi.Resource>();
  return new Output(none, carried.promise(true), carried.isKnown, carried.isSecret, Promise.resolve(none));
}
