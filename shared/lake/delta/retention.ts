import type { Metadata } from './actions.ts'

const dayMs = 86_400_000
const defaults = {
  /** How long a file that is part of the table no longer is kept for readers and time travel. */
  'delta.deletedFileRetentionDuration': 7 * dayMs,
  /** How long commits are kept that a checkpoint makes superfluous. */
  'delta.logRetentionDuration': 30 * dayMs,
} as const

const unitMs: Readonly<Record<string, number>> = {
  week: 7 * dayMs,
  day: dayMs,
  hour: 3_600_000,
  minute: 60_000,
  second: 1_000,
  millisecond: 1,
}

/**
 * A table's own retention in milliseconds, as its properties have it: `interval 2 weeks`; Delta's default without one.
 * @throws RangeError when it cannot be read as such
 */
export function retentionMs(
  { configuration }: Pick<Metadata, 'configuration'>,
  property: keyof typeof defaults,
): number {
  const text = configuration?.[property]
  if (text === undefined || text === null) return defaults[property]
  const [, count, unit = ''] = /^(?:interval\s+)?(\d+)\s+([a-z]+?)s?$/i.exec(text.trim()) ?? []
  const ms = Number(count) * (unitMs[unit.toLowerCase()] ?? Number.NaN)
  if (Number.isFinite(ms)) return ms
  throw new RangeError(`Cannot tell how long ${property} is: current value is ${text}`)
}
