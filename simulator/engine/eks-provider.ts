import { credentials, type ServiceError, type UntypedServiceImplementation } from "@grpc/grpc-js";
import * as provider from "@pulumi/pulumi/proto/provider_pb";
import * as resourceGrpc from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as resource from "@pulumi/pulumi/proto/resource_pb";
import type { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { componentModels } from "../../preview/engine/models";
import type { ChildModel, ChildState, ComponentExpansion } from "../../preview/engine/models/component";
import { isMap, Reference, UNKNOWN_SENTINEL, type ValueMap } from "../../preview/engine/values";
import { type Callback, failure, MAX_MESSAGE_BYTES, unimplemented } from "./grpc";
import { commonMethods, mapOf, structOf } from "./provider-service";

/** Version of @pulumi/eks whose behaviour this is. */
const VERSION = "4.3.0";

/** The two methods of the engine's monitor that a component needs. */
interface Monitor {
  registerResource(
    request: resource.RegisterResourceRequest,
    callback: (error: ServiceError | null, response: resource.RegisterResourceResponse) => void,
  ): void;
  invoke(
    request: resource.ResourceInvokeRequest,
    callback: (error: ServiceError | null, response: provider.InvokeResponse) => void,
  ): void;
  registerResourceOutputs(
    request: resource.RegisterResourceOutputsRequest,
    callback: (error: ServiceError | null, response: Empty) => void,
  ): void;
  close(): void;
}

/**
 * The eks plugin: it registers the children of a component with the engine, one after the other because later ones
 * follow from earlier ones, and answers with what they have become. The genuine plugin runs its children at the
 * same time where it can; here the order costs no time, since only the engine's own work lies between them.
 */
export function eksService(touch: () => void): UntypedServiceImplementation {
  return {
    ...commonMethods("eks", VERSION),
    configure: (_: unknown, callback: Callback<provider.ConfigureResponse>) =>
      callback(
        null,
        new provider.ConfigureResponse()
          .setAcceptsecrets(true)
          .setSupportspreview(true)
          .setAcceptresources(true)
          .setAcceptoutputs(true),
      ),
    construct: (
      { request }: { request: provider.ConstructRequest },
      callback: Callback<provider.ConstructResponse>,
    ) => {
      touch();
      construct(request)
        .then(
          (response) => callback(null, response),
          (error: Error) => callback(failure(error.message)),
        )
        .finally(touch);
    },
    ...Object.fromEntries(
      ["check", "diff", "create", "read", "update", "delete", "invoke", "call"].map((method) => [
        method,
        (_: unknown, callback: Callback<never>) => callback(unimplemented(method)),
      ]),
    ),
  };
}

async function construct(request: provider.ConstructRequest): Promise<provider.ConstructResponse> {
  const model = componentModels[request.getType()];
  if (!model) throw new Error(`the simulator has no model of the component ${request.getType()}`);
  const monitor = connect(request.getMonitorendpoint());
  try {
    const args = mapOf(request.getInputs());
    const urn = (await register(monitor, componentRequest(request, args))).getUrn();
    const states = new Map<string, ChildState>();
    for (const value of Object.values(args))
      if (value instanceof Reference) states.set(value.urn, await stateOf(monitor, value.urn));
    const inputDependencies = Object.fromEntries(
      [...request.getInputdependenciesMap().entries()].map(([key, list]) => [key, list.getUrnsList()]),
    );
    // What exists only once it is registered is empty in a preview, and stays unknown there.
    const expand = (): ComponentExpansion =>
      model({ urn, name: request.getName(), args, states, inputDependencies });
    for (let index = 0; index < expand().children.length; index++) {
      const child = expand().children[index]!;
      const answer = await register(monitor, childRequest(child, request, states));
      if (answer.getUrn() !== child.urn)
        throw new Error(
          `the engine files ${child.urn} as ${answer.getUrn()}: renamed or re-parented components have no model`,
        );
      const id = answer.getId();
      const known = id === "" || id === UNKNOWN_SENTINEL ? {} : { id };
      states.set(child.urn, { ...known, outputs: mapOf(answer.getObject()) });
    }
    const { outputs, outputDependencies } = expand();
    await registerOutputs(monitor, urn, outputs);
    const response = new provider.ConstructResponse().setUrn(urn).setState(structOf(outputs));
    for (const [key, urns] of Object.entries(outputDependencies)) {
      const list = new provider.ConstructResponse.PropertyDependencies().setUrnsList([...urns]);
      response.getStatedependenciesMap().set(key, list);
    }
    return response;
  } finally {
    monitor.close();
  }
}

function connect(endpoint: string): Monitor {
  const Client = (resourceGrpc as unknown as Record<string, new (...args: unknown[]) => Monitor>)[
    "ResourceMonitorClient"
  ]!;
  return new Client(endpoint, credentials.createInsecure(), {
    "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
    "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
  });
}

function register(
  monitor: Monitor,
  request: resource.RegisterResourceRequest,
): Promise<resource.RegisterResourceResponse> {
  return new Promise((resolve, reject) =>
    monitor.registerResource(request, (error, response) => (error ? reject(error) : resolve(response))),
  );
}

/** What another resource has become: how the SDK inside the plugin reads a reference. */
async function stateOf(monitor: Monitor, urn: string): Promise<ChildState> {
  const request = new resource.ResourceInvokeRequest()
    .setTok("pulumi:pulumi:getResource")
    .setArgs(structOf({ urn }))
    .setAcceptresources(true);
  const response = await new Promise<provider.InvokeResponse>((resolve, reject) =>
    monitor.invoke(request, (error, answer) => (error ? reject(error) : resolve(answer))),
  );
  const { id, state } = mapOf(response.getReturn());
  return { ...(typeof id === "string" && id !== "" ? { id } : {}), outputs: isMap(state) ? state : {} };
}

function registerOutputs(monitor: Monitor, urn: string, outputs: ValueMap): Promise<void> {
  const request = new resource.RegisterResourceOutputsRequest().setUrn(urn).setOutputs(structOf(outputs));
  return new Promise((resolve, reject) =>
    monitor.registerResourceOutputs(request, (error) => (error ? reject(error) : resolve())),
  );
}

function common(request: resource.RegisterResourceRequest): resource.RegisterResourceRequest {
  return request.setAcceptsecrets(true).setAcceptresources(true).setSupportspartialvalues(true);
}

/** Aliases are left out: the genuine plugin, built on an SDK of 3.173, loses them (pulumi issue 18801). */
function componentRequest(
  request: provider.ConstructRequest,
  args: ValueMap,
): resource.RegisterResourceRequest {
  const made = common(new resource.RegisterResourceRequest())
    .setType(request.getType())
    .setName(request.getName())
    .setParent(request.getParent())
    .setCustom(false)
    .setObject(structOf(args))
    .setDependenciesList(request.getDependenciesList())
    .setDeletedwith(request.getDeletedwith())
    .setIgnorechangesList(request.getIgnorechangesList())
    .setReplaceonchangesList(request.getReplaceonchangesList());
  const [protect, retain] = [request.getProtect(), request.getRetainondelete()];
  if (protect !== undefined) made.setProtect(protect);
  if (retain !== undefined) made.setRetainondelete(retain);
  for (const [name, reference] of request.getProvidersMap().entries())
    made.getProvidersMap().set(name, reference);
  return made;
}

function childRequest(
  child: ChildModel,
  request: provider.ConstructRequest,
  states: ReadonlyMap<string, ChildState>,
): resource.RegisterResourceRequest {
  const made = common(new resource.RegisterResourceRequest())
    .setType(child.type)
    .setName(child.name)
    .setParent(child.parent)
    .setCustom(child.custom)
    .setObject(structOf(child.inputs))
    .setDependenciesList([...child.dependencies])
    .setIgnorechangesList([...child.ignoreChanges])
    .setVersion(child.version);
  if (child.provider && "urn" in child.provider)
    made.setProvider(`${child.provider.urn}::${states.get(child.provider.urn)?.id ?? UNKNOWN_SENTINEL}`);
  else if (child.provider) {
    const reference = request.getProvidersMap().get(child.provider.package);
    if (reference !== undefined) made.setProvider(reference);
  }
  return made;
}
