import { CloudError } from "../model";

/** Size of a machine. */
export interface Machine {
  readonly cpu: number;
  readonly memoryGi: number;
}

/**
 * GiB of memory for each processor, by series and kind. From Google's pages of machine families; ARM series (t2a,
 * c4a, n4a) and those with accelerators are left out, the program refuses them for these pools.
 */
const MEMORY: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  e2: { standard: 4, highmem: 8, highcpu: 1 },
  n1: { standard: 3.75, highmem: 6.5, highcpu: 0.9 },
  n2: { standard: 4, highmem: 8, highcpu: 1 },
  n2d: { standard: 4, highmem: 8, highcpu: 1 },
  n4: { standard: 4, highmem: 8, highcpu: 2 },
  t2d: { standard: 4 },
  c2: { standard: 4 },
  c2d: { standard: 4, highmem: 8, highcpu: 2 },
  c3: { standard: 4, highmem: 8, highcpu: 2 },
  c3d: { standard: 4, highmem: 8, highcpu: 2 },
  c4: { standard: 3.75, highmem: 7.75, highcpu: 2 },
};

/** Machines that share processors: what the scheduler may count on. */
const SHARED: Readonly<Record<string, Machine>> = {
  "e2-micro": { cpu: 2, memoryGi: 1 },
  "e2-small": { cpu: 2, memoryGi: 2 },
  "e2-medium": { cpu: 2, memoryGi: 4 },
};

/** Largest number of processors of a series. */
const MOST: Readonly<Record<string, number>> = { e2: 32, n1: 96, n2: 128, n2d: 224, n4: 80, t2d: 60, c2: 60 };

/**
 * Size of a machine type.
 *
 * @throws CloudError in Compute Engine's words where there is no such type
 */
export function machineType(name: string, zone: string): Machine {
  const shared = SHARED[name];
  if (shared) return shared;
  const [series = "", kind = "", count = ""] = name.split("-");
  const ratio = MEMORY[series]?.[kind];
  const cpu = Number(count);
  const even = Number.isInteger(cpu) && (cpu === 1 || cpu % 2 === 0);
  if (ratio === undefined || !even || cpu < 1 || cpu > (MOST[series] ?? 360))
    throw new CloudError(
      "badRequest",
      `Error 400: Machine type with name "${name}" does not exist in zone "${zone}"., badRequest`,
    );
  return { cpu, memoryGi: cpu * ratio };
}
