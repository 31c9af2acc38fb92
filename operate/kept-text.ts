import { dollars } from "../cost/money";
import type { KeptInState, KeptThing, UpkeepPrice } from "./keeping";
import type { Outside } from "./outside";

/** A list of kept things as a person reads it: what goes on costing money first. */
export function renderKept(things: readonly KeptThing[], state: KeptInState, outside: Outside): string {
  const lines = [
    ...(things.length === 0 ? ["nothing is kept"] : [heading(things)]),
    ...things.flatMap(describe),
    ...(state.settings > 0
      ? [`  and ${state.settings} settings which keep these whole: versions, policies, encryption`]
      : []),
    ...(state.dragged.length > 0
      ? [`  stays because something kept was made from it: ${state.dragged.join(", ")}`]
      : []),
    ...outside.unanswered.map((question) => `  not known: ${question}`),
  ];
  return `${lines.join("\n")}\n`;
}

function heading(things: readonly KeptThing[]): string {
  const monthly = things.reduce((sum, { price }) => sum + (price?.monthly ?? 0), 0);
  const byContent = things.some(({ price }) => price && price.monthly === undefined);
  const rest = byContent ? ", and what is in the buckets by the GB" : "";
  return `kept on purpose: ${things.length}, for ${dollars(monthly)} US$ a month at list prices${rest}`;
}

function describe({ holds, name, type, where, price, note }: KeptThing): string[] {
  const place = where === "state" ? "" : ", in the cloud only";
  return [
    `  ${priced(price).padEnd(22)}${name}  (${holds}; ${type.split(":").at(-1)}${place})`,
    ...(note === undefined ? [] : [`  ${" ".repeat(22)}${note}`]),
  ];
}

function priced(price: UpkeepPrice | undefined): string {
  if (!price) return "no cost of its own";
  if (price.monthly !== undefined) return `${dollars(price.monthly)} US$ a month`;
  return `${price.amount} US$ a ${price.unit}`;
}
