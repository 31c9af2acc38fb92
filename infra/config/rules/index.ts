import type { Rule } from "../judge";
import * as application from "./application";
import * as budget from "./budget";
import * as names from "./names";
import * as nodes from "./nodes";
import * as places from "./places";
import * as ranges from "./ranges";
import * as signIn from "./sign-in";
import * as sleep from "./sleep";

/** Every rule across fields; each is named for what it refuses. */
export const rules: readonly Rule[] = [
  names,
  places,
  ranges,
  nodes,
  signIn,
  application,
  budget,
  sleep,
].flatMap((module) =>
  Object.entries(module)
    .filter(([name]) => name.startsWith("refuse"))
    .map(([, rule]) => rule as Rule),
);
