import type { RecordedResource } from "../preview/engine";
import type { Book } from "./book";

/** Writes what all resources of one type cost into the bill. */
export type PriceRule = (of: readonly RecordedResource[], book: Book) => void;

/**
 * What each resource type costs. Every type of a plan is in exactly one of the three lists: a test goes over all
 * shipped stacks, profiles and ways to sign in.
 *
 * @requirement O11
 */
export interface Rules {
  /** Costs by being there; may also cost by use. */
  readonly priced: Readonly<Record<string, PriceRule>>;
  /** Costs by use only; the assumption is printed with the line. */
  readonly usage: Readonly<Record<string, PriceRule>>;
  /** Costs nothing, and why. */
  readonly free: Readonly<Record<string, string>>;
}
