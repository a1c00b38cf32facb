import { describe, expect, test } from 'vitest'
import { isTimeSpan, timeSpanMs } from './time-span.ts'

describe('timeSpanMs()', () => {
  test.each([
    ['00:00:01', 1_000],
    ['01:30:00', 5_400_000],
    ['2.00:00:00', 172_800_000],
    ['00:00:00.25', 250],
  ])('reads %s', (text, ms) => {
    expect(timeSpanMs(text, 'x')).toBe(ms)
  })
  test('refuses 24:00:00, which .NET would read as 24 days', () => {
    expect(() => timeSpanMs('24:00:00', 'functionTimeout')).toThrow(
      /functionTimeout must have hours up to 23.*"24:00:00"/,
    )
  })
  test('refuses text that is no time span, naming field and value', () => {
    expect(() => timeSpanMs('5 min', 'maxWaitTime')).toThrow('maxWaitTime must be a time span')
    expect(isTimeSpan('0 */5 * * * *')).toBe(false)
  })
})
