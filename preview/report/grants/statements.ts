import { distinct } from "../words";

/** A statement of an IAM policy, lists made uniform. */
export interface Statement {
  readonly effect: "allow" | "deny";
  readonly actions: string[];
  readonly resources: string[];
  readonly condition?: string;
  /** Whom a policy that stands at a thing names, as `AWS arn`; empty in a policy of an identity. */
  readonly principals: string[];
}

/** Reads a policy; undefined stands for one that is known only after up. */
export function parsePolicy(document: string | undefined): Statement[] {
  if (document === undefined) {
    return [{ effect: "allow", actions: ["[unknown]"], resources: ["[unknown]"], principals: [] }];
  }
  const { Statement: statements } = JSON.parse(document) as {
    Statement: Record<string, unknown> | Record<string, unknown>[];
  };
  return [statements].flat().map((one) => ({
    effect: one["Effect"] === "Deny" ? "deny" : "allow",
    actions: texts(one["Action"] ?? one["NotAction"]).map((action) =>
      one["NotAction"] ? `not ${action}` : action,
    ),
    resources: texts(one["Resource"] ?? one["NotResource"]).map((arn) =>
      one["NotResource"] ? `not ${arn}` : arn,
    ),
    principals: one["NotPrincipal"]
      ? principalsIn(one["NotPrincipal"]).map((who) => `not ${who}`)
      : principalsIn(one["Principal"]),
    ...(one["Condition"] ? { condition: JSON.stringify(one["Condition"]) } : {}),
  }));
}

function texts(value: unknown): string[] {
  return [value].flat().filter((item) => typeof item === "string");
}

/** `*` and `{ AWS: "*" }` are the same (IAM User Guide, "AWS JSON policy elements: Principal"). */
function principalsIn(principal: unknown): string[] {
  if (typeof principal === "string") return [principal];
  if (typeof principal !== "object" || principal === null) return [];
  return distinct(Object.values(principal).flatMap(texts));
}
