import type { Value } from '../../json.ts'
import type { BuiltIn } from './built-in.ts'
import { dateTimeText, floorDivide, partsOf, ticksFromParts, ticksOf } from './date-time.ts'

type Part = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'millisecond' | 'microsecond' | 'nanosecond'

const NAMES: readonly [Part, ...string[]][] = [
  ['year', 'yyyy', 'yy'],
  ['month', 'mm', 'm'],
  ['day', 'dd', 'd'],
  ['hour', 'hh'],
  ['minute', 'mi', 'n'],
  ['second', 'ss', 's'],
  ['millisecond', 'ms'],
  ['microsecond', 'mcs'],
  ['nanosecond', 'ns'],
]
const PARTS = new Map(NAMES.flatMap(names => names.map(name => [name, names[0]] as const)))

const SECOND = 10_000_000n
/** How many ticks of 100 ns a part takes, where that is always the same. */
const LENGTHS: Partial<Record<Part, bigint>> = {
  day: 86_400n * SECOND,
  hour: 3600n * SECOND,
  minute: 60n * SECOND,
  second: SECOND,
  millisecond: 10_000n,
  microsecond: 10n,
}

// A bin cannot begin before the epoch of Windows.
const FIRST_ORIGIN = ticksOf('1601-01-01') ?? 0n

function partNamed(value: Value): Part | undefined {
  return typeof value === 'string' ? PARTS.get(value.toLowerCase()) : undefined
}

function ticks(value: Value): bigint | undefined {
  return typeof value === 'string' ? ticksOf(value) : undefined
}

function isInteger(value: Value): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value)
}

function add(part: Value, amount: Value, dateTime: Value): Value {
  const [name, start] = [partNamed(part), ticks(dateTime)]
  if (name === undefined || start === undefined || !isInteger(amount)) return undefined
  if (name === 'year') return addMonths(start, amount * 12)
  if (name === 'month') return addMonths(start, amount)
  const length = LENGTHS[name]
  return dateTimeText(start + (length === undefined ? BigInt(amount) / 100n : BigInt(amount) * length))
}

// A day beyond the end of the month becomes its last one.
function addMonths(start: bigint, months: number): Value {
  const [year, month, day, ...time] = partsOf(start)
  const count = year * 12 + (month - 1) + months
  const [toYear, toMonth] = [Math.floor(count / 12), (((count % 12) + 12) % 12) + 1]
  for (let last = day; last >= Math.min(day, 28); last--) {
    const found = ticksFromParts([toYear, toMonth, last, ...time])
    if (found !== undefined) return dateTimeText(found)
  }
  return undefined
}

/** How many boundaries of the part lie between the two. */
function difference(part: Value, start: Value, end: Value): Value {
  const [name, from, to] = [partNamed(part), ticks(start), ticks(end)]
  if (name === undefined || from === undefined || to === undefined) return undefined
  const length = LENGTHS[name]
  if (length !== undefined) return Number(floorDivide(to, length) - floorDivide(from, length))
  if (name === 'nanosecond') return Number((to - from) * 100n)
  const [[fromYear, fromMonth], [toYear, toMonth]] = [partsOf(from), partsOf(to)]
  return name === 'year' ? toYear - fromYear : (toYear - fromYear) * 12 + toMonth - fromMonth
}

function component(part: Value, dateTime: Value): Value {
  const [name, at] = [partNamed(part), ticks(dateTime)]
  if (name === undefined || at === undefined) return undefined
  const [year, month, day, hour, minute, second, fraction] = partsOf(at)
  const components: Record<Part, number> = {
    ...{ year, month, day, hour, minute, second },
    millisecond: Math.floor(fraction / 10_000),
    microsecond: Math.floor(fraction / 10),
    nanosecond: fraction * 100,
  }
  return components[name]
}

/** The begin of the bin, counted from the origin, that the point in time falls into. */
function bin(dateTime: Value, part: Value, size: Value = 1, origin: Value = '1970-01-01'): Value {
  const [at, name, from] = [ticks(dateTime), partNamed(part), ticks(origin)]
  if (at === undefined || name === undefined || !isInteger(size) || size <= 0) return undefined
  if (from === undefined || from < FIRST_ORIGIN) return undefined
  const length = name === 'nanosecond' ? BigInt(Math.floor(size / 100)) : (LENGTHS[name] ?? 0n) * BigInt(size)
  return length === 0n ? undefined : dateTimeText(from + floorDivide(at - from, length) * length)
}

function fromParts(...parts: Value[]): Value {
  if (!parts.every(part => typeof part === 'number')) return undefined
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, fraction = 0] = parts
  const found = ticksFromParts([year, month, day, hour, minute, second, fraction])
  return found === undefined ? undefined : dateTimeText(found)
}

const one = (apply: (value: Value) => Value): BuiltIn => ({ least: 1, most: 1, call: apply })
const nowTicks = (): bigint => BigInt(Date.now()) * 10_000n
const now = (value: () => Value): BuiltIn => ({ least: 0, most: 0, call: value })
// The same for all items of a query, where the others are taken anew for each.
const still = (value: () => Value): BuiltIn => ({ least: 0, most: 0, call: value, oncePerQuery: true })
const currentDateTime = (): Value => dateTimeText(nowTicks())
const currentTicks = (): Value => Number(nowTicks())

export const DATE_FUNCTIONS: Record<string, BuiltIn> = {
  DATETIMEADD: { least: 3, most: 3, call: add },
  DATETIMEBIN: { least: 2, most: 4, call: bin },
  DATETIMEDIFF: { least: 3, most: 3, call: difference },
  DATETIMEFROMPARTS: { least: 3, most: 7, call: fromParts },
  DATETIMEPART: { least: 2, most: 2, call: component },
  DATETIMETOTICKS: one(value => {
    const at = ticks(value)
    return at === undefined ? undefined : Number(at)
  }),
  DATETIMETOTIMESTAMP: one(value => {
    const at = ticks(value)
    return at === undefined ? undefined : Number(floorDivide(at, 10_000n))
  }),
  GETCURRENTDATETIME: now(currentDateTime),
  GETCURRENTDATETIMESTATIC: still(currentDateTime),
  GETCURRENTTICKS: now(currentTicks),
  GETCURRENTTICKSSTATIC: still(currentTicks),
  GETCURRENTTIMESTAMP: now(Date.now),
  GETCURRENTTIMESTAMPSTATIC: still(Date.now),
  TICKSTODATETIME: one(value =>
    typeof value === 'number' && Number.isInteger(value) ? dateTimeText(BigInt(value)) : undefined,
  ),
  TIMESTAMPTODATETIME: one(value => (isInteger(value) ? dateTimeText(BigInt(value) * 10_000n) : undefined)),
}
