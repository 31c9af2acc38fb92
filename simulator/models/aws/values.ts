import { createHash } from "node:crypto";
import type { Json } from "../../../preview/engine/values";
import { type CloudView, CloudError, type CloudObject, type Properties, type ReferenceNeed } from "../model";

/** What lies at a path (`vpcConfig.subnetIds`, `tags.Name`); numbers step into lists. */
export function at(properties: Properties, path: string): Json | undefined {
  let value: Json | undefined = properties;
  for (const step of path.split(".")) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Array.isArray(value) ? value[Number(step)] : value[step];
  }
  return value;
}

/** A text at a path, or an empty one. Numbers and switches become text, as AWS's own APIs have it. */
export function text(properties: Properties, path: string): string {
  const value = at(properties, path);
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : "";
}

/** A number at a path, texts of digits included; `otherwise` where there is none. */
export function number(properties: Properties, path: string, otherwise = 0): number {
  const value = text(properties, path);
  return value === "" || Number.isNaN(Number(value)) ? otherwise : Number(value);
}

/** True only for a plain true, or the text of one. */
export function flag(properties: Properties, path: string): boolean {
  return text(properties, path) === "true";
}

/** The texts of a list at a path. */
export function texts(properties: Properties, path: string): string[] {
  const value = at(properties, path);
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}

/** The objects of a list at a path. */
export function maps(properties: Properties, path: string): Properties[] {
  const value = at(properties, path);
  return Array.isArray(value) ? value.filter(isMap) : [];
}

/** The object at a path, or an empty one. */
export function map(properties: Properties, path: string): { [key: string]: Json } {
  const value = at(properties, path);
  return isMap(value) ? value : {};
}

function isMap(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Region of a resource: its own input (provider 7), or that of its provider. */
export function regionOf(inputs: Properties, cloud: CloudView): string {
  return text(inputs, "region") || cloud.region;
}

/** An ARN in the own account and the resource's region; services without regions pass an empty one. */
export function arn(cloud: CloudView, service: string, region: string, resource: string): string {
  return `arn:aws:${service}:${region}:${cloud.account}:${resource}`;
}

/** Key of a name that is unique within account and region. */
export function regional(inputs: Properties, cloud: CloudView, name: string): string {
  return `${cloud.account}/${regionOf(inputs, cloud)}:${name}`;
}

/** One need, left out when the input is not there. */
export function need(
  inputs: Properties,
  property: string,
  kind: string,
  error: (address: string) => CloudError,
): ReferenceNeed[] {
  const address = text(inputs, property);
  return address === "" ? [] : [{ property, kind, address, error: error(address) }];
}

/** One need for each text of a list. */
export function needEach(
  inputs: Properties,
  property: string,
  kind: string,
  error: (address: string) => CloudError,
): ReferenceNeed[] {
  return texts(inputs, property).map((address) => ({ property, kind, address, error: error(address) }));
}

/**
 * Holds now, or the operation fails. It goes through `until`, so that what made it hold is noted as needed.
 */
export function required(cloud: CloudView, holds: () => boolean, error: CloudError): Promise<void> {
  return cloud.until(holds, 0, error);
}

/** A UUID out of the cloud's digits. */
export function uuid(cloud: CloudView): string {
  const hex = cloud.hex(32);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** Letters and digits in upper case out of the cloud's digits: ids of IAM and Route 53. */
export function capitals(cloud: CloudView, count: number): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const digits = cloud.hex(count * 2);
  return Array.from(
    { length: count },
    (_, i) => alphabet[parseInt(digits.slice(i * 2, i * 2 + 2), 16) % 32],
  ).join("");
}

/** The same eight digits for the same text: ids that AWS providers compute from inputs. */
export function digest(of: string): string {
  return String(parseInt(createHash("sha1").update(of).digest("hex").slice(0, 8), 16));
}

/** A thing that comes with another, ready to be put. */
export function hidden(
  cloud: CloudView,
  kind: string,
  id: string,
  properties: Record<string, Json>,
  uniqueName?: string,
): CloudObject {
  return {
    kind,
    id,
    place: cloud.place,
    ...(uniqueName !== undefined && { uniqueName }),
    status: "active",
    properties,
    visibleAt: cloud.now(),
    createdAt: cloud.now(),
  };
}

/** `DependencyViolation`, which the provider retries for `seconds`. */
export function dependencyViolation(message: string, seconds: number): CloudError {
  return new CloudError("DependencyViolation", message, seconds);
}
