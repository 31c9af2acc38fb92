/**
 * Use of a month that nobody can know beforehand. The figures are those of a small, quiet stack; every line that
 * rests on one prints it, and {@link Totals} keeps them apart from what is owed in any case.
 */
export interface Assumptions {
  /** GB in each bucket of the plan that holds data. */
  readonly dataGb: number;
  /** GB in each bucket of the plan that takes another bucket's access logs. */
  readonly accessLogGb: number;
  /** GB of images in all repositories together. */
  readonly imagesGb: number;
  /** GB the control plane and the pods write into their log store. */
  readonly logsGb: number;
  /** GB the network's flow logs come to. */
  readonly flowLogsGb: number;
  /** GB sent to the internet. */
  readonly outGb: number;
  /** GB through NAT, both ways together. */
  readonly natGb: number;
  /** People who sign in within the month. */
  readonly people: number;
}

/** What is assumed where nothing else is said. */
export const defaultAssumptions: Assumptions = {
  dataGb: 20,
  accessLogGb: 1,
  imagesGb: 5,
  logsGb: 3,
  flowLogsGb: 1,
  outGb: 10,
  natGb: 20,
  people: 50,
};

/** As the clouds' own examples: data and images, and no use beyond them. */
export const storageOnly: Assumptions = {
  ...defaultAssumptions,
  accessLogGb: 0,
  logsGb: 0,
  flowLogsGb: 0,
  outGb: 0,
  natGb: 0,
  people: 0,
};
