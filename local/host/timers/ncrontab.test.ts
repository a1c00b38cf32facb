import { describe, expect, test } from 'vitest'
import { parseSchedule } from './ncrontab.ts'

const next = (schedule: string, after: string) => parseSchedule(schedule).next(new Date(after)).toISOString()

describe('parseSchedule()', () => {
  test.each([
    ['0 */5 * * * *', '2026-03-01T10:02:30Z', '2026-03-01T10:05:00.000Z'],
    ['0 */5 * * * *', '2026-03-01T10:05:00Z', '2026-03-01T10:10:00.000Z'],
    ['0 0 * * * *', '2026-12-31T23:59:59.999Z', '2027-01-01T00:00:00.000Z'],
    ['0 30 9 * * 1-5', '2026-11-20T09:30:00Z', '2026-11-23T09:30:00.000Z'],
    ['0 30 9 * Jan Mon', '2026-11-20T00:00:00Z', '2027-01-04T09:30:00.000Z'],
    ['0 5,8,10 * * * *', '2026-03-01T10:08:00Z', '2026-03-01T10:10:00.000Z'],
    ['0 5-7 * * * *', '2026-03-01T10:07:00Z', '2026-03-01T11:05:00.000Z'],
    ['*/15 * * * * *', '2026-03-01T10:00:45Z', '2026-03-01T10:01:00.000Z'],
    ['10/20 * * * * *', '2026-03-01T10:00:10Z', '2026-03-01T10:00:30.000Z'],
    ['0 0 0 29 2 *', '2026-03-01T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['0 0 0 31 * *', '2026-04-01T00:00:00Z', '2026-05-31T00:00:00.000Z'],
    ['*/5 * * * *', '2026-03-01T10:02:30Z', '2026-03-01T10:05:00.000Z'],
    ['0 0 0 * January-March *', '2026-03-31T00:00:00Z', '2027-01-01T00:00:00.000Z'],
    ['0 0 0 1 ju *', '2026-03-31T00:00:00Z', '2026-06-01T00:00:00.000Z'],
    ['0 0 0 * * fri-MONDAY', '2026-03-07T00:00:00Z', '2026-03-09T00:00:00.000Z'],
    ['0 50-10/20 * * * *', '2026-03-01T10:11:00Z', '2026-03-01T10:30:00.000Z'],
    ['0 */0 * * * *', '2026-03-01T10:11:00Z', '2026-03-01T10:12:00.000Z'],
    ['0 0 2 29 3 *', '2026-03-29T01:59:59Z', '2026-03-29T02:00:00.000Z'],
    ['59 59 23 31 12 *', '2026-12-31T23:59:59Z', '2027-12-31T23:59:59.000Z'],
    ['0 0 0 1 1 SUN', '2026-01-01T00:00:00Z', '2034-01-01T00:00:00.000Z'],
    ['01:30:00', '2026-03-01T10:00:00Z', '2026-03-01T11:30:00.000Z'],
  ])('"%s" after %s is %s', (schedule, after, expected) => {
    expect(next(schedule, after)).toBe(expected)
  })

  test('requires day and day of week both, unlike Unix cron: the 13th that is a Friday', () => {
    expect(next('0 0 0 13 * FRI', '2026-03-14T00:00:00Z')).toBe('2026-11-13T00:00:00.000Z')
  })

  test('agrees with a walk over every second for a day of a mixed schedule', () => {
    const schedule = parseSchedule('7-50/9 3,30 8-20/4 * * *')
    const allowed = (time: Date) =>
      [7, 16, 25, 34, 43].includes(time.getUTCSeconds()) &&
      [3, 30].includes(time.getUTCMinutes()) &&
      [8, 12, 16, 20].includes(time.getUTCHours())
    const start = Date.parse('2026-03-01T00:00:00Z')
    const walked = Array.from({ length: 86_400 }, (_, second) => new Date(start + second * 1000)).filter(allowed)
    const listed: Date[] = []
    for (let at = schedule.next(new Date(start - 1000)); at.getTime() < start + 86_400_000; at = schedule.next(at))
      listed.push(at)
    expect(listed).toEqual(walked)
    expect(listed).toHaveLength(40)
  })

  test.each([
    ['60 * * * * *', 'second'],
    ['0 0 24 * * *', 'hour'],
    ['0 0 0 0 * *', 'day'],
    ['0 0 0 * Foo *', 'month'],
    ['0 0 0 * * 7', 'day of week'],
    ['0 , * * * *', 'minute'],
    ['0 5, * * * *', 'minute'],
    ['0 -5 * * * *', 'minute'],
    ['0 1-2-3 * * * *', 'minute'],
    ['0 1/2/3 * * * *', 'minute'],
    ['0 1.5 * * * *', 'minute'],
    ['0 ? * * * *', 'minute'],
    ['0 0 0 L * *', 'day'],
    ['0 0 0 32 * *', 'day'],
    ['0 0 0 1 13 *', 'month'],
    ['0 0 0 * 0 *', 'month'],
    ['0 0 0 * * Monday1', 'day of week'],
  ])('refuses "%s", naming the field %s', (schedule, field) => {
    expect(() => parseSchedule(schedule)).toThrow(`schedule field "${field}"`)
  })

  test('refuses a wrong number of fields and a date that never comes', () => {
    expect(() => parseSchedule('* * *')).toThrow('six fields')
    expect(() => parseSchedule('0 0 0 30 2 *')).toThrow('never occurs')
    expect(() => parseSchedule('00:00:00')).toThrow('longer than zero')
  })

  test('monitors a schedule unless it has more than one occurrence in the coming minute', () => {
    expect(parseSchedule('0 * * * * *').monitoredByDefault).toBe(true)
    expect(parseSchedule('*/20 * * * * *').monitoredByDefault).toBe(false)
    expect(parseSchedule('0,30 0 0 29 2 *').monitoredByDefault).toBe(true)
    expect(parseSchedule('00:01:00').monitoredByDefault).toBe(true)
    expect(parseSchedule('00:00:59').monitoredByDefault).toBe(false)
  })
})
