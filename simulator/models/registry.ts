import type { InvokeModel, ResourceModel } from "./model";

/** Everything that simulated clouds know how to do. */
export interface Registry {
  /** By type token. */
  readonly models: Readonly<Record<string, ResourceModel>>;
  /** By token of the function. */
  readonly invokes: Readonly<Record<string, InvokeModel>>;
}
