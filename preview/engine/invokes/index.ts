import type { ValueMap } from "../values";
import { getPartition } from "./aws-get-partition";

/** Answers a provider's function from its arguments alone. */
export type InvokeModel = (args: ValueMap) => ValueMap;

/**
 * Functions of providers whose answer is known offline, by token. Anything else is refused by name: an
 * invented answer would make the preview lie.
 */
export const invokeModels: Readonly<Record<string, InvokeModel>> = {
  "aws:index/getPartition:getPartition": getPartition,
};
