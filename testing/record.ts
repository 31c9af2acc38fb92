import * as pulumi from "@pulumi/pulumi";
import type { MockCallArgs, MockResourceArgs } from "@pulumi/pulumi/runtime";
import { dropPromiseStacks } from "./promise-stacks";

dropPromiseStacks();

/** A registration as the engine would have received it. */
export interface RecordedResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly parent: string;
  /** Inputs in plain form; secrets are wrapped, see {@link reveal}. */
  readonly inputs: Record<string, unknown>;
  readonly custom: boolean;
  readonly remote: boolean;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly deleteBeforeReplace: boolean;
  /** URNs, explicit and through inputs. */
  readonly dependencies: readonly string[];
  /** `urn::id` of the provider; empty for components and default providers. */
  readonly provider: string;
  readonly ignoreChanges: readonly string[];
  readonly deletedWith: string;
  readonly aliases: readonly string[];
}

/** Everything one run of a program registered. */
export class Recording {
  readonly resources: RecordedResource[] = [];
  readonly calls: MockCallArgs[] = [];

  /** All resources of a type, in order of registration. */
  ofType(type: string): RecordedResource[] {
    return this.resources.filter((resource) => resource.type === type);
  }

  /** The one resource with a logical name (and type, where a component shares the name); throws when there is none or more. */
  one(name: string, type?: string): RecordedResource {
    const found = this.resources.filter((r) => r.name === name && (type === undefined || r.type === type));
    if (found.length !== 1) {
      const known = this.resources.map((r) => `${r.type} ${r.name}`).join("\n  ");
      throw new Error(
        `${found.length} resources are named ${name}${type ? ` (${type})` : ""}; there are\n  ${known}`,
      );
    }
    return found[0]!;
  }

  /** `type name` of every resource, sorted: for exact lists. */
  list(): string[] {
    return this.resources.map((resource) => `${resource.type} ${resource.name}`).sort();
  }
}

/** What a cloud would compute for a resource, over its inputs. */
export type ComputedOutputs = (args: MockResourceArgs) => Record<string, unknown>;

/** How a recording is made. */
export interface RecordOptions {
  readonly stack?: string;
  readonly config?: Record<string, string>;
  readonly secretKeys?: readonly string[];
  /** True: as in a preview, where ids and computed outputs are unknown. */
  readonly preview?: boolean;
  readonly computed?: ComputedOutputs;
  readonly call?: (args: MockCallArgs) => Record<string, unknown>;
}

/**
 * Runs `build` against the SDK's mock monitor, in this process, and returns what it registered with all the
 * options that the plain mocks leave out. It shows what the program asks for, never that a cloud accepts it.
 */
export async function record<T>(
  build: () => T | Promise<T>,
  options: RecordOptions = {},
): Promise<{ recording: Recording; result: T }> {
  const recording = new Recording();
  const computed = options.computed ?? (() => ({}));
  await pulumi.runtime.setMocks(
    {
      newResource: (args) => ({
        id: options.preview ? undefined : args.id || `${args.name}-id`,
        state: { ...(args.inputs as object), ...(options.preview ? {} : computed(args)) },
      }),
      call: (args) => {
        recording.calls.push(args);
        if (!options.call) throw new Error(`no answer is modelled for ${args.token}`);
        return options.call(args);
      },
    },
    "cmbcluster",
    options.stack ?? "test",
    options.preview ?? false,
    "organization",
  );
  pulumi.runtime.setAllConfig(options.config ?? {}, [...(options.secretKeys ?? [])]);
  listen(recording);
  // A failure thrown inside the stack would also reject promises that the SDK keeps to itself, and end the process.
  let built: unknown;
  let failure: { readonly error: unknown } | undefined;
  await pulumi.runtime.runInPulumiStack(async () => {
    try {
      built = await build();
    } catch (error) {
      failure = { error };
    }
    return {};
  });
  await pulumi.runtime.disconnect();
  if (failure) throw failure.error;
  return { recording, result: built as T };
}

interface RegisterRequest {
  getType(): string;
  getName(): string;
  getParent(): string;
  getObject(): Parameters<typeof pulumi.runtime.deserializeProperties>[0];
  getCustom(): boolean;
  getRemote(): boolean;
  getProtect(): boolean | undefined;
  getRetainondelete(): boolean | undefined;
  getDeletebeforereplace(): boolean;
  getDependenciesList(): string[];
  getProvider(): string;
  getIgnorechangesList(): string[];
  getDeletedwith(): string;
  getAliasesList(): { getUrn(): string; getSpec(): { toObject(): unknown } | undefined }[];
}

type Callback = (error: Error | undefined, response?: { getUrn(): string }) => void;

/** The mock monitor hands its mocks a few fields only; this keeps the whole request. */
function listen(recording: Recording): void {
  const monitor = pulumi.runtime.getMonitor() as unknown as {
    registerResource(request: RegisterRequest, callback: Callback): Promise<void>;
  };
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) =>
    register(request, (error, response) => {
      if (response) recording.resources.push(describe(request, response.getUrn()));
      callback(error, response);
    });
}

function describe(request: RegisterRequest, urn: string): RecordedResource {
  return {
    urn,
    type: request.getType(),
    name: request.getName(),
    parent: request.getParent(),
    inputs: pulumi.runtime.deserializeProperties(request.getObject()),
    custom: request.getCustom(),
    remote: request.getRemote(),
    protect: request.getProtect() ?? false,
    retainOnDelete: request.getRetainondelete() ?? false,
    deleteBeforeReplace: request.getDeletebeforereplace(),
    dependencies: request.getDependenciesList(),
    provider: request.getProvider(),
    ignoreChanges: request.getIgnorechangesList(),
    deletedWith: request.getDeletedwith(),
    aliases: request
      .getAliasesList()
      .map((alias) => alias.getUrn() || JSON.stringify(alias.getSpec()?.toObject() ?? {})),
  };
}

/** The value inside a recorded secret; refuses what was recorded in the clear. */
export function reveal(value: unknown): unknown {
  if (!pulumi.runtime.isRpcSecret(value))
    throw new Error("the value was recorded in the clear, not as a secret");
  return pulumi.runtime.unwrapRpcSecret(value) as unknown;
}

/** The settled value of an output, for assertions. */
export function settled<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    output.apply((value) => {
      resolve(value);
      return value;
    });
  });
}
