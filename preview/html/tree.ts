import type { ResourceReport, StackReport } from "../report/document";
import { markup, type Raw, raw } from "./escape";

/** Every resource under its component: native disclosures, which a keyboard and a screen reader know. */
export function treeSection(report: StackReport, id: string): Raw {
  const children = new Map<string | undefined, ResourceReport[]>();
  for (const resource of report.resources) {
    children.set(resource.parent, [...(children.get(resource.parent) ?? []), resource]);
  }
  const node = (resource: ResourceReport): Raw => {
    const own = children.get(resource.urn) ?? [];
    const words = `${resource.type} ${resource.name}`.toLowerCase();
    const opened = resource.parent === undefined ? raw(" open") : raw("");
    return markup`<details data-words="${words}" ${opened}>
      <summary>
        ${head(resource)}${own.length > 0 ? markup` <span class="quiet">(${own.length})</span>` : raw("")}
      </summary>
      ${facts(resource)}${own.map(node)}
    </details> `;
  };
  return markup`<p class="filter" hidden>
      <label>Filter by type or name <input type="search" data-tree="${id}" /></label>
    </p>
    <div class="tree" id="${id}">${(children.get(undefined) ?? []).map(node)}</div>`;
}

function head({ type, name, protect, retainOnDelete }: ResourceReport): Raw {
  const marks = [protect && "protected", retainOnDelete && "retained"].filter((mark) => mark !== false);
  return markup`<code>${shortType(type)}</code>
    ${name}${marks.map((mark) => markup`<span class="mark">${mark}</span>`)}`;
}

/** `aws:ec2/natGateway:NatGateway` is `aws NatGateway`. */
function shortType(type: string): string {
  const [pkg, , name] = type.split(":");
  return /^(cmb|pulumi):/.test(type) ? type : `${pkg} ${name}`;
}

/** Widest value that is told; longer ones are documents, which the JSON form holds whole. */
const WIDEST = 300;

function facts({ inputs, custom }: ResourceReport): Raw {
  const told = Object.entries(inputs).filter(([, value]) => JSON.stringify(value) !== '"[unknown]"');
  if (told.length === 0)
    return custom ? markup`<p class="quiet">no input that is known before up</p>` : raw("");
  return raw(
    told
      .map(([key, value]) => {
        const text = typeof value === "string" ? value : JSON.stringify(value);
        const short = text.length > WIDEST ? `${text.slice(0, WIDEST)}…` : text;
        return markup`<p><span class="quiet">${key}</span> <code>${short}</code></p>`.text;
      })
      .join(""),
  );
}
