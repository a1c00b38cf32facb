/** What a figure is: how it is written. */
export type Unit = 'count' | 'money' | 'percent' | 'decimal' | 'text' | 'bytes' | 'seconds'

const absent = '–'

/** A value as people read it; short where a chart has little room. */
export function told(value: unknown, unit: Unit, { short = false } = {}): string {
  if (value === null || value === undefined || value === '') return absent
  if (unit === 'text') return dated(String(value))
  const number = Number(value)
  if (!Number.isFinite(number)) return absent
  switch (unit) {
    case 'percent':
      return `${number.toLocaleString('en', { maximumFractionDigits: Math.abs(number) < 0.1 ? 1 : 0, style: 'percent' })}`
    case 'bytes':
      return `${(number / 1e6).toLocaleString('en', { maximumFractionDigits: 2 })} MB`
    case 'seconds':
      return duration(number)
    case 'decimal':
      return number.toLocaleString('en', { maximumSignificantDigits: 3 })
    case 'count':
    case 'money':
      return short ? compact(number) : number.toLocaleString('en', { maximumFractionDigits: moneyDigits(number, unit) })
  }
}

const moneyDigits = (number: number, unit: Unit): number => (unit === 'money' && Math.abs(number) < 1_000 ? 2 : 0)
const compact = (number: number): string =>
  number.toLocaleString('en', { notation: 'compact', maximumSignificantDigits: 3 })

/** Times of the lake are ISO 8601 in UTC: seconds are enough for people. */
const dated = (text: string): string =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) ? `${text.slice(0, 10)} ${text.slice(11, 16)}` : text

function duration(seconds: number): string {
  const units = [
    ['days', 86_400],
    ['hours', 3_600],
    ['minutes', 60],
  ] as const
  const found = units.find(([, length]) => Math.abs(seconds) >= 2 * length)
  return found ? `${Math.round(seconds / found[1])} ${found[0]}` : `${Math.round(seconds)} seconds`
}
