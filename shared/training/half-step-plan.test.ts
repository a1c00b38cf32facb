import { describe, expect, test } from 'vitest'
import { RunFailure } from '../runs/stage.ts'
import { cutByWork, type Fit, halfStepWork, planHalfSteps } from './half-step-plan.ts'

const fit: Fit = { users: 1_000, items: 500, entries: 20_000, factors: 10, conjugateGradientSteps: 2, halves: 6 }
const instance = { memoryMb: 2_048, chunkSeconds: 60 }
const cut = async (_: number, chunks: number) => Array.from({ length: chunks }, (_, from) => ({ from, to: from + 1 }))
/** Such that a half-step takes so many seconds. */
const speedFor = (seconds: number) => halfStepWork(0, fit) / seconds

test('a half-step’s work counts both sides’ Gramian or rotation, and each entry as often as its steps pass over it', () => {
  expect(halfStepWork(0, fit)).toBe(1_500 * 100 + 20_000 * 5 * 10)
  expect(halfStepWork(1, fit)).toBe(halfStepWork(0, fit))
})

describe('planHalfSteps()', () => {
  test('puts all half-steps into one chunk when there is time for them', async () => {
    expect(await planHalfSteps(0, { fit, speed: speedFor(1), instance, cut })).toEqual([
      { half: 0, halves: 6, from: 0, to: 500 },
    ])
  })

  test('ends a chunk, and so makes a checkpoint, before the seconds of a chunk are over', async () => {
    const short = { ...instance, chunkSeconds: 18 }
    expect(await planHalfSteps(0, { fit, speed: speedFor(6), instance: short, cut })).toEqual([
      { half: 0, halves: 3, from: 0, to: 1_000 },
    ])
    expect(await planHalfSteps(3, { fit, speed: speedFor(8), instance: short, cut })).toEqual([
      { half: 3, halves: 2, from: 0, to: 1_000 },
    ])
  })

  test('goes half-step by half-step when one alone takes so long that signs of life are due within', async () => {
    const chunks = await planHalfSteps(0, { fit, speed: speedFor(11), instance, cut })
    expect(chunks).toEqual([{ half: 0, halves: 1, from: 0, to: 1 }])
  })

  test('cuts a half-step that takes longer than a chunk may', async () => {
    const chunks = await planHalfSteps(2, { fit, speed: speedFor(150), instance, cut })
    expect(chunks).toEqual([0, 1, 2].map(from => ({ half: 2, halves: 1, from, to: from + 1 })))
  })

  test('goes half-step by half-step when the whole does not fit into memory', async () => {
    const large = { ...fit, entries: 100_000_000 }
    const chunks = await planHalfSteps(0, { fit: large, speed: 1e12, instance, cut })
    expect(chunks).toEqual([{ half: 0, halves: 1, from: 0, to: 1 }])
  })

  test('ends the stage after the last half-step', async () => {
    expect(await planHalfSteps(6, { fit, speed: 1, instance, cut })).toEqual([])
  })

  test('refuses what no instance of this size can hold, naming the size that would do', async () => {
    const many = { ...fit, users: 10_000_000, factors: 64 }
    const planned = planHalfSteps(0, { fit: many, speed: 1, instance, cut })
    await expect(planned).rejects.toThrow(RunFailure)
    await expect(planned).rejects.toThrow('MEMORY_MB must be at least 2762: current value is 2048')
  })
})

describe('cutByWork()', () => {
  const indptrOf = (...lengths: number[]) => {
    const indptr = new Uint32Array(lengths.length + 1)
    for (const [row, length] of lengths.entries()) indptr[row + 1] = indptr[row]! + length
    return indptr
  }

  test('cuts by entries, not by rows', () => {
    const indptr = indptrOf(50, 10, 10, 10, 10, 10)
    const ranges = cutByWork(indptr, { chunks: 2, blockRows: 1, workPerRow: 0 })
    expect(ranges).toEqual([
      { from: 0, to: 1 },
      { from: 1, to: 6 },
    ])
  })

  test('cuts where blocks end, covers all rows, and makes no more ranges than asked for or blocks there are', () => {
    const indptr = indptrOf(...Array.from({ length: 1_000 }, (_, row) => (row * 7_919) % 50))
    for (const chunks of [1, 2, 3, 7, 10, 50]) {
      const ranges = cutByWork(indptr, { chunks, blockRows: 64, workPerRow: 2 })
      expect(ranges.length).toBe(Math.min(chunks, 16))
      expect(ranges[0]?.from).toBe(0)
      expect(ranges.at(-1)?.to).toBe(1_000)
      for (const [index, { from, to }] of ranges.entries()) {
        expect(from % 64).toBe(0)
        expect(to).toBeGreaterThan(from)
        expect(ranges[index + 1]?.from ?? 1_000).toBe(to)
      }
    }
  })

  test('rows without entries are cut by their own work, and no rows make no range', () => {
    expect(cutByWork(indptrOf(0, 0, 0, 0), { chunks: 2, blockRows: 1, workPerRow: 1 })).toEqual([
      { from: 0, to: 2 },
      { from: 2, to: 4 },
    ])
    expect(cutByWork(indptrOf(), { chunks: 2, blockRows: 1, workPerRow: 1 })).toEqual([])
  })
})
