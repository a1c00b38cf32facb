import { type Drawing, type Figure, numberOf } from './figure.ts'
import { escaped } from './html.ts'
import { told } from './units.ts'

const rowHeight = 28
const barHeight = 18
const letterWidth = 8
const labelMax = 26
const valueWidth = 62

/** A bar a row, labelled by the first column, as long as the first series; what is below 0 goes to the left. */
export function barChart({ columns, series, rows, wide = false }: Figure): Drawing {
  const width = wide ? 1080 : 520
  const [along] = columns
  const measure = columns.find(({ name }) => name === series[0])
  const labels = rows.map(row => shortened(told(row[along?.name ?? ''], along?.unit ?? 'text')))
  const values = rows.map(row => numberOf(row[measure?.name ?? '']))
  const left = Math.max(40, ...labels.map(text => text.length * letterWidth)) + 18
  const [top, bottom] = [
    Math.max(0, ...values.map(value => value ?? 0)),
    Math.min(0, ...values.map(value => value ?? 0)),
  ]
  const scale = (width - left - valueWidth) / (top - bottom || 1)
  const bars = rows.map((_, index) => {
    const y = index * rowHeight + (rowHeight - barHeight) / 2
    const value = values[index] ?? 0
    const start = left + (Math.min(0, value) - bottom) * scale
    const length = Math.abs(value) * scale
    const text = told(values[index], measure?.unit ?? 'count', { short: true })
    return (
      `<text class="label" x="${left - 10}" y="${y + 13}" text-anchor="end">${escaped(labels[index] ?? '')}</text>` +
      `<rect class="bar" x="${start.toFixed(1)}" y="${y}" width="${Math.max(1, length).toFixed(1)}" height="${barHeight}" rx="2"/>` +
      `<text class="value" x="${(start + length + 6).toFixed(1)}" y="${y + 13}">${text}</text>`
    )
  })
  return { width, height: Math.max(1, rows.length) * rowHeight, body: bars.join('') }
}

const shortened = (text: string): string => (text.length > labelMax ? `${text.slice(0, labelMax - 1)}…` : text)
