import { markup, type Raw, raw } from "./escape";
import { layOutColumns, type Measures, type Place } from "./layout";
import { columns, type Connection, type Thing, type Topology } from "./topology";

const MEASURES: Measures = { boxWidth: 196, gap: 56, space: 14, top: 44, margin: 12 };
const HEIGHT = { one: 34, two: 46 };

/** Characters that fit into a box. */
const ROOM = { label: 24, detail: 32 };

/**
 * The picture as SVG. Boxes can be reached by keyboard; the one that is focused or pointed at makes its lines
 * stand out. Every line is told as a sentence below, for those who cannot see it.
 */
export function picture(topology: Topology, title: string, prefix: string): Raw {
  const { things, connections } = topology;
  const used = columns
    .map((column) => ({ ...column, things: things.filter(({ kind }) => column.kinds.includes(kind)) }))
    .filter((column) => column.things.length > 0);
  const boxes = used.flatMap((column, i) =>
    column.things.map(({ id, detail }) => ({
      id,
      column: i,
      height: detail === "" ? HEIGHT.one : HEIGHT.two,
    })),
  );
  const drawn = connections.filter(({ from, to }) => columnOf(boxes, from) < columnOf(boxes, to));
  const layout = layOutColumns(boxes, drawn, MEASURES);
  const numberOf = new Map(things.map(({ id }, i) => [id, `${prefix}-${i}`]));
  const lines = drawn.map((connection, i) =>
    line(connection, layout.routes[i]!, numberOf.get(connection.from)!, numberOf.get(connection.to)!, prefix),
  );
  const titles = used.map(({ title: text }, i) => {
    const x = MEASURES.margin + i * (MEASURES.boxWidth + MEASURES.gap);
    return markup`<text class="column" x="${x}" y="22">${text}</text>`;
  });
  const shapes = things
    .filter(({ id }) => layout.places.has(id))
    .map((thing) =>
      box(thing, layout.places.get(thing.id)!, numberOf.get(thing.id)!, sentencesOf(thing, topology)),
    );
  return markup`<figure class="picture">
      <div class="scroll" tabindex="0" role="group" aria-label="${title}">
        <svg
          viewBox="0 0 ${round(layout.width)} ${round(layout.height)}"
          width="${round(layout.width)}"
          role="group"
          aria-label="${title}"
        >
          <defs>
            <marker
              id="${prefix}-tip"
              viewBox="0 0 8 8"
              refX="7"
              refY="4"
              markerWidth="11"
              markerHeight="11"
              markerUnits="userSpaceOnUse" orient="auto-start-reverse"
            >
              <path d="M0 0 8 4 0 8z" />
            </marker>
          </defs>
          ${titles}
          <g class="lines">${lines}</g>
          <g class="boxes">${shapes}</g>
        </svg>
      </div>
      <figcaption>${legend}</figcaption>
    </figure>
    <details class="words">
      <summary>The ${connections.length} lines in words</summary>
      <ul>
        ${connections.map((one) => markup`<li>${sentence(one, topology)}</li>`)}
      </ul>
    </details>`;
}

const legend = raw(
  '<span class="key in">way in</span> <span class="key out">way out</span> <span class="key holds">belongs to</span> <span class="key grant">right</span>',
);

function columnOf(boxes: readonly { id: string; column: number }[], id: string): number {
  return boxes.find((box) => box.id === id)?.column ?? -1;
}

function line({ way }: Connection, route: readonly Place[], from: string, to: string, prefix: string): Raw {
  const [first, ...rest] = route;
  let path = `M${round(first!.x)} ${round(first!.y)}`;
  let last = first!;
  for (const point of rest) {
    const half = (point.x - last.x) / 2;
    path +=
      point.y === last.y
        ? `H${round(point.x)}`
        : `C${round(last.x + half)} ${round(last.y)} ${round(point.x - half)} ${round(point.y)} ${round(point.x)} ${round(point.y)}`;
    last = point;
  }
  return markup`<path class="line ${way}" d="${path}" ${raw(tip(way, prefix))} data-from="${from}" data-to="${to}" />`;
}

/** Where a line ends in an arrow: a way out is gone towards its beginning, and what belongs has no direction. */
function tip(way: Connection["way"], prefix: string): string {
  if (way === "holds") return "";
  return `marker-${way === "out" ? "start" : "end"}="url(#${prefix}-tip)"`;
}

function box({ kind, label, detail }: Thing, { x, y }: Place, id: string, words: string): Raw {
  const height = detail === "" ? HEIGHT.one : HEIGHT.two;
  const below =
    detail === ""
      ? raw("")
      : markup`<text class="detail" x="10" y="35">${clipped(detail, ROOM.detail)}</text>`;
  return markup`<g
    class="box ${kind.replace(" ", "-")}"
    id="${id}"
    tabindex="0"
    role="img"
    aria-label="${words}"
    transform="translate(${round(x)} ${round(y)})"
  >
    <title>${words}</title><rect width="${MEASURES.boxWidth}" height="${height}" rx="6" />
    <text x="10" y="${detail === "" ? 21 : 20}">${clipped(label, ROOM.label)}</text>${below}</g
  > `;
}

function sentencesOf({ id, kind, label, detail }: Thing, topology: Topology): string {
  const own = topology.connections.filter(({ from, to }) => from === id || to === id);
  const about = `${label}${detail === "" ? "" : `, ${detail}`} (${kind})`;
  return [about, ...own.map((one) => sentence(one, topology))].join(". ");
}

/** `cert-manager may write DNS records: the DNS zone` */
function sentence({ from, to, means, way }: Connection, { things }: Topology): string {
  const name = (id: string) => things.find((thing) => thing.id === id)!.label;
  return way === "grant" ? `${name(from)} ${means}: ${name(to)}` : `${name(from)} ${means} ${name(to)}`;
}

/** The end of a name tells it apart as well as its beginning: the middle goes. */
function clipped(text: string, room: number): string {
  if (text.length <= room) return text;
  const head = Math.ceil((room - 1) * 0.6);
  return `${text.slice(0, head)}…${text.slice(text.length - (room - 1 - head))}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
