import { shownLabels, ticks } from './chart-scale.ts'
import { type Drawing, type Figure, numberOf } from './figure.ts'
import { escaped } from './html.ts'
import { told, type Unit } from './units.ts'

const height = 260
const plot = { left: 60, right: 16, top: 12, bottom: 30 }
const dotsMax = 40
const labelWidth = 70

/** Series over the first column: the first as an area while it has no gaps, the others as lines. */
export function lineChart({ columns, series, rows, wide = false }: Figure): Drawing {
  const width = wide ? 1080 : 520
  const drawn = columns.filter(({ name }) => series.includes(name))
  const axis = ticks(drawn.flatMap(({ name }) => rows.flatMap(row => numberOf(row[name]) ?? [])))
  const [bottom = 0, top = 1] = [axis[0], axis.at(-1)]
  const steps = Math.max(1, rows.length - 1)
  const x = (index: number) => plot.left + (width - plot.left - plot.right) * (rows.length === 1 ? 0.5 : index / steps)
  const y = (value: number) => plot.top + ((height - plot.top - plot.bottom) * (top - value)) / (top - bottom)
  const lines = drawn.map(({ name }, index) => {
    const points = rows.map((row, place): Point => {
      const value = numberOf(row[name])
      return value === undefined ? undefined : { x: x(place), y: y(value) }
    })
    return seriesPath(points, {
      className: `series-${index + 1}`,
      floor: index === 0 ? y(Math.max(0, bottom)) : undefined,
    })
  })
  const grid = axis.map(tick =>
    gridLine(y(tick), { width, text: told(tick, drawn[0]?.unit ?? 'count', { short: true }) }),
  )
  const [along] = columns
  const labels = shownLabels(rows.length, wide ? 12 : 6).map(index =>
    label(x(index), { value: rows[index]?.[along?.name ?? ''], unit: along?.unit ?? 'text', width }),
  )
  return { width, height, body: [...grid, ...labels, ...lines].join('') }
}

type Point = { x: number; y: number } | undefined

function seriesPath(points: readonly Point[], of: { className: string; floor: number | undefined }): string {
  const { className, floor } = of
  const line = points
    .map((point, index) => (point ? `${points[index - 1] ? 'L' : 'M'}${at(point.x)},${at(point.y)}` : ''))
    .join('')
  const [first, last] = [points[0], points.at(-1)]
  const isArea = floor !== undefined && first && last && points.length > 1 && !points.includes(undefined)
  const area = isArea
    ? `<path class="area ${className}" d="${line}L${at(last.x)},${at(floor)}L${at(first.x)},${at(floor)}Z"/>`
    : ''
  const dots = points.map(point =>
    point && points.length <= dotsMax
      ? `<circle class="dot ${className}" cx="${at(point.x)}" cy="${at(point.y)}" r="2.5"/>`
      : '',
  )
  return `${area}<path class="line ${className}" d="${line}"/>${dots.join('')}`
}

const gridLine = (y: number, { width, text }: { width: number; text: string }): string =>
  `<line class="grid" x1="${plot.left}" x2="${width - plot.right}" y1="${at(y)}" y2="${at(y)}"/>` +
  `<text class="axis" x="${plot.left - 8}" y="${at(y + 4)}" text-anchor="end">${text}</text>`

/** The outermost labels stay inside the picture. */
function label(x: number, { value, unit, width }: { value: unknown; unit: Unit; width: number }): string {
  const isLast = x > width - labelWidth / 2
  const [place, anchor] = isLast ? [width - 2, 'end'] : [x, 'middle']
  return `<text class="axis" x="${at(place)}" y="${height - 8}" text-anchor="${anchor}">${escaped(told(value, unit))}</text>`
}

const at = (place: number): string => place.toFixed(1)
