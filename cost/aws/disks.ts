import type { RecordedResource } from "../../preview/engine";
import { blocksAt, numberAt, textAt } from "../../preview/report/query";
import type { Book } from "../book";
import type { CostGroup } from "../model";

/** Base of a gp3 volume that is free: more is billed (AWS price list, EBS). */
const FREE_IOPS = 3000;
const FREE_MIBPS = 125;

/** Machines alike, as far as their disks go. */
export interface Machines {
  readonly of: readonly RecordedResource[];
  readonly region: string | undefined;
  /** The launch template that tells the disks. */
  readonly template: RecordedResource | undefined;
  readonly owner: { readonly group: CostGroup; readonly share: "platform" | "users" };
  readonly min: number;
  readonly max: number;
}

/** Boot disks of machines. Returns what those of one machine cost a month, as far as known. */
export function priceBootDisks({ of, region, template, owner, min, max }: Machines, book: Book): number {
  const disks = template ? blocksAt(template, "blockDeviceMappings") : [];
  if (disks.length === 0) {
    const name = of[0]!.name;
    book.cannotPrice("boot disks", `the disk of ${name}: no launch template tells it`, of, owner.share);
    return 0;
  }
  let each = 0;
  for (const disk of disks) {
    const kind = textAt(disk, "ebs.volumeType") ?? "not known";
    const parts = [
      { key: `ebs.${kind}.gb`, what: "GB", units: numberAt(disk, "ebs.volumeSize") ?? 0 },
      { key: `ebs.${kind}.iops`, what: "IOPS above 3,000", units: above(disk, "ebs.iops", FREE_IOPS) },
      {
        key: `ebs.${kind}.throughput`,
        what: "MiB/s above 125",
        units: above(disk, "ebs.throughput", FREE_MIBPS),
      },
    ].filter(({ units }) => units > 0);
    for (const { key, what, units } of parts) {
      const price = book.add({
        ...owner,
        what: `boot disks ${kind}, ${what}`,
        of,
        cloud: "aws",
        region,
        key,
        quantity: min * units,
        most: max * units,
        basis: `${min} × ${units}`,
      });
      each += (price?.amount ?? 0) * units;
    }
  }
  return each;
}

function above(disk: Parameters<typeof numberAt>[0], path: string, base: number): number {
  return Math.max(0, (numberAt(disk, path) ?? 0) - base);
}
