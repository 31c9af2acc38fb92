import type { RecordedResource } from "../../preview/engine";
import { textAt } from "../../preview/report/query";
import { type Book, regionOf } from "../book";
import { HOURS } from "../model";
import { nodeHours } from "../pools";
import { priceBootDisks } from "./disks";

/**
 * Single machines, of which this program has one at most: the way out of small stacks. What goes through it costs
 * nothing besides what is sent to the internet. Its address is a resource of its own.
 */
export function priceInstances(of: readonly RecordedResource[], book: Book): void {
  for (const instance of of) {
    const template = (instance.propertyDependencies["launchTemplate"] ?? []).map((urn) =>
      book.plan.byUrn(urn),
    )[0];
    const type =
      textAt(instance, "instanceType") ?? (template && textAt(template, "instanceType")) ?? "not known";
    const region = regionOf(book.plan, instance);
    const owner = { group: "way out", share: "platform" } as const;
    book.add({
      ...owner,
      what: `machine ${type}`,
      of: [instance],
      cloud: "aws",
      region,
      key: `ec2.${type}`,
      quantity: HOURS,
      basis: nodeHours(1),
    });
    priceBootDisks({ of: [instance], region, template, owner, min: 1, max: 1 }, book);
  }
}
