import { expect, test } from 'vitest'
import { timeMeter } from './time-meter.ts'

test('timeMeter() divides each section among what was waited for and computing', async () => {
  let now = 0
  const meter = timeMeter('first', () => now)
  now += 1000
  await meter.during('reading_blobs', async () => {
    now += 2000
    await meter.during('cosmos', async () => {
      now += 4000
    })
    now += 500
  })
  meter.enter('second')
  now += 250
  const none = { cosmos: 0, coordination: 0, writing_blobs: 0, reading_blobs: 0, computing: 0 }
  expect([...meter.sections()]).toEqual([
    ['first', { ...none, computing: 1, reading_blobs: 2.5, cosmos: 4 }],
    ['second', { ...none, computing: 0.25 }],
  ])
})

test('timeMeter() counts what failed, too', async () => {
  let now = 0
  const meter = timeMeter('only', () => now)
  const failing = meter.during('writing_blobs', async () => {
    now += 1000
    throw new Error('disk full')
  })
  await expect(failing).rejects.toThrow('disk full')
  now += 1000
  expect(meter.sections().get('only')).toMatchObject({ writing_blobs: 1, computing: 1 })
})
