/** A box of the picture before it has a place. */
export interface Box {
  readonly id: string;
  /** Column, from the left. */
  readonly column: number;
  /** Height in pixels. */
  readonly height: number;
}

/** A line between two boxes; it may cross columns, never lead back. */
export interface Link {
  readonly from: string;
  readonly to: string;
}

/** Where a box is: its upper left corner. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** A picture with a place for everything. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly places: ReadonlyMap<string, Place>;
  /** For every link, by its number: the points it passes, both ends included. */
  readonly routes: readonly (readonly Place[])[];
}

/** Pixels. */
export interface Measures {
  readonly boxWidth: number;
  /** Between columns. */
  readonly gap: number;
  /** Between boxes of a column. */
  readonly space: number;
  /** Above all boxes: room for the columns' titles. */
  readonly top: number;
  readonly margin: number;
}

interface Slot {
  readonly id: string;
  readonly column: number;
  readonly height: number;
  y: number;
}

/** Room that a line takes where it passes a column. */
const LANE = 8;

/**
 * Puts boxes into their columns so that few lines cross: a line that passes a column gets a lane in it, the order
 * in a column follows the middle of what a box is linked to (the barycentre method of Sugiyama, Tagawa and Toda,
 * 1981), and each column is moved as near to its neighbours as its order allows. The same input gives the same
 * picture.
 */
export function layOutColumns(boxes: readonly Box[], links: readonly Link[], measures: Measures): Layout {
  const slots = new Map<string, Slot>(boxes.map((box) => [box.id, { ...box, y: 0 }]));
  const chains = links.map((link, i) => chainOf(link, i, slots));
  const columns = columnsOf(slots);
  const neighbours = neighboursOf(chains);
  columns.forEach((column) => stack(column, measures));
  for (let sweep = 0; sweep < 12; sweep++) {
    const order = sweep % 2 === 0 ? columns : columns.toReversed();
    for (const column of order) arrange(column, neighbours, slots, measures);
  }
  const lowest = Math.min(...[...slots.values()].map(({ y }) => y));
  slots.forEach((slot) => (slot.y += measures.top - lowest));
  const x = (column: number) => measures.margin + column * (measures.boxWidth + measures.gap);
  const bottom = Math.max(...[...slots.values()].map(({ y, height }) => y + height));
  return {
    width: x(columns.length - 1) + measures.boxWidth + measures.margin,
    height: bottom + measures.margin,
    places: new Map(boxes.map(({ id, column }) => [id, { x: x(column), y: slots.get(id)!.y }])),
    routes: chains.map((chain) => routeOf(chain, slots, x, measures.boxWidth)),
  };
}

/** The slots a link leads through; lanes in between are made here. */
function chainOf({ from, to }: Link, number: number, slots: Map<string, Slot>): string[] {
  const [start, end] = [slots.get(from)!, slots.get(to)!];
  const lanes = Array.from({ length: Math.max(0, end.column - start.column - 1) }, (_, i) => {
    const id = `${number}/${i}`;
    slots.set(id, { id, column: start.column + 1 + i, height: LANE, y: 0 });
    return id;
  });
  return [from, ...lanes, to];
}

function columnsOf(slots: ReadonlyMap<string, Slot>): Slot[][] {
  const count = Math.max(...[...slots.values()].map(({ column }) => column)) + 1;
  return Array.from({ length: count }, (_, i) => [...slots.values()].filter(({ column }) => column === i));
}

function neighboursOf(chains: readonly (readonly string[])[]): ReadonlyMap<string, string[]> {
  const found = new Map<string, string[]>();
  const add = (a: string, b: string) => found.set(a, [...(found.get(a) ?? []), b]);
  for (const chain of chains) {
    chain.slice(1).forEach((id, i) => {
      add(id, chain[i]!);
      add(chain[i]!, id);
    });
  }
  return found;
}

/** One below the other from the top. */
function stack(column: Slot[], { space }: Measures): void {
  let y = 0;
  for (const slot of column) {
    slot.y = y;
    y += slot.height + space;
  }
}

/** Orders a column by where its neighbours are, and puts each slot there as far as those above leave room. */
function arrange(
  column: Slot[],
  neighbours: ReadonlyMap<string, string[]>,
  slots: ReadonlyMap<string, Slot>,
  measures: Measures,
): void {
  const wish = new Map(
    column.map((slot) => {
      const middles = (neighbours.get(slot.id) ?? []).map((id) => middle(slots.get(id)!));
      const mean = middles.reduce((sum, one) => sum + one, 0) / middles.length;
      return [slot.id, middles.length === 0 ? middle(slot) : mean];
    }),
  );
  column.sort((a, b) => wish.get(a.id)! - wish.get(b.id)! || (a.id < b.id ? -1 : 1));
  let y = -Infinity;
  for (const slot of column) {
    slot.y = Math.max(y, wish.get(slot.id)! - slot.height / 2);
    y = slot.y + slot.height + measures.space;
  }
  // What was pushed down by those above comes back up as a whole, by the mean of what it was pushed.
  const pushed = column.map((slot) => middle(slot) - wish.get(slot.id)!);
  const shift = pushed.reduce((sum, one) => sum + one, 0) / Math.max(1, column.length);
  column.forEach((slot) => (slot.y -= shift));
}

function middle({ y, height }: Slot): number {
  return y + height / 2;
}

function routeOf(
  chain: readonly string[],
  slots: ReadonlyMap<string, Slot>,
  x: (column: number) => number,
  width: number,
): Place[] {
  return chain.flatMap((id, i) => {
    const slot = slots.get(id)!;
    const [left, right] = [x(slot.column), x(slot.column) + width];
    const y = middle(slot);
    if (i === 0) return [{ x: right, y }];
    if (i === chain.length - 1) return [{ x: left, y }];
    return [
      { x: left, y },
      { x: right, y },
    ];
  });
}
