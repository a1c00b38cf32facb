import { Cron } from 'croner'
import { z } from 'zod'

const fieldNames = ['second', 'minute', 'hour', 'day', 'month', 'day of week']
/** Numbers everywhere, names of three letters in month and day of week; no `?`, `L`, `W`, `#`, which NCRONTAB does not have. */
const written = [
  ...[/^[\d*,/-]+$/, /^[\d*,/-]+$/, /^[\d*,/-]+$/, /^[\d*,/-]+$/],
  /^(?:[\d*,/-]|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)+$/i,
  /^(?:[0-6*,/-]|sun|mon|tue|wed|thu|fri|sat)+$/i,
]

/**
 * Six fields {second} {minute} {hour} {day} {month} {day of week}, in UTC. All that is taken means what it means to a timer
 * of Azure Functions; ranges that run backwards, names that are written out and steps of 0, which NCRONTAB takes, are refused.
 */
export const Ncrontab = z
  .string({ error: 'must be a six-field NCRONTAB like `0 0 */6 * * *`' })
  .trim()
  .superRefine((text, context) => {
    const why = refusal(text)
    if (why !== undefined) context.addIssue({ code: 'custom', message: why, input: text })
  })

function refusal(text: string): string | undefined {
  const parts = text.split(/\s+/)
  if (parts.length !== fieldNames.length) return 'must be a six-field NCRONTAB like `0 0 */6 * * *`'
  const wrong = parts.findIndex((part, index) => !written[index]?.test(part))
  if (wrong >= 0) return `must be NCRONTAB: its field {${fieldNames[wrong]}} is ${parts[wrong]}`
  try {
    return cron(text).nextRun() === null ? 'never occurs' : undefined
  } catch (cause) {
    return `must be NCRONTAB: ${cause instanceof Error ? cause.message : cause}`
  }
}

/** Day and day of week must both match, and `5/15` begins at 5, as in NCRONTAB. */
function cron(text: string): Cron {
  return new Cron(text, { mode: '6-part', timezone: 'UTC', domAndDow: true, sloppyRanges: true, paused: true })
}

/** When an NCRONTAB occurs first after a moment. @throws RangeError for one that never does */
export function occurrenceAfter(text: string, moment: number): number {
  const next = cron(text).nextRun(new Date(moment))
  if (!next) throw new RangeError(`Cannot tell when ${text} occurs next: it never does`)
  return next.getTime()
}

/** When an NCRONTAB occurred last, up to a moment and that included; undefined when it never did. */
export function occurrenceUpTo(text: string, moment: number): number | undefined {
  // Occurrences are whole seconds, and the moment itself would be left out.
  const [last] = cron(text).previousRuns(1, new Date(Math.floor(moment / 1000) * 1000 + 1000))
  return last?.getTime()
}
