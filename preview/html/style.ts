/** The page's only style: no font, image or sheet is fetched. Colours hold a contrast of 4.5 to 1 on both grounds. */
export const style = `
:root { color-scheme: light dark; --ground: #fff; --raised: #f4f6f8; --text: #1b2733; --quiet: #56636f; --rule: #d4dbe1;
  --accent: #0b5cad; --in: #b3420b; --out: #6a737c; --holds: #2f6f4f; --grant: #6b3fa0; --bad: #b00020; --good: #1e6b3a; }
@media (prefers-color-scheme: dark) { :root { --ground: #12181e; --raised: #1c252e; --text: #e4eaf0; --quiet: #9aa8b5; --rule: #33404c;
  --accent: #7cb8ff; --in: #ff9d66; --out: #a3adb8; --holds: #7ccfa0; --grant: #c4a1f5; --bad: #ff8a9b; --good: #84d6a2; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 15px/1.5 system-ui, "DejaVu Sans", sans-serif; }
header, main, footer { padding: 0 24px; max-width: 1500px; margin: 0 auto; }
body.two header, body.two main, body.two footer { max-width: 2600px; }
header { padding-top: 20px; }
h1 { font-size: 1.5rem; margin: 0 0 4px; }
h2 { font-size: 1.25rem; margin: 28px 0 4px; }
h3 { font-size: 1rem; margin: 28px 0 8px; }
p { margin: 0 0 8px; }
.quiet, figcaption { color: var(--quiet); }
a { color: var(--accent); }
.skip { position: absolute; left: -9999px; }
.skip:focus { left: 12px; top: 8px; background: var(--ground); padding: 6px 10px; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
.stacks { display: grid; gap: 32px; grid-template-columns: minmax(0, 1fr); }
@media (min-width: 1700px) { body.two .stacks { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); } }
.stack { min-width: 0; }
.table { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 0.93rem; }
th, td { text-align: left; vertical-align: top; padding: 5px 12px 5px 0; border-bottom: 1px solid var(--rule); overflow-wrap: anywhere; }
th { font-weight: 600; color: var(--quiet); white-space: nowrap; }
@media (min-width: 700px) { td:first-child { min-width: 9em; } }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.bad { color: var(--bad); } .good { color: var(--good); }
code, pre { font: 0.88rem ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; white-space: pre-wrap; }
pre { background: var(--raised); padding: 10px; border-radius: 6px; }
.picture { margin: 0; }
.scroll { overflow-x: auto; border: 1px solid var(--rule); border-radius: 8px; background: var(--raised); }
svg { display: block; height: auto; min-width: 1000px; max-width: 100%; margin: 0 auto; }
svg text { fill: var(--text); font: 12.5px system-ui, "DejaVu Sans", sans-serif; }
svg .detail { fill: var(--quiet); font-size: 10.5px; }
svg .column { font-weight: 600; fill: var(--quiet); }
.box rect { fill: var(--ground); stroke: var(--quiet); }
.box.internet rect, .box.way-in rect { stroke: var(--in); stroke-width: 2; }
.box.way-out rect { stroke: var(--out); stroke-dasharray: 5 3; }
.box.identity rect { stroke: var(--grant); }
.box.data rect { stroke: var(--grant); stroke-dasharray: 2 2; }
.box.pool rect, .box.cluster rect, .box.subnet rect { stroke: var(--holds); }
.box:focus { outline: none; } .box:focus rect { stroke-width: 4; }
.line { fill: none; stroke-width: 1.6; opacity: 0.75; }
.line.in { stroke: var(--in); }
.line.out { stroke: var(--out); stroke-dasharray: 5 3; }
.line.holds { stroke: var(--holds); stroke-dasharray: 1.5 3; }
.line.grant { stroke: var(--grant); }
marker path { fill: context-stroke; }
svg.chosen .line { opacity: 0.12; } svg.chosen .line.own { opacity: 1; stroke-width: 3; }
svg.chosen .box { opacity: 0.35; } svg.chosen .box.own { opacity: 1; }
.key { margin-right: 18px; } .key::before { content: ""; display: inline-block; width: 26px; margin-right: 6px; vertical-align: middle; border-top: 3px solid; }
.key.in::before { color: var(--in); } .key.out::before { color: var(--out); border-top-style: dashed; }
.key.holds::before { color: var(--holds); border-top-style: dotted; } .key.grant::before { color: var(--grant); }
details { margin: 4px 0; } summary { cursor: pointer; padding: 2px 4px; }
.tree details { margin-left: 18px; } .tree > details { margin-left: 0; }
.tree p { margin: 2px 0 2px 36px; overflow-wrap: anywhere; }
.mark { font-size: 0.8rem; border: 1px solid; border-radius: 4px; padding: 0 5px; margin-left: 6px; color: var(--good); }
label { display: inline-block; margin-bottom: 6px; }
input { font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--quiet); border-radius: 4px; padding: 3px 8px; margin-left: 6px; }
[hidden] { display: none !important; }
@media print { body { font-size: 10pt; } .skip, nav, .filter { display: none; } .stacks { display: block; } .stack { break-before: page; } .stack:first-child { break-before: auto; }
  .scroll { overflow: visible; border: none; } svg { min-width: 0; width: 100%; } table, tr, figure { break-inside: avoid; } h3 { break-after: avoid; }
  :root { --ground: #fff; --raised: #fff; --text: #000; --quiet: #444; --rule: #bbb; --accent: #000; --in: #b3420b; --out: #6a737c; --holds: #2f6f4f; --grant: #6b3fa0; } }
@media (prefers-reduced-motion: no-preference) { .line, .box { transition: opacity 0.12s; } }
`;
