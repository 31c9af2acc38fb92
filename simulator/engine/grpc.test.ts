import { Client, credentials, type ServiceError } from "@grpc/grpc-js";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { initFailure, providerDefinition, serve } from "./grpc";

test("a creation that failed in part tells the engine id, state and reason in the details of its status", async () => {
  const create = (_: unknown, callback: (error: object) => void) =>
    callback(initFailure("not ready", "vpc-1", { cidr: "10.0.0.0/16" }, { cidr: "10.0.0.0/16" }));
  const server = await serve({ create }, { create: providerDefinition()["create"]! });
  const client = new Client(`127.0.0.1:${server.port}`, credentials.createInsecure());
  const { path, requestSerialize, responseDeserialize } = providerDefinition()["create"]!;
  const error = await new Promise<ServiceError>((resolve) =>
    client.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      new proto.CreateRequest(),
      (failed) => resolve(failed!),
    ),
  );
  client.close();
  server.close();
  expect(error.details).toBe("not ready");
  const [details] = error.metadata.get("grpc-status-details-bin");
  const [detail] = Status.deserializeBinary(details as Buffer).getDetailsList();
  expect(detail!.getTypeUrl()).toBe("type.googleapis.com/pulumirpc.ErrorResourceInitFailed");
  const failed = proto.ErrorResourceInitFailed.deserializeBinary(detail!.getValue_asU8());
  expect(failed.getId()).toBe("vpc-1");
  expect(failed.getProperties()!.toJavaScript()).toEqual({ cidr: "10.0.0.0/16" });
  expect(failed.getReasonsList()).toEqual(["not ready"]);
});
