import { isTimeSpan, timeSpanMs } from '../settings/time-span.ts'

export interface Schedule {
  /** The first occurrence strictly after the given instant. */
  next(after: Date): Date
  /** Monitored, so that a missed occurrence is caught up after downtime: unless more than one falls into the coming minute. */
  monitoredByDefault: boolean
}

interface Field {
  name: string
  min: number
  max: number
  names?: readonly string[]
}

const daysSearchedMax = 366 * 41
const months = 'january february march april may june july august september october november december'.split(' ')
const weekdays = 'sunday monday tuesday wednesday thursday friday saturday'.split(' ')
const fields: Field[] = [
  { name: 'second', min: 0, max: 59 },
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day', min: 1, max: 31 },
  { name: 'month', min: 1, max: 12, names: months },
  { name: 'day of week', min: 0, max: 6, names: weekdays },
]

/**
 * A timer's schedule: an NCRONTAB expression in UTC with five or six fields, or a TimeSpan, which recurs that long after the
 * last run. Unlike in Unix cron, day and day of week must both match.
 * Source: NCrontab's expression page; Azure Functions, "Timer trigger", NCRONTAB expressions.
 * @throws RangeError naming the field that is wrong
 */
export function parseSchedule(text: string): Schedule {
  if (isTimeSpan(text)) return everyTimeSpan(text)
  const parts = text.trim().split(/\s+/)
  if (parts.length !== 6 && parts.length !== 5) {
    throw new RangeError(
      `schedule must have six fields {second} {minute} {hour} {day} {month} {day of week}, or be a time span hh:mm:ss: current value is "${text}"`,
    )
  }
  const allowed = (parts.length === 5 ? ['0', ...parts] : parts).map((part, index) => {
    const field = fields[index]
    if (field === undefined) throw new RangeError(`schedule has too many fields: current value is "${text}"`)
    return parseField(part, field, text)
  })
  const next = (after: Date) => nextOccurrence(allowed, after, text)
  const now = new Date()
  return { next, monitoredByDefault: next(next(now)).getTime() >= now.getTime() + 60_000 }
}

function everyTimeSpan(text: string): Schedule {
  const intervalMs = timeSpanMs(text, 'schedule')
  if (intervalMs === 0) throw new RangeError(`schedule must be longer than zero: current value is "${text}"`)
  return { next: after => new Date(after.getTime() + intervalMs), monitoredByDefault: intervalMs >= 60_000 }
}

function nextOccurrence(allowed: boolean[][], after: Date, text: string): Date {
  const [seconds = [], minutes = [], hours = [], days = [], allowedMonths = [], daysOfWeek = []] = allowed
  const from = new Date(Math.floor(after.getTime() / 1000) * 1000 + 1000)
  const date = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth(), from.getUTCDate()))
  for (let day = 0; day < daysSearchedMax; day++, date.setUTCDate(date.getUTCDate() + 1)) {
    if (!allowedMonths[date.getUTCMonth() + 1] || !days[date.getUTCDate()] || !daysOfWeek[date.getUTCDay()]) continue
    const fromSecond = day === 0 ? (from.getTime() - date.getTime()) / 1000 : 0
    const second = firstSecondOfDay({ seconds, minutes, hours, fromSecond })
    if (second !== undefined) return new Date(date.getTime() + second * 1000)
  }
  throw new RangeError(`schedule never occurs: current value is "${text}"`)
}

function firstSecondOfDay(day: {
  seconds: boolean[]
  minutes: boolean[]
  hours: boolean[]
  fromSecond: number
}): number | undefined {
  for (let minute = Math.floor(day.fromSecond / 60); minute < 24 * 60; minute++) {
    if (!day.hours[Math.floor(minute / 60)] || !day.minutes[minute % 60]) continue
    for (let second = Math.max(0, day.fromSecond - minute * 60); second < 60; second++) {
      if (day.seconds[second]) return minute * 60 + second
    }
  }
  return undefined
}

/** Ranges may stand in either order, and a step of 0 counts as 1, as in NCrontab. */
function parseField(part: string, field: Field, schedule: string): boolean[] {
  const allowed: boolean[] = new Array(field.max + 1).fill(false)
  for (const item of part.split(',')) {
    const [range = '', step = '1', ...rest] = item.split('/')
    const [from = '', to, ...more] = range.split('-')
    const first = range === '*' ? field.min : value(from, field)
    const openEnd = range === '*' || item.includes('/') ? field.max : first
    const last = to === undefined ? openEnd : value(to, field)
    const valid = rest.length + more.length === 0 && /^\d+$/.test(step)
    if (!valid || Number.isNaN(first + last)) {
      throw new RangeError(
        `schedule field "${field.name}" must be *, numbers ${field.min} to ${field.max}, ranges a-b, steps /n or lists: current value is "${part}" in "${schedule}"`,
      )
    }
    const stepSize = Math.max(1, Number(step))
    for (let index = Math.min(first, last); index <= Math.max(first, last); index += stepSize) allowed[index] = true
  }
  return allowed
}

/** A number in range, or the begin of a name: "mon", "Monday", and "ju" for June as it comes before July. */
function value(text: string, { min, max, names = [] }: Field): number {
  const named = /^[a-z]+$/i.test(text) ? names.findIndex(name => name.startsWith(text.toLowerCase())) : -1
  const number = named >= 0 ? named + min : /^\d+$/.test(text) ? Number(text) : Number.NaN
  return number >= min && number <= max ? number : Number.NaN
}
