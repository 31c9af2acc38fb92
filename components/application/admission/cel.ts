import { USER_BUCKET_PREFIXES } from "../../naming";
import { backendUser, USER_ACCOUNT } from "./facts";

/** A plain value as it is written in CEL; JSON's strings, numbers, lists and maps are CEL's too. */
export function literal(value: unknown): string {
  return JSON.stringify(value);
}

/** Each of some plain values as an expression, by name. */
export function literals(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, literal(value)]));
}

/**
 * A map of expressions. CEL in Kubernetes wants all values of a map to be of one type, which the fields of an object
 * never are: each is made one of no type.
 */
export function object(fields: Readonly<Record<string, string>>): string {
  const entries = Object.entries(fields).map(([name, expression]) => `${literal(name)}: dyn(${expression})`);
  return `dyn({${entries.join(", ")}})`;
}

/** One check of a policy: what must hold, and what the requester is told where it does not. */
export interface Check {
  readonly expression: string;
  readonly message: string;
}

/** A name for an expression, used as `variables.<name>`. */
export interface Variable {
  readonly name: string;
  readonly expression: string;
}

/** Which requests a policy is about. */
export function matched(namespace: string, rules: readonly Rule[]) {
  return {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
    resourceRules: rules.map(({ group = "", version = "v1", resources, operations = ["CREATE"] }) => ({
      apiGroups: [group],
      apiVersions: [version],
      operations: [...operations],
      resources: [...resources],
    })),
  };
}

/** Kinds and verbs. */
export interface Rule {
  readonly group?: string;
  readonly version?: string;
  readonly resources: readonly string[];
  readonly operations?: readonly ("CREATE" | "UPDATE" | "DELETE")[];
}

/** Only what the backend asks for. */
export function askedByBackend(namespace: string) {
  return {
    name: "asked-by-the-backend",
    expression: `request.userInfo.username == ${literal(backendUser(namespace))}`,
  };
}

/** What the backend asks for, and any pod under the account of user pods, whoever asks for it. */
export function ofAnEnvironment(namespace: string) {
  return {
    name: "of-an-environment",
    expression:
      `request.userInfo.username == ${literal(backendUser(namespace))}` +
      ` || object.spec.?serviceAccountName.orValue("") == ${literal(USER_ACCOUNT)}`,
  };
}

/**
 * Pattern of the names that the application makes for buckets: constellation, term, 8 hexadecimal digits of the
 * owner's hash, 10 digits of a time. A name that a request brought along (`custom_name`) has another shape.
 */
export const bucketPattern = `^(${USER_BUCKET_PREFIXES.join("|")})-[a-z]+-[0-9a-f]{8}-[0-9]{10}$`;

/** The owner's hash in a bucket's name that matches {@link bucketPattern}, by an expression for the name. */
export function hashIn(bucket: string): string {
  return `${bucket}.split("-")[2]`;
}

/** A reference that begins with one of the allowed ones, at a border: `ghcr.io` does not allow `ghcr.io.example.org`. */
export function imageAllowed(image: string, allowed: readonly string[]): string {
  const starts = allowed.flatMap((entry) => {
    // A colon after a registry's name begins a port, after anything else a tag.
    const borders = entry.includes("/") ? ["/", ":", "@"] : ["/"];
    return borders.map((border) => `${entry}${border}`);
  });
  return `${literal(starts)}.exists(start, ${image}.startsWith(start))`;
}
