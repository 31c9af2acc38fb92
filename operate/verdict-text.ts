import type { Loss, Verdict } from "./judge";

const ACTIONS: Readonly<Record<Loss["action"], string>> = {
  deleted: "would be deleted: the program no longer asks for it",
  replaced: "would be deleted and made anew",
  forgotten: "would be forgotten by the state and stay in the cloud, where nobody looks after it",
  gone: "is in the state and no longer in the cloud: an empty one would take its place",
};

/** A verdict as a person reads it, the refused first; empty when nothing is lost. */
export function renderVerdict({ refused, allowed }: Verdict, stack: string): string {
  const parts = [
    ...(refused.length > 0 ? [`refused, nothing was touched: ${counted(refused)} of ${stack}`] : []),
    ...refused.map((loss) => describe(loss, stack)),
    ...(allowed.length > 0 ? [`allowed by --allow: ${counted(allowed)}`] : []),
    ...allowed.map((loss) => describe(loss)),
  ];
  return parts.length === 0 ? "" : `${parts.join("\n")}\n`;
}

function counted(losses: readonly Loss[]): string {
  return losses.length === 1 ? "one loss" : `${losses.length} losses`;
}

function describe(loss: Loss, stack?: string): string {
  const id = loss.id === undefined ? "" : ` "${loss.id}"`;
  const lines = [
    `  ${loss.name}  ${loss.type}${id}`,
    `    ${ACTIONS[loss.action]}`,
    ...loss.because.map(
      ({ property, before, after }) => `    because ${property} changes: ${before} → ${after}`,
    ),
    ...(loss.action === "replaced" && loss.because.length === 0
      ? ["    because what it depends on is made anew"]
      : []),
    `    loses ${loss.holds.holds}`,
    ...(stack === undefined ? [] : onPurpose(loss, stack)),
  ];
  return lines.join("\n");
}

/** The way to do it all the same. Protection is lifted for this one resource, in the state, and not by a profile. */
function onPurpose(loss: Loss, stack: string): string[] {
  const allow = `npm run up -- ${stack} --allow ${loss.name}`;
  if (loss.action === "gone") {
    return [
      "    find out first who deleted it, or whether your log-in sees the right account; bring it back from its copy",
      `    on purpose: ${allow}`,
    ];
  }
  const back = "    not meant: take the change back, see git diff";
  if (!loss.protected) return [back, `    on purpose: ${allow}`];
  return [
    back,
    "    on purpose: copy what is in it, lift its protection, and let it go:",
    `      pulumi state unprotect --yes --stack ${stack} '${loss.urn}'`,
    `      ${allow}`,
  ];
}
