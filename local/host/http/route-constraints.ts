export type Accepts = (value: string) => boolean

const int64Max = 2n ** 63n - 1n

/** .NET's integers: a sign and blanks around are allowed. */
function int64(value: string): bigint | undefined {
  const text = value.trim()
  if (!/^[+-]?\d{1,19}$/.test(text)) return undefined
  const number = BigInt(text.replace('+', ''))
  return number <= int64Max && number >= -int64Max - 1n ? number : undefined
}
const within = (value: string, min: bigint, max: bigint) => {
  const number = int64(value)
  return number !== undefined && number >= min && number <= max
}
const decimal = /^\s*[+-]?(\d[\d,]*\.?\d*|\.\d+)\s*$/
const float = /^\s*[+-]?(\d[\d,]*\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i
const dashed = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'
const guid = new RegExp(`^\\s*([0-9a-f]{32}|${dashed}|\\{${dashed}\\}|\\(${dashed}\\))\\s*$`, 'i')

/** Constraints that take no argument. */
const plain: Readonly<Record<string, Accepts>> = {
  int: value => within(value, -(2n ** 31n), 2n ** 31n - 1n),
  long: value => int64(value) !== undefined,
  bool: value => /^\s*(true|false)\s*$/i.test(value),
  datetime: isDateTime,
  decimal: value => decimal.test(value),
  double: value => float.test(value),
  float: value => float.test(value),
  guid: value => guid.test(value),
  alpha: value => /^[a-z]*$/i.test(value),
  required: value => value !== '',
  file: value => /\.[^./]+$/.test(value),
  nonfile: value => !/\.[^./]+$/.test(value),
}

/** Constraints of whole numbers. */
const numeric: Readonly<Record<string, (numbers: bigint[]) => Accepts | undefined>> = {
  min: ([min, more]) => (min === undefined || more !== undefined ? undefined : value => within(value, min, int64Max)),
  max: ([max, more]) =>
    max === undefined || more !== undefined ? undefined : value => within(value, -int64Max - 1n, max),
  range: ([min, max]) => (min === undefined || max === undefined ? undefined : value => within(value, min, max)),
  minlength: ([min, more]) => (min === undefined || more !== undefined ? undefined : value => value.length >= min),
  maxlength: ([max, more]) => (max === undefined || more !== undefined ? undefined : value => value.length <= max),
  length: ([min, max = min]) =>
    min === undefined || max === undefined ? undefined : value => value.length >= min && value.length <= max,
}

/**
 * An inline constraint of ASP.NET, such as int, length(2,8) or regex(^a).
 * @throws Error saying what is wrong with it
 */
export function routeConstraint(text: string): Accepts {
  const [, name = '', argument] = /^([^()]*)(?:\(([\s\S]*)\))?$/.exec(text) ?? []
  const key = name.toLowerCase()
  const accepts = Object.hasOwn(plain, key) && argument === undefined ? plain[key] : undefined
  if (accepts !== undefined) return accepts
  if (key === 'regex' && argument !== undefined) return regexConstraint(argument)
  if (Object.hasOwn(numeric, key) && argument !== undefined) {
    const parts = argument.split(',').map(part => int64(part))
    const made = parts.includes(undefined) ? undefined : numeric[key]?.(parts as bigint[])
    if (made !== undefined) return made
  }
  const known = [...Object.keys(plain), ...Object.keys(numeric), 'regex'].join(', ')
  throw new Error(`holds the constraint "${text}": known are ${known}, with the arguments of ASP.NET`)
}

function regexConstraint(source: string): Accepts {
  const pattern = new RegExp(source, 'i')
  return value => pattern.test(value)
}

const time = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,7})?)?(?: ?([AP]M))?(?: ?(?:Z|[+-]\d{2}:\d{2}))?$/i

/** Dates in numbers with or without a time of day; .NET reads names of months as well, which this host does not. */
function isDateTime(value: string): boolean {
  const [, date = '', clock] = /^\s*([^\sT]+)(?:[ T]+(.+?))?\s*$/i.exec(value) ?? []
  const [, y1, m1, d1] = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})$/.exec(date) ?? []
  const [, m2, d2, y2] = /^(\d{1,2})[-/](\d{1,2})[-/](\d{4})$/.exec(date) ?? []
  const [year, month, day] = [Number(y1 ?? y2), Number(m1 ?? m2), Number(d1 ?? d2)]
  if (Number.isNaN(year) || year < 1 || month < 1 || month > 12) return false
  if (day < 1 || day > new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate()) return false
  return clock === undefined || isClock(clock)
}

function isClock(text: string): boolean {
  const match = time.exec(text)
  if (match === null) return false
  const [, hour, minute, second = '0', half] = match
  return Number(hour) <= (half === undefined ? 23 : 12) && Number(minute) <= 59 && Number(second) <= 59
}
