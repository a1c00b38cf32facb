/** How a report looks: by the reader's light or dark, on paper without folds. */
export const pageStyle = `
:root { --page: #f5f6f8; --card: #fff; --ink: #1b2230; --quiet: #5d6778; --rule: #e1e5eb;
  --one: #2463c4; --two: #d2691e; --three: #3d8b5f; --on-dark: #fff; }
@media (prefers-color-scheme: dark) { :root { --page: #11151c; --card: #1a2029; --ink: #e6eaf1; --quiet: #9aa5b6;
  --rule: #2c3441; --one: #6ea3f0; --two: #eb9a5a; --three: #71c194; --on-dark: #10151c; } }
* { box-sizing: border-box }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", Roboto, sans-serif }
header, main { max-width: 1180px; margin: 0 auto; padding: 0 20px }
header { padding-top: 32px }
h1 { margin: 0; font-size: 28px; letter-spacing: -.01em }
header p, .about, .note { color: var(--quiet); margin: 0 }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(170px, 1fr)); gap: 14px; margin: 22px 0 }
.tile, .figure { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: 16px 18px }
.tile h2 { margin: 0; font-size: 13px; font-weight: 500; color: var(--quiet) }
.big { margin: 2px 0 0; font-size: 25px; font-weight: 650; font-variant-numeric: tabular-nums; letter-spacing: -.01em }
.note { font-size: 13px }
.figures { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 16px; margin-bottom: 40px; align-items: start }
.wide { grid-column: 1 / -1 }
@media (max-width: 860px) { .figures { grid-template-columns: minmax(0, 1fr) } }
.figure h2 { margin: 0; font-size: 17px }
.about { font-size: 13.5px; margin-bottom: 12px }
.empty { color: var(--quiet); padding: 24px 0; text-align: center }
svg { width: 100%; height: auto; display: block }
svg text { font: 12px system-ui, sans-serif; fill: var(--ink); font-variant-numeric: tabular-nums }
svg .axis { fill: var(--quiet); font-size: 11px }
.grid { stroke: var(--rule) }
.line { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round }
.area { opacity: .13; stroke: none }
.bar { fill: var(--one) }
.cell { fill: color-mix(in srgb, var(--one) var(--share), var(--page)) }
svg .on-dark { fill: var(--on-dark) }
.line.series-1 { stroke: var(--one) } .area.series-1, .dot.series-1 { fill: var(--one) }
.line.series-2 { stroke: var(--two) } .dot.series-2 { fill: var(--two) }
.line.series-3 { stroke: var(--three) } .dot.series-3 { fill: var(--three) }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 16px; margin: 8px 0 0; padding: 0; font-size: 13px }
.legend li::before { content: ""; display: inline-block; width: 14px; height: 3px; margin-right: 6px; vertical-align: middle; background: var(--one) }
.legend .series-2::before { background: var(--two) } .legend .series-3::before { background: var(--three) }
details { margin-top: 12px; border-top: 1px solid var(--rule); padding-top: 8px }
summary { cursor: pointer; color: var(--quiet); font-size: 13px }
.scroll { overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-size: 13px; font-variant-numeric: tabular-nums; margin-top: 6px }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
th, td { text-align: right; padding: 5px 8px; border-bottom: 1px solid var(--rule); white-space: nowrap }
th { font-weight: 600 } thead th { white-space: normal; vertical-align: bottom } tbody th { font-weight: 500 }
th[scope=row], .text { text-align: left }
@media print { :root { --page: #fff; --card: #fff; --ink: #000; --quiet: #444; --rule: #bbb; --on-dark: #fff; --one: #2463c4 }
  body { font-size: 11px } .figure, .tile { break-inside: avoid } summary { display: none }
  details::details-content { display: block; content-visibility: visible; height: auto } }
`
