// A point in time is counted in ticks of 100 ns since 1970, as a bigint: today's count is beyond what a double holds exactly.
const TICKS_PER_MS = 10_000n
const MS_DIGITS = 3
const FRACTION_DIGITS = 7
const PATTERN = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,7}))?Z?)?$/

/** Year, month from 1, day, hour, minute, second and fraction in ticks. */
type DateTimeParts = readonly [number, number, number, number, number, number, number]

/** The ticks of a text such as 2020-07-09T23:20:13.4575530Z, which is UTC; undefined for any other. */
export function ticksOf(text: string): bigint | undefined {
  const match = PATTERN.exec(text)
  if (!match) return undefined
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = ''] = match
  const ticks = Number(fraction.padEnd(FRACTION_DIGITS, '0'))
  return ticksFromParts([Number(year), Number(month), Number(day), Number(hour), Number(minute), Number(second), ticks])
}

/** Undefined for parts that are no date, such as the 30th of February. */
export function ticksFromParts(parts: DateTimeParts): bigint | undefined {
  const [year, month, day, hour, minute, second, fraction] = parts
  if (!parts.every(part => Number.isInteger(part) && part >= 0) || year < 1 || year > 9999 || fraction > 9_999_999) {
    return undefined
  }
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  date.setUTCHours(hour, minute, second)
  const ticks = BigInt(date.getTime()) * TICKS_PER_MS + BigInt(fraction)
  const same = partsOf(ticks).every((part, at) => part === parts[at])
  return same ? ticks : undefined
}

export function partsOf(ticks: bigint): DateTimeParts {
  const date = new Date(Number(floorDivide(ticks, TICKS_PER_MS)))
  return [
    date.getUTCFullYear(),
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
    Number(modulo(ticks, 1000n * TICKS_PER_MS)),
  ]
}

/** The text with seven digits behind the second; undefined beyond the years 1 to 9999. */
export function dateTimeText(ticks: bigint): string | undefined {
  const ms = floorDivide(ticks, TICKS_PER_MS)
  const date = new Date(Number(ms))
  const year = date.getUTCFullYear()
  if (!(year >= 1 && year <= 9999)) return undefined
  const rest = String(ticks - ms * TICKS_PER_MS).padStart(FRACTION_DIGITS - MS_DIGITS, '0')
  return `${date.toISOString().slice(0, -1)}${rest}Z`
}

/** The quotient rounded down, also for what lies before 1970. */
export function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b
  return a % b < 0n ? quotient - 1n : quotient
}

function modulo(a: bigint, b: bigint): bigint {
  return a - floorDivide(a, b) * b
}
