import type { BucketFacts } from "./cmb-cluster";

/**
 * What a workload may do, in verbs on neutral objects. Each cloud turns a grant into the least permissions
 * that carry it; `docs/architecture.md` lists them side by side.
 *
 * @requirement W3
 */
export type Grant =
  /**
   * Write the database's copies to a bucket under new names and read them back; never overwrite or delete one, nor a
   * version of one.
   */
  | { readonly verb: "replicate-database"; readonly bucket: BucketFacts }
  /** Read the database's copies and nothing else: what a restore drill needs. */
  | { readonly verb: "read-database"; readonly bucket: BucketFacts }
  /**
   * Create and manage the buckets the application makes for its users, known by their name patterns
   * (`naming.ts`), grant them to the mounting identity, and list buckets. No other bucket.
   */
  | { readonly verb: "manage-user-buckets" }
  /**
   * Be the identity that mounts user buckets. It has no right of its own on any bucket: the application
   * grants it each bucket when it makes it.
   */
  | { readonly verb: "mount-user-buckets" }
  /** Write and remove the TXT records of DNS-01 challenges in the stack's own zone. */
  | { readonly verb: "answer-dns-challenge" }
  /** Sign a user out everywhere in the Cognito pool. Only when switched on: today's application never does. */
  | { readonly verb: "sign-out-users" };

/** The verbs of {@link Grant}. */
export type GrantVerb = Grant["verb"];
