import { expect, test } from 'vitest'
import { parseSchedule } from './ncrontab.ts'
import { nextOccurrences } from './next-occurrences.ts'

test('nextOccurrences() tells the next five times of a timer', () => {
  const schedule = '0 0 12 * * *'
  const line = nextOccurrences({ name: 'noon', schedule }, parseSchedule(schedule), new Date('2026-02-27T13:00:00Z'))
  const [head, ...times] = line.split('\n')
  expect(head).toBe("The next 5 occurrences of the 'noon' schedule (Cron: '0 0 12 * * *') will be:")
  expect(times).toHaveLength(5)
  expect(times[1]).toBe('03/01/2026 12:00:00Z (03/01/2026 12:00:00Z)')
})
