import { expect, test } from 'vitest'
import { memoryPorts } from '../adapters/memory/ports.ts'
import type { StageContext } from '../runs/stage.ts'
import { measuredRanges } from './measured-ranges.ts'

function planned(rows: number) {
  const told: number[] = []
  const context: StageContext = {
    ...{ runId: 'refresh-1', token: 1, createdAt: '2026-01-01T00:00:00.000Z', ports: memoryPorts() },
    progress: async fraction => void told.push(fraction),
    note: () => undefined,
  }
  return { told, context, ...measuredRanges({ first: 1_000, step: 100, chunkSeconds: 60, rows: async () => rows }) }
}

test('few rows are one chunk, and nothing is planned after them', async () => {
  const { plan, told, context } = planned(700)
  expect(await plan(context)).toEqual([{ from: 0, to: 700 }])
  expect(told).toEqual([1])
  const nothing = planned(0)
  expect(await nothing.plan(nothing.context)).toEqual([])
})

test('the rest of many rows is cut by what the first ones took', async () => {
  const { plan, planNext, told, context } = planned(10_000)
  const chunks = await plan(context)
  expect(chunks).toEqual([{ from: 0, to: 1_000 }])
  // 1,000 rows in 15 s are 4,000 in a minute.
  expect(await planNext(context, { round: 0, chunks, metrics: [{ duration_ms: 15_000 }] })).toEqual([
    { from: 1_000, to: 5_000 },
    { from: 5_000, to: 9_000 },
    { from: 9_000, to: 10_000 },
  ])
  expect(told).toEqual([0.1, 1])
  // However slow, a chunk makes headway; and when no time was measured, one takes it all.
  const slow = await planNext(context, { round: 0, chunks, metrics: [{ duration_ms: 10_000_000 }] })
  expect(slow[0]).toEqual({ from: 1_000, to: 1_100 })
  expect(await planNext(context, { round: 0, chunks, metrics: [{}] })).toEqual([{ from: 1_000, to: 10_000 }])
})
