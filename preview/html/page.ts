import { createHash } from "node:crypto";
import { comparisonOf } from "../compare";
import { type Aspect, aspectTitles } from "../compare/subjects";
import type { StackReport } from "../report/document";
import { markup, type Raw, raw } from "./escape";
import { picture } from "./picture";
import { script } from "./script";
import { cost, data, exposure, facts, findings, grants, table } from "./sections";
import { style } from "./style";
import { topologyOf } from "./topology";
import { treeSection } from "./tree";

const CLOUDS = { aws: "AWS", gcp: "Google Cloud" } as const;

/**
 * One page that tells all of one stack, or of several beside each other. It holds everything it needs: a browser
 * is told to fetch nothing and to run no script but the page's own.
 */
export function page(reports: readonly StackReport[]): string {
  const policy = `default-src 'none'; style-src ${hashOf(style)}; script-src ${hashOf(script)}; base-uri 'none'; form-action 'none'`;
  const title = `Preview of ${reports.map(({ stack }) => stack).join(" and ")}`;
  const comparison = sideBySide(reports);
  return markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${raw(policy)}" />
        <title>${title}</title>
        <style>${raw(style)}</style>
      </head>
      <body class="${reports.length > 1 ? "two" : "one"}">
        <a class="skip" href="#main">Skip to the content</a>
        <header>
          <h1>${title}</h1>
          <p class="quiet">Planned offline: nothing was created, and no cloud was asked.</p>
          <nav aria-label="Stacks">
            ${reports.map(({ stack }, i) => markup`<a href="#stack-${i}">${stack}</a> `)}${comparison ? markup`<a href="#compare">what differs</a>` : raw("")}
          </nav>
        </header>
        <main id="main" tabindex="-1">
          <div class="stacks">${reports.map(stackSection)}</div>
          ${comparison ?? raw("")}
        </main>
        <footer><p class="quiet">No preview shows that a cloud accepts what is planned.</p></footer>
        <script>${raw(script)}</script>
      </body>
    </html> `.text;
}

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

function stackSection(report: StackReport, i: number): Raw {
  const { stack, cloud, region, profile, exit, error } = report;
  const place = [cloud && CLOUDS[cloud], region, profile && `profile ${profile}`].filter(Boolean).join(" · ");
  const refused =
    exit === "ok"
      ? raw("")
      : markup`<p class="bad"><strong>${exit}</strong></p>
          <pre>${error ?? ""}</pre>`;
  const head = markup`<h2>${stack}</h2>
    <p class="quiet">${place}</p>
    ${refused}`;
  const body = exit === "ok" ? planned(report, i) : raw("");
  return markup`<section class="stack" id="stack-${i}" aria-label="${stack}">
    ${head}${body}
    <h3>Findings</h3>
    ${findings(report)}
  </section> `;
}

function planned(report: StackReport, i: number): Raw {
  return markup`${facts(report)}
    <h3>Who reaches what</h3>
    ${picture(topologyOf(report), `Topology of ${report.stack}`, `t${i}`)}
    <h3>Ways in</h3>
    ${exposure(report)}
    <h3>Rights</h3>
    ${grants(report)}
    <h3>Data</h3>
    ${data(report)}
    <h3>Cost</h3>
    <details class="print" open>
      <summary>The bill</summary>
      ${cost(report)}
    </details>
    <h3>Resources</h3>
    ${treeSection(report, `tree-${i}`)}`;
}

/** Where there is one plan on each cloud: what a user notices, and why. */
function sideBySide(reports: readonly StackReport[]): Raw | undefined {
  const on = (cloud: "aws" | "gcp") => reports.filter((one) => one.cloud === cloud && one.exit === "ok");
  const [[aws, ...more], [gcp, ...others]] = [on("aws"), on("gcp")];
  if (!aws || !gcp || more.length + others.length > 0) return undefined;
  const { felt } = comparisonOf(aws, gcp);
  const parts = (Object.entries(aspectTitles) as [Aspect, string][]).map(([aspect, title]) => {
    const rows = felt
      .filter((row) => row.aspect === aspect)
      .map(({ subject, aws: a, gcp: g, why }) => [subject, many(a), many(g), why ?? "not explained"]);
    return markup`<h3>${title}${aspect === "cost" ? ", US$" : ""}</h3>
      ${table(["", CLOUDS.aws, CLOUDS.gcp, "why they differ"], rows)}`;
  });
  return markup`<section id="compare" aria-label="What differs">
    <h2>What differs</h2>
    ${parts}
  </section>`;
}

function many(items: readonly string[]): Raw {
  if (items.length === 0) return markup`<span class="quiet">none</span>`;
  return raw(items.map((item) => markup`<div>${item}</div>`.text).join(""));
}
