import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import * as pluginProto from "@pulumi/pulumi/proto/plugin_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { decodeMap, encodeMap, type ValueMap } from "../../preview/engine/values";
import type { PropertyChange } from "./diff";
import { type Callback, failure, initFailure, unimplemented } from "./grpc";
import { InitFailed, type Named, type SimulatedProvider } from "./simulated-provider";

/** Called around every request, so that virtual time waits for what comes from outside. */
export type Touch = () => void;

/** Methods of the provider protocol that every simulated provider answers alike. */
export function commonMethods(packageName: string, version: string): UntypedServiceImplementation {
  return {
    handshake: (_: unknown, callback: Callback<never>) => callback(unimplemented("Handshake")),
    parameterize: (_: unknown, callback: Callback<never>) => callback(unimplemented("Parameterize")),
    attach: (_: unknown, callback: Callback<Empty>) => callback(null, new Empty()),
    cancel: (_: unknown, callback: Callback<Empty>) => callback(null, new Empty()),
    getPluginInfo: (_: unknown, callback: Callback<pluginProto.PluginInfo>) =>
      callback(null, new pluginProto.PluginInfo().setVersion(version)),
    getSchema: (_: unknown, callback: Callback<proto.GetSchemaResponse>) =>
      callback(null, new proto.GetSchemaResponse().setSchema(JSON.stringify({ name: packageName, version }))),
    getMapping: (_: unknown, callback: Callback<proto.GetMappingResponse>) =>
      callback(null, new proto.GetMappingResponse()),
    getMappings: (_: unknown, callback: Callback<proto.GetMappingsResponse>) =>
      callback(null, new proto.GetMappingsResponse()),
    checkConfig: ({ request }: { request: proto.CheckRequest }, callback: Callback<proto.CheckResponse>) =>
      callback(null, new proto.CheckResponse().setInputs(request.getNews())),
    // The engine then compares for itself: any change is one, and none replaces the provider.
    diffConfig: (_: unknown, callback: Callback<never>) => callback(unimplemented("DiffConfig")),
  };
}

/** The provider protocol in front of a simulated AWS or Google provider. */
export function providerService(
  provider: SimulatedProvider,
  packageName: string,
  version: string,
  touch: Touch,
): UntypedServiceImplementation {
  const unary =
    <Req, Res>(answer: (request: Req) => Res | Promise<Res>) =>
    (call: { request: Req }, callback: Callback<Res>): void => {
      touch();
      Promise.resolve()
        .then(() => answer(call.request))
        .then(
          (response) => callback(null, response),
          (error: Error) =>
            callback(
              error instanceof InitFailed
                ? initFailure(error.message, error.answer.id, error.answer.properties, error.inputs)
                : failure(error.message),
            ),
        )
        .finally(touch);
    };
  return {
    ...commonMethods(packageName, version),
    configure: unary((request: proto.ConfigureRequest) => {
      provider.configure(mapOf(request.getArgs()));
      return new proto.ConfigureResponse()
        .setAcceptsecrets(true)
        .setSupportspreview(true)
        .setAcceptresources(false)
        .setAcceptoutputs(false);
    }),
    check: unary((request: proto.CheckRequest) => {
      const seed = Buffer.from(request.getRandomseed_asU8()).toString("hex") || request.getUrn();
      const { inputs, failures } = provider.check(
        named(request),
        mapOf(request.getNews()),
        mapOf(request.getOlds()),
        seed,
      );
      return new proto.CheckResponse()
        .setInputs(structOf(inputs))
        .setFailuresList(
          failures.map(({ property, reason }) =>
            new proto.CheckFailure().setProperty(property).setReason(reason),
          ),
        );
    }),
    diff: unary((request: proto.DiffRequest) => {
      const { changes, deleteBeforeReplace } = provider.diff(named(request), {
        oldInputs: mapOf(request.getOldInputs()),
        olds: mapOf(request.getOlds()),
        news: mapOf(request.getNews()),
        ignoreChanges: request.getIgnorechangesList(),
      });
      return diffResponse(changes, deleteBeforeReplace);
    }),
    create: unary(async (request: proto.CreateRequest) => {
      const resource = named(request, request.getTimeout());
      const inputs = mapOf(request.getProperties());
      const response = new proto.CreateResponse();
      if (request.getPreview()) return response.setProperties(structOf(provider.preview(resource, inputs)));
      const { id, properties } = await provider.create(resource, inputs);
      return response.setId(id).setProperties(structOf(properties));
    }),
    update: unary(async (request: proto.UpdateRequest) => {
      const resource = named(request, request.getTimeout());
      const news = mapOf(request.getNews());
      const response = new proto.UpdateResponse();
      if (request.getPreview())
        return response.setProperties(
          structOf(provider.preview(resource, news, mapOf(request.getOlds()), mapOf(request.getOldInputs()))),
        );
      const { properties } = await provider.update(resource, request.getId(), news);
      return response.setProperties(structOf(properties));
    }),
    read: unary(async (request: proto.ReadRequest) => {
      const found = await provider.read(
        named(request),
        request.getId(),
        mapOf(request.getInputs()),
        mapOf(request.getProperties()),
      );
      const response = new proto.ReadResponse();
      if (!found) return response;
      return response
        .setId(found.id)
        .setProperties(structOf(found.properties))
        .setInputs(structOf(found.inputs));
    }),
    delete: unary(async (request: proto.DeleteRequest) => {
      await provider.delete(named(request, request.getTimeout()), request.getId());
      return new Empty();
    }),
    invoke: unary(async (request: proto.InvokeRequest) => {
      const answer = await provider.invoke(request.getTok(), mapOf(request.getArgs()));
      return new proto.InvokeResponse().setReturn(structOf(answer));
    }),
    call: (_: unknown, callback: Callback<never>) => callback(unimplemented("Call")),
    construct: (_: unknown, callback: Callback<never>) => callback(unimplemented("Construct")),
  };
}

/** A difference as the engine wants it. */
export function diffResponse(
  changes: readonly PropertyChange[],
  deleteBeforeReplace: boolean,
): proto.DiffResponse {
  const { Kind } = proto.PropertyDiff;
  const kinds = {
    add: [Kind.ADD, Kind.ADD_REPLACE],
    delete: [Kind.DELETE, Kind.DELETE_REPLACE],
    update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
  } as const;
  const { DIFF_NONE, DIFF_SOME } = proto.DiffResponse.DiffChanges;
  const response = new proto.DiffResponse()
    .setChanges(changes.length === 0 ? DIFF_NONE : DIFF_SOME)
    .setDeletebeforereplace(deleteBeforeReplace)
    .setHasdetaileddiff(true);
  for (const { path, kind, replaces } of changes) {
    const [key = path] = path.split(/[.[]/);
    response.addDiffs(key);
    if (replaces) response.addReplaces(key);
    const detail = new proto.PropertyDiff().setKind(kinds[kind][replaces ? 1 : 0]).setInputdiff(true);
    response.getDetaileddiffMap().set(path, detail);
  }
  return response;
}

/** Properties off the wire. */
export function mapOf(struct: Struct | undefined): ValueMap {
  return decodeMap(struct?.toJavaScript() ?? {});
}

/** Properties for the wire. */
export function structOf(map: ValueMap): Struct {
  return Struct.fromJavaScript(encodeMap(map));
}

function named(request: { getUrn(): string }, timeout = 0): Named {
  const urn = request.getUrn();
  const [, , types = "", ...name] = urn.split("::");
  return { urn, type: types.split("$").at(-1)!, name: name.join("::"), timeout };
}
