import { expect, test } from 'vitest'
import { lags, perSecond } from './ingest-meter.ts'

test('lags() is the time between the hundredth event accepted and the hundredth taken in', () => {
  const accepted = [
    { atMs: 0, events: 50 },
    { atMs: 100, events: 50 },
  ]
  const takenIn = [
    { atMs: 30, events: 50 },
    { atMs: 400, events: 50 },
  ]
  expect(lags(accepted, takenIn)).toEqual([30, 300])
})

test('lags() is 0 when the log line of a batch overtakes the answer to its sender', () => {
  expect(lags([{ atMs: 10, events: 5 }], [{ atMs: 8, events: 5 }])).toEqual([0])
})

test('perSecond() adds up each whole second and leaves out what comes after the last', () => {
  const counts = [
    { atMs: 1000, events: 1 },
    { atMs: 1999, events: 2 },
    { atMs: 2000, events: 4 },
    { atMs: 3000, events: 8 },
  ]
  expect(perSecond(counts, { from: 1000, seconds: 2 })).toEqual([3, 4])
})
