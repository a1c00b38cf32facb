import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseSchedule } from '../../local/host/timers/ncrontab.ts'
import { Ncrontab, occurrenceAfter, occurrenceUpTo } from './ncrontab.ts'

const iso = (moment: number | undefined) => moment !== undefined && new Date(moment).toISOString()
const newYear = Date.UTC(2026, 0, 1)

/** A field of numbers from `min` to `max`: a star, a number, a range or a list, with or without a step. */
function field(min: number, max: number): fc.Arbitrary<string> {
  const number = fc.integer({ min, max })
  const range = fc.tuple(number, number).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`)
  const step = fc.integer({ min: 1, max: Math.min(9, max - min) })
  const stepped = fc.tuple(fc.oneof(fc.constant('*'), range, number.map(String)), step).map(([a, b]) => `${a}/${b}`)
  const one = fc.oneof(number.map(String), range)
  return fc.oneof(
    fc.constant('*'),
    one,
    stepped,
    fc.tuple(one, one).map(both => both.join(',')),
  )
}

const expression = fc
  .tuple(
    ...[field(0, 59), field(0, 59), field(0, 23), field(1, 28), field(1, 12)],
    fc.oneof(field(0, 6), fc.constantFrom('mon', 'MON-FRI', 'sun,sat')),
  )
  .map(fields => fields.join(' '))

test('what is taken occurs when a timer of the Functions host would fire', () => {
  fc.assert(
    fc.property(expression, fc.integer({ min: newYear, max: newYear + 365 * 86_400_000 }), (text, moment) => {
      const timer = parseSchedule(text).next(new Date(moment)).getTime()
      expect(Ncrontab.parse(text)).toBe(text)
      expect(occurrenceAfter(text, moment)).toBe(timer)
      expect(occurrenceUpTo(text, timer)).toBe(timer)
      const before = occurrenceUpTo(text, moment)
      expect(before === undefined || before <= moment).toBe(true)
    }),
    { numRuns: 300 },
  )
})

describe('an NCRONTAB', () => {
  test.each([
    ['0 0 */6 * * *', '2026-01-01T06:00:00.000Z', '2026-01-01T00:00:00.000Z'],
    ['0 0 3 * * 0', '2026-01-04T03:00:00.000Z', '2025-12-28T03:00:00.000Z'],
    ['0 0 3 13 * fri', '2026-02-13T03:00:00.000Z', '2025-06-13T03:00:00.000Z'],
    ['5/20 * * * * *', '2026-01-01T00:00:05.000Z', '2025-12-31T23:59:45.000Z'],
    ['0 0 0 29 2 *', '2028-02-29T00:00:00.000Z', '2024-02-29T00:00:00.000Z'],
  ])('%s occurs after new year 2026 at %s, and up to it at %s', (text, next, last) => {
    expect([iso(occurrenceAfter(text, newYear)), iso(occurrenceUpTo(text, newYear))]).toEqual([next, last])
  })

  test.each([
    ['0 3 * * *', 'must be a six-field NCRONTAB like `0 0 */6 * * *`'],
    ['', 'must be a six-field NCRONTAB like `0 0 */6 * * *`'],
    ['@daily', 'must be a six-field NCRONTAB like `0 0 */6 * * *`'],
    ['* * * * * * 2027', 'must be a six-field NCRONTAB like `0 0 */6 * * *`'],
    ['0 0 3 L * *', 'must be NCRONTAB: its field {day} is L'],
    ['0 0 3 ? * *', 'must be NCRONTAB: its field {day} is ?'],
    ['0 0 3 * * 5#2', 'must be NCRONTAB: its field {day of week} is 5#2'],
    // 7 is no day to NCRONTAB, and would be Sunday elsewhere.
    ['0 0 3 * * 7', 'must be NCRONTAB: its field {day of week} is 7'],
    // NCRONTAB would take these three.
    ['0 0 0 1 january *', 'must be NCRONTAB: its field {month} is january'],
    ['0 30-10 * * * *', 'must be NCRONTAB: CronPattern: From value is larger than to value'],
    ['0 */0 * * * *', 'must be NCRONTAB: CronPattern: Syntax error, illegal stepping: 0'],
    ['61 * * * * *', 'must be NCRONTAB: CronPattern: Invalid value for second: 61'],
    ['0 0 0 30 2 *', 'never occurs'],
  ])('%j is refused: it %s', (text, why) => {
    expect(Ncrontab.safeParse(text).error?.issues[0]?.message).toContain(why)
  })
})
