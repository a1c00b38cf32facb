import type { SqlRow } from '../../shared/ports.ts'
import { type Drawing, type Figure, numberOf } from './figure.ts'
import { escaped } from './html.ts'
import { told } from './units.ts'

const cell = { width: 88, height: 42 }
const plot = { left: 72, bottom: 44 }

/** A cell for each pair of the first two columns, in the order they come, shaded by the first series. */
export function gridChart({ columns, series, rows }: Figure): Drawing {
  const [down, across] = columns
  const measure = columns.find(({ name }) => name === series[0])
  const [rowNames, columnNames] = [down, across].map(column => [
    ...new Set(rows.map(row => String(row[column?.name ?? '']))),
  ])
  const top = Math.max(1, ...rows.map(row => numberOf(row[measure?.name ?? '']) ?? 0))
  const height = (rowNames?.length ?? 0) * cell.height
  const cells = rows.map((row: SqlRow) => {
    const x = plot.left + (columnNames?.indexOf(String(row[across?.name ?? ''])) ?? 0) * cell.width
    const y = (rowNames?.indexOf(String(row[down?.name ?? ''])) ?? 0) * cell.height
    const share = (numberOf(row[measure?.name ?? '']) ?? 0) / top
    return (
      `<rect class="cell" x="${x + 1}" y="${y + 1}" width="${cell.width - 2}" height="${cell.height - 2}" rx="3" style="--share: ${(100 * Math.sqrt(share)).toFixed(0)}%"/>` +
      `<text class="${share > 0.4 ? 'on-dark' : 'on-light'}" x="${x + cell.width / 2}" y="${y + cell.height / 2 + 4}" text-anchor="middle">${told(row[measure?.name ?? ''], measure?.unit ?? 'count', { short: true })}</text>`
    )
  })
  const names = [
    ...(rowNames ?? []).map((name, index) => axisText(name, { x: plot.left - 12, y: (index + 0.5) * cell.height + 4 })),
    ...(columnNames ?? []).map((name, index) =>
      axisText(name, { x: plot.left + (index + 0.5) * cell.width + 4, y: height + 18 }),
    ),
    axisText(`${across?.title ?? ''} →`, { x: plot.left + (columnNames?.length ?? 0) * cell.width, y: height + 38 }),
    axisText(`${down?.title ?? ''} ↑`, { x: plot.left - 12, y: height + 18 }),
  ]
  const width = plot.left + (columnNames?.length ?? 0) * cell.width + 8
  return { width, height: height + plot.bottom, body: [...cells, ...names].join('') }
}

const axisText = (text: string, { x, y }: { x: number; y: number }): string =>
  `<text class="axis" x="${x}" y="${y}" text-anchor="end">${escaped(text)}</text>`
