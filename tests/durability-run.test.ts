import { expect, test } from 'vitest'
import { type DurabilityCount, reportDurability } from './durability-run.ts'

/** A run of two rounds that ends with a count. */
async function report(end: Partial<DurabilityCount>, json = false) {
  const lines: string[] = []
  const last = { rounds: 2, acknowledged: 2_500, lost: 0, gaps: 0, ...end }
  const exitCode = await reportDurability(
    async ({ onRound }) => {
      onRound?.({ rounds: 1, acknowledged: 1_200, lost: 0, gaps: 0 })
      onRound?.(last)
      return last
    },
    { server: 'cosmos', rounds: 2, json, print: line => lines.push(line) },
  )
  return { lines, exitCode }
}

test('a run says how each round went, and closes with the sum', async () => {
  expect(await report({})).toEqual({
    exitCode: 0,
    lines: [
      'round 1 of 2: 1,200 acknowledged, 0 lost, 0 gaps',
      'round 2 of 2: 2,500 acknowledged, 0 lost, 0 gaps',
      'cosmos: 2 rounds in 0 s, 2,500 acknowledged, 0 lost, 0 gaps',
    ],
  })
})

test.each([{ lost: 1 }, { gaps: 1 }, { rounds: 1 }])('a run with %j fails', async end => {
  expect((await report(end)).exitCode).toBe(1)
})

test('as JSON a run is one line', async () => {
  const { lines } = await report({ lost: 3 }, true)
  expect(lines.map(line => JSON.parse(line))).toEqual([
    { server: 'cosmos', rounds: 2, acknowledged: 2_500, lost: 3, gaps: 0, seconds: 0 },
  ])
})
