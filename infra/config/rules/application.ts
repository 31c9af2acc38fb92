import { storageIntents, type StorageIntent } from "../../../components/storage-intents";
import type { Rule } from "../judge";
import { nearest } from "../spelling";

/** Switches that the application refuses in production, or that would expose its users there. */
export const refuseUnsafeProduction: Rule = ({ draft, refuse }) => {
  if (draft.profile !== "prod") return;
  const safe = { tls: true, secureCookies: true, debug: false, devMode: false } as const;
  const reasons = {
    tls: "in production the site is served by TLS only",
    secureCookies: "in production session cookies travel by TLS only",
    debug: "in production debug output would show personal data",
    devMode: "in production the application's own checks stay on",
  } as const;
  for (const key of Object.keys(safe) as (keyof typeof safe)[]) {
    if (draft.application[key] === safe[key]) continue;
    refuse("CMB-C036", `application.${key}`, reasons[key], { set: safe[key] }, ["profile"]);
  }
};

/** Nobody who administers the application: it would take two strangers from its source. */
export const refuseNoAdministrator: Rule = ({ raw, refuse }) => {
  if (raw.application?.adminEmails?.length !== 0) return;
  const cause = "at least one administrator: without one the application takes two addresses from its source";
  refuse("CMB-C045", "application.adminEmails", cause, {
    at: "application.adminEmails[0]",
    set: "admin@example.org",
  });
};

const tagRule = "a tag has 1 to 128 of letters, digits, _ . - and does not start with . or -";

/** Tags that move, or are none. */
export const refuseMovingTag: Rule = ({ raw, refuse }) => {
  const tag = raw.images?.tag;
  if (tag !== undefined) {
    if (tag === "latest") {
      refuse("CMB-C043", "images.tag", "latest moves: nobody could tell what runs, or go back", {
        set: "1.0.0",
      });
    } else if (!/^\w[\w.-]{0,127}$/.test(tag)) refuse("CMB-C043", "images.tag", tagRule, { set: "1.0.0" });
  }
  for (const key of ["backend", "frontend", "userEnvironment"] as const) {
    const reference = raw.images?.[key];
    if (reference === undefined) continue;
    const cause = whyNoReference(reference);
    if (cause)
      refuse("CMB-C043", `images.${key}`, cause, { set: `registry.example.org/${key.toLowerCase()}:1.0.0` });
  }
};

/** Why a reference does not name one image for good; undefined when it does. */
export function whyNoReference(reference: string): string | undefined {
  const name =
    /^(?:[a-z0-9.-]+(?::\d+)?\/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*((?::\w[\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?)$/;
  const match = name.exec(reference);
  if (!match) return "an image reference is [registry/]name:tag or [registry/]name@sha256:<64 hex digits>";
  const version = match[1]!;
  if (version === "") return "no tag and no digest, which means latest: it moves";
  if (version === ":latest") return "latest moves: nobody could tell what runs, or go back";
  return undefined;
}

/** Some images named and others not: the application cannot start with two of three. */
export const refuseSomeImages: Rule = ({ raw, refuse }) => {
  const images = raw.images;
  if (!images || images.tag !== undefined) return;
  const keys = ["backend", "frontend", "userEnvironment"] as const;
  const missing = keys.filter((key) => images[key] === undefined);
  if (missing.length === 0 || missing.length === 3) return;
  const cause = `not known: ${missing.join(", ")}; name all three, or images.tag for those in the stack's own registry`;
  refuse("CMB-C044", `images.${missing[0]!}`, cause, { at: "images.tag", set: "1.0.0" }, [
    "images.tag",
    ...keys.map((key) => `images.${key}`),
  ]);
};

/** Clouds' own class names and the intent each stands for; undefined: a mount cannot read it. */
const classNames: Readonly<Record<string, StorageIntent | undefined>> = {
  STANDARD: "hot",
  REGIONAL: "hot",
  MULTI_REGIONAL: "hot",
  NEARLINE: "infrequent",
  STANDARD_IA: "infrequent",
  COLDLINE: "cold",
  GLACIER_IR: "cold",
  ARCHIVE: "archive",
  AUTOCLASS: "auto",
  INTELLIGENT_TIERING: "auto",
  GLACIER: undefined,
  DEEP_ARCHIVE: undefined,
  ONEZONE_IA: undefined,
};

/** Classes that are no intent. Those that lose data with a zone, or that need hours to read, are never offered. */
export const refuseStorageClass: Rule = ({ raw, refuse }) => {
  const name = raw.storage?.class;
  if (name === undefined || (storageIntents as readonly string[]).includes(name)) return;
  const upper = name.toUpperCase();
  const intent = classNames[upper];
  const words = storageIntents.join(", ");
  const cause =
    upper === "ONEZONE_IA"
      ? "lost with its one zone: the copies are there to survive that"
      : upper in classNames && intent === undefined
        ? "a mount cannot read it: its objects have to be restored first, which takes minutes to hours"
        : intent
          ? `${name} is one cloud's name; the intent that means it on both is ${intent}`
          : `one of ${words}`;
  refuse("CMB-C035", "storage.class", cause, { set: intent ?? nearest(name, storageIntents) ?? "cold" });
};
