import { barChart } from './bar-chart.ts'
import type { Drawing, Figure, Report, Tile } from './figure.ts'
import { gridChart } from './grid-chart.ts'
import { escaped } from './html.ts'
import { lineChart } from './line-chart.ts'
import { pageStyle } from './page-style.ts'
import { told } from './units.ts'

/** Longer tables are folded, on screens; on paper every table is open. */
const openRowsMax = 8

/** A report as one HTML file that needs no other. */
export function page({ title, subtitle, tiles, figures }: Report): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<style>${pageStyle}</style>
</head>
<body>
<header><h1>${escaped(title)}</h1><p>${escaped(subtitle)}</p></header>
<main>
<section class="tiles" aria-label="At a glance">${tiles.map(tileOf).join('')}</section>
<div class="figures">
${figures.map(figureOf).join('\n')}
</div>
</main>
</body>
</html>
`
}

const tileOf = ({ title, value, note }: Tile): string =>
  `<div class="tile"><h2>${escaped(title)}</h2><p class="big">${escaped(value)}</p>${note === undefined ? '' : `<p class="note">${escaped(note)}</p>`}</div>`

function figureOf(figure: Figure, index: number): string {
  const { title, about, rows, wide, chart } = figure
  const inside =
    rows.length === 0
      ? '<p class="empty">There is nothing to show yet.</p>'
      : `${chart === 'table' ? '' : svg(figure, index)}${legend(figure)}${tableOf(figure)}`
  return `<section class="figure${wide ? ' wide' : ''}"><h2>${escaped(title)}</h2><p class="about">${escaped(about)}</p>${inside}</section>`
}

function svg(figure: Figure, index: number): string {
  const { width, height, body } = drawingOf(figure)
  const [title, desc] = [`figure-${index}-title`, `figure-${index}-desc`]
  return (
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${title} ${desc}">` +
    `<title id="${title}">${escaped(figure.title)}</title><desc id="${desc}">${escaped(figure.about)} The table below has the figures.</desc>${body}</svg>`
  )
}

function drawingOf(figure: Figure): Drawing {
  switch (figure.chart) {
    case 'lines':
      return lineChart(figure)
    case 'bars':
      return barChart(figure)
    case 'grid':
      return gridChart(figure)
    case 'table':
      return { width: 0, height: 0, body: '' }
  }
}

/** Lines are told apart where there is more than one. */
function legend({ chart, columns, series }: Figure): string {
  if (chart !== 'lines' || series.length < 2) return ''
  const entries = columns
    .filter(({ name }) => series.includes(name))
    .map(({ title }, index) => `<li class="series-${index + 1}">${escaped(title)}</li>`)
  return `<ul class="legend">${entries.join('')}</ul>`
}

function tableOf({ title, chart, columns, rows }: Figure): string {
  const cells = rows.map(row => {
    const [first, ...others] = columns.map(({ name, unit }) => ({ text: escaped(told(row[name], unit)), unit }))
    const rest = others.map(({ text, unit }) => `<td${unit === 'text' ? ' class="text"' : ''}>${text}</td>`)
    return `<tr><th scope="row">${first?.text ?? ''}</th>${rest.join('')}</tr>`
  })
  const head = columns.map(
    ({ title: name, unit }, index) =>
      `<th scope="col"${unit === 'text' || index === 0 ? ' class="text"' : ''}>${escaped(name)}</th>`,
  )
  return (
    `<details${chart === 'table' || rows.length <= openRowsMax ? ' open' : ''}><summary>Figures (${rows.length})</summary><div class="scroll">` +
    `<table><caption>${escaped(title)}</caption><thead><tr>${head.join('')}</tr></thead><tbody>${cells.join('')}</tbody></table></div></details>`
  )
}
