import { type ServiceError, status, type UntypedServiceImplementation } from "@grpc/grpc-js";
import type * as providerProto from "@pulumi/pulumi/proto/provider_pb";
import * as proto from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { assertAccepted } from "./checks";
import { expandRemote } from "./expand";
import { answers, EngineRefusal, type Graph } from "./graph";
import { invokeModels } from "./invokes";
import { previewOutputs } from "./models";
import type { RecordedResource } from "./recording";
import { readRegistration } from "./registration";
import { standIn, withStandIns } from "./stand-ins";
import { decodeMap, encodeMap, Reference, Secret, UNKNOWN, type Value, type ValueMap } from "./values";

const Feature = proto.ResourceMonitorFeature;

/**
 * What the engine can do, as the SDK asks for it. Transforms and hooks are claimed so that a program which
 * uses them gets this engine's reason, not the advice to update a command-line tool.
 */
const FEATURES: Readonly<Record<string, proto.ResourceMonitorFeature>> = {
  secrets: Feature.RESOURCE_MONITOR_FEATURE_SECRETS,
  resourceReferences: Feature.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
  outputValues: Feature.RESOURCE_MONITOR_FEATURE_OUTPUT_VALUES,
  aliasSpecs: Feature.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
  deletedWith: Feature.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
  replaceWith: Feature.RESOURCE_MONITOR_FEATURE_REPLACE_WITH,
  transforms: Feature.RESOURCE_MONITOR_FEATURE_TRANSFORMS,
  invokeTransforms: Feature.RESOURCE_MONITOR_FEATURE_INVOKE_TRANSFORMS,
  resourceHooks: Feature.RESOURCE_MONITOR_FEATURE_RESOURCE_HOOKS,
};

type Unary<Req, Res> = (
  call: { request: Req },
  callback: (error: Partial<ServiceError> | null, response?: Res) => void,
) => void;

/**
 * The resource monitor of an offline preview: it files what the program registers and answers as the genuine
 * engine does while planning a stack that does not exist yet. Inputs come back, everything else is unknown.
 */
export function monitorService(graph: Graph): UntypedServiceImplementation {
  /** Turns what `answer` throws into an answer that the program sees, and files the reason. */
  const unary =
    <Req, Res>(answer: (request: Req) => Res): Unary<Req, Res> =>
    (call, callback) => {
      try {
        callback(null, answer(call.request));
      } catch (error) {
        const reason = (error as Error).message;
        graph.refusals.push(reason);
        callback({ code: status.INVALID_ARGUMENT, details: reason, message: reason });
      }
    };
  const refuse = (what: string) =>
    unary((): never => {
      throw new EngineRefusal(`the offline preview does not support ${what}`);
    });

  return {
    getDeploymentInfo: unary(() =>
      new proto.DeploymentInfo()
        .setProject(graph.project)
        .setStack(graph.stack)
        .setDryrun(true)
        .setSupportedfeaturesList(Object.values(FEATURES)),
    ),
    supportsFeature: unary((request: proto.SupportsFeatureRequest) =>
      new proto.SupportsFeatureResponse().setHassupport(request.getId() in FEATURES),
    ),
    registerResource: unary((request: proto.RegisterResourceRequest) => register(graph, request)),
    registerResourceOutputs: unary((request: proto.RegisterResourceOutputsRequest) => {
      graph.setOutputs(request.getUrn(), decodeMap(request.getOutputs()?.toJavaScript() ?? {}));
      return new Empty();
    }),
    invoke: unary((request: proto.ResourceInvokeRequest) => invoke(graph, request)),
    call: unary((request: proto.ResourceCallRequest): providerProto.CallResponse => {
      const args = decodeMap(request.getArgs()?.toJavaScript() ?? {});
      graph.invokes.push({ token: request.getTok(), args, provider: request.getProvider() || undefined });
      throw new EngineRefusal(`the offline preview has no model of the method ${request.getTok()}`);
    }),
    signalAndWaitForShutdown: unary(() => new Empty()),
    readResource: refuse("reading existing resources (Resource.get): their state is only in the cloud"),
    existsResource: refuse("asking whether a resource exists: only the cloud knows"),
    registerStackTransform: refuse("resource transforms"),
    registerStackInvokeTransform: refuse("invoke transforms"),
    registerResourceHook: refuse("resource hooks"),
    registerErrorHook: refuse("error hooks"),
    registerPackage: refuse("parameterized packages"),
  };
}

function register(graph: Graph, request: proto.RegisterResourceRequest): proto.RegisterResourceResponse {
  if (request.getTransformsList().length > 0) {
    throw new EngineRefusal(
      `the offline preview does not support resource transforms (${request.getName()})`,
    );
  }
  const registration = readRegistration(request, graph.stack, graph.project, graph.root?.urn);
  const resource = graph.register(registration);
  const response = new proto.RegisterResourceResponse().setUrn(resource.urn);
  let state: ValueMap = {};
  if (resource.remote) {
    const { outputs, outputDependencies } = expandRemote(graph, resource);
    state = outputs;
    for (const [key, urns] of Object.entries(outputDependencies)) {
      const list = new proto.RegisterResourceResponse.PropertyDependencies();
      response.getPropertydependenciesMap().set(key, list.setUrnsList([...urns]));
    }
  } else if (resource.custom) {
    assertAccepted(resource);
    state = answerOf(resource);
    if (answers.named) {
      state = withStandIns(resource, state);
      response.setId(standIn("id", resource.name));
    }
    graph.answer(resource.urn, state);
  }
  return response.setObject(Struct.fromJavaScript(encodeMap(state)));
}

/** What a provider would answer, as the program sees it: without references, with the secret fields marked. */
export function answerOf(
  resource: Pick<RecordedResource, "type" | "inputs" | "additionalSecretOutputs">,
): ValueMap {
  const state = previewOutputs(resource.type, withoutReferences(resource.inputs) as ValueMap);
  const secrets = resource.additionalSecretOutputs.map((key): [string, Value] => {
    const value = state[key] ?? UNKNOWN;
    return [key, value instanceof Secret ? value : new Secret(value)];
  });
  return { ...state, ...Object.fromEntries(secrets) };
}

/** Providers that take no references get a resource's id, which no preview knows; a component's URN it does. */
function withoutReferences(value: Value): Value {
  if (value instanceof Reference) return value.hasId ? (value.id ?? UNKNOWN) : value.urn;
  if (value instanceof Secret) return new Secret(withoutReferences(value.reveal()));
  if (Array.isArray(value)) return value.map(withoutReferences);
  if (value === null || typeof value !== "object" || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, withoutReferences(inner as Value)]),
  );
}

function invoke(graph: Graph, request: proto.ResourceInvokeRequest): proto.ResourceInvokeResponse {
  const token = request.getTok();
  const args = decodeMap(request.getArgs()?.toJavaScript() ?? {});
  const answer = (fields: ValueMap) =>
    new proto.ResourceInvokeResponse().setReturn(Struct.fromJavaScript(encodeMap(fields)));
  if (token === "pulumi:pulumi:getResource") {
    const urn = args["urn"] as string;
    const id = answers.named ? standIn("id", urn.split("::").at(-1)!) : "";
    return answer({ urn, id, state: graph.stateOf(urn) });
  }
  // The stack's own state: that of a stack that does not exist yet.
  if (token === "pulumi:pulumi:readStackResourceOutputs") {
    return answer({ name: args["stackName"]!, outputs: {} });
  }
  graph.invokes.push({ token, args, provider: request.getProvider() || undefined });
  const model = invokeModels[token];
  if (!model) {
    throw new EngineRefusal(
      `the offline preview has no model of the function ${token}: only the provider knows its answer`,
    );
  }
  return answer(model(args));
}
