import { createHash } from "node:crypto";
import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Secret, UNKNOWN, type ValueMap } from "../../preview/engine/values";
import { type Callback, failure, unimplemented } from "./grpc";
import { bare, toPlain } from "./properties";
import { commonMethods, diffResponse, mapOf, structOf } from "./provider-service";

/** Version of @pulumi/random whose behaviour this is. */
const VERSION = "4.21.2";

interface Made {
  readonly id: string;
  readonly outputs: ValueMap;
}

/** What a type makes of its inputs and of bytes without end. */
type Maker = (inputs: Readonly<Record<string, unknown>>, bytes: (count: number) => Buffer) => Made;

const CLASSES = {
  lower: "abcdefghijklmnopqrstuvwxyz",
  upper: "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
  numeric: "0123456789",
  special: "!@#$%&*()-_=+[]{}<>:?",
} as const;

/** Types of @pulumi/random, without those that nothing here uses. */
const MAKERS: Readonly<Record<string, Maker>> = {
  "random:index/randomPassword:RandomPassword": (inputs, bytes) => ({
    id: "none",
    outputs: { result: new Secret(password(inputs, bytes)), bcryptHash: new Secret(UNSUPPORTED) },
  }),
  "random:index/randomString:RandomString": (inputs, bytes) => {
    const result = password(inputs, bytes);
    return { id: result, outputs: { result } };
  },
  "random:index/randomId:RandomId": (inputs, bytes) => {
    const drawn = bytes(Number(inputs["byteLength"] ?? 8));
    const prefix = typeof inputs["prefix"] === "string" ? inputs["prefix"] : "";
    const [b64Std, b64Url, hex] = (["base64", "base64url", "hex"] as const).map((form) =>
      drawn.toString(form),
    );
    const dec = BigInt(`0x${hex}`).toString();
    return {
      id: b64Url!,
      outputs: { b64Std: prefix + b64Std, b64Url: prefix + b64Url, hex: prefix + hex, dec: prefix + dec },
    };
  },
  "random:index/randomBytes:RandomBytes": (inputs, bytes) => {
    const drawn = bytes(Number(inputs["length"]));
    return {
      id: "none",
      outputs: { base64: new Secret(drawn.toString("base64")), hex: new Secret(drawn.toString("hex")) },
    };
  },
};

/** Nothing here computes a bcrypt hash, and nothing in the program reads one. */
const UNSUPPORTED = "a simulated password has no bcrypt hash";

/**
 * The random provider, drawing from a seed: the same URN in the same simulation gets the same value, and another
 * one when it is replaced. Every input replaces (terraform-provider-random: RequiresReplace throughout).
 *
 * @param draw deterministic and different at every call for a URN
 */
export function randomService(
  draw: (urn: string) => string,
  touch: () => void,
): UntypedServiceImplementation {
  const unary =
    <Req, Res>(answer: (request: Req) => Res) =>
    (call: { request: Req }, callback: Callback<Res>): void => {
      touch();
      try {
        callback(null, answer(call.request));
      } catch (error) {
        callback(failure((error as Error).message));
      }
    };
  return {
    ...commonMethods("random", VERSION),
    configure: unary(() => new proto.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true)),
    check: unary((request: proto.CheckRequest) => {
      maker(request.getUrn());
      return new proto.CheckResponse().setInputs(request.getNews());
    }),
    diff: unary((request: proto.DiffRequest) => {
      const [before, after] = [mapOf(request.getOldInputs()), mapOf(request.getNews())];
      const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
      const changed = keys.filter(
        (key) => JSON.stringify(bare(before[key])) !== JSON.stringify(bare(after[key])),
      );
      return diffResponse(
        changed.map((path) => ({ path, kind: "update", replaces: true })),
        false,
      );
    }),
    create: unary((request: proto.CreateRequest) => {
      const inputs = mapOf(request.getProperties());
      const { id, outputs } = maker(request.getUrn())(
        toPlain(inputs).properties,
        bytesOf(draw(request.getUrn())),
      );
      if (!request.getPreview())
        return new proto.CreateResponse().setId(id).setProperties(structOf({ ...inputs, ...outputs }));
      const unknown = Object.fromEntries(Object.keys(outputs).map((key) => [key, UNKNOWN]));
      return new proto.CreateResponse().setProperties(structOf({ ...inputs, ...unknown }));
    }),
    // The value is nowhere but in the state.
    read: unary((request: proto.ReadRequest) =>
      new proto.ReadResponse()
        .setId(request.getId())
        .setProperties(request.getProperties())
        .setInputs(request.getInputs()),
    ),
    update: unary((): never => {
      throw new Error("a random value cannot change in place");
    }),
    delete: unary(() => new Empty()),
    invoke: (_: unknown, callback: Callback<never>) => callback(unimplemented("Invoke")),
    call: (_: unknown, callback: Callback<never>) => callback(unimplemented("Call")),
    construct: (_: unknown, callback: Callback<never>) => callback(unimplemented("Construct")),
  };
}

function maker(urn: string): Maker {
  const type = urn.split("::")[2]!.split("$").at(-1)!;
  const found = MAKERS[type];
  if (!found) throw new Error(`the simulator has no model of ${type}`);
  return found;
}

function password(inputs: Readonly<Record<string, unknown>>, bytes: (count: number) => Buffer): string {
  const alphabet = Object.entries(CLASSES)
    .filter(([name]) => inputs[name] !== false)
    .map(([name, letters]) =>
      name === "special" && typeof inputs["overrideSpecial"] === "string"
        ? inputs["overrideSpecial"]
        : letters,
    );
  const least = ["minLower", "minUpper", "minNumeric", "minSpecial"].filter((name) => inputs[name]);
  if (least.length > 0) throw new Error(`the simulator has no model of ${least.join(", ")} of a random text`);
  const letters = alphabet.join("");
  return [...bytes(Number(inputs["length"]))].map((byte) => letters[byte % letters.length]).join("");
}

function bytesOf(seed: string): (count: number) => Buffer {
  return (count) => {
    const blocks = Array.from({ length: Math.ceil(count / 32) }, (_, block) =>
      createHash("sha256").update(`${seed}/${block}`).digest(),
    );
    return Buffer.concat(blocks).subarray(0, count);
  };
}
