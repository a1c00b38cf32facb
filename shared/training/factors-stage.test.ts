import { describe, expect, test } from 'vitest'
import { runJob } from '../../tests/memory-shop.ts'
import { jobsOf, logOf } from '../../tests/stocktaking.ts'
import { datasetStage, randomMatrix } from '../../tests/training-dataset.ts'
import { type MemoryPorts, memoryPorts } from '../adapters/memory/ports.ts'
import { als } from '../algorithms/als.ts'
import { decodeGramian } from '../algorithms/factor-rows.ts'
import { gramian } from '../algorithms/gramian.ts'
import { decodeNameList, namesOf } from '../algorithms/name-list.ts'
import { readContent } from './content-blobs.ts'
import { factorsStage } from './factors-stage.ts'
import { halfStepWork } from './half-step-plan.ts'
import { assumedSpeed } from './kernel-speed.ts'
import { readFactorRows, readManifest } from './model.ts'

const parameters = { factors: 64, iterations: 2, alpha: 3, conjugateGradientSteps: 2 }
const options = { ...parameters, regularization: 0.5, regularizationExponent: 0.5 }
const seed = 5
const halves = 2 * options.iterations
// More than ten blocks of a Gramian either way, so that ten chunks can be cut.
const userItems = randomMatrix({ rows: 3_000, columns: 2_600, entries: 20_000, seed: 1 })
const fit = { users: userItems.rows, items: userItems.columns, entries: userItems.indices.length, halves, ...options }

/** A run of the stage alone, each half-step cut into so many chunks; undefined for all of them in one. */
async function fitted({ chunks, threads = 1 }: { chunks?: number | undefined; threads?: number }) {
  const ports = memoryPorts()
  const seconds = halfStepWork(0, fit) / assumedSpeed(threads)
  const chunkSeconds = chunks === undefined ? 60 : (1.000001 * seconds) / chunks
  const instance = { memoryMb: 2_048, chunkSeconds, threads }
  const jobs = jobsOf([datasetStage(userItems), factorsStage({ als: options, seed, instance })])
  const run = await runJob('refresh', ports, jobs)
  expect(run).toMatchObject({ status: 'completed' })
  return { ports, runId: run.run_id, stage: run.stages[1] }
}

async function factorsOf(runId: string, { blobs }: MemoryPorts) {
  const { factors, users, items, ...parts } = await readManifest(runId, blobs)
  return {
    users: await readFactorRows({ parts: parts.userFactors, factors, from: 0, to: users }, blobs),
    items: await readFactorRows({ parts: parts.itemFactors, factors, from: 0, to: items }, blobs),
  }
}

describe('the stage factors', () => {
  test.each([
    { chunks: undefined, threads: 1, rounds: 1, all: 1 },
    { chunks: undefined, threads: 2, rounds: 1, all: 1 },
    { chunks: 1, threads: 1, rounds: halves, all: halves },
    { chunks: 3, threads: 2, rounds: halves, all: 3 * halves },
    { chunks: 10, threads: 1, rounds: halves, all: 10 * halves },
  ])('makes the factors of als() itself: $chunks chunks a half-iteration, $threads threads', async how => {
    const expected = await als(userItems, { ...options, seed })
    const { ports, runId, stage } = await fitted(how)
    expect(stage).toMatchObject({ round: how.rounds, chunks: how.all })
    const { users, items } = await factorsOf(runId, ports)
    // Compared as bytes: a difference prints no million numbers.
    expect(Buffer.from(users.buffer).equals(Buffer.from(expected.userFactors.buffer))).toBe(true)
    expect(Buffer.from(items.buffer).equals(Buffer.from(expected.itemFactors.buffer))).toBe(true)
  })

  test('leaves a manifest with Gramians, names and parameters, all in blobs that outlive the run', async () => {
    const { ports, runId } = await fitted({ chunks: 3 })
    const { blobs } = ports
    const manifest = await readManifest(runId, blobs)
    expect(manifest).toMatchObject({ factors: 64, users: 3_000, items: 2_600, parameters: { ...options, seed } })
    for await (const { path } of blobs.list(`runs/${runId}/`)) await blobs.remove(path)
    const { users, items } = await factorsOf(runId, ports)
    for (const [values, of] of [
      [users, manifest.gramians.users],
      [items, manifest.gramians.items],
    ] as const) {
      const stored = decodeGramian(await readContent(of, blobs))
      const exact = gramian(values, 64)
      for (const [cell, value] of exact.entries()) expect(stored[cell]).toBeCloseTo(value, 3)
    }
    const names = namesOf(decodeNameList(await readContent(manifest.names.users, blobs)))
    expect([names.length, names[7]]).toEqual([3_000, 'u7'])
  })

  test('tells in the run’s log how it cuts the work, and how long each half-iteration took', async () => {
    const { ports, runId } = await fitted({})
    const lines = (await logOf(runId, ports)).filter(({ stage }) => stage === 'factors')
    expect(lines[0]).toMatchObject({ half_iterations: '1 to 4 of 4', chunks: 1, memory_mb: 2_048 })
    expect(lines.map(({ iteration, solved }) => iteration && [iteration, solved]).filter(Boolean)).toEqual([
      [1, 'users'],
      [1, 'items'],
      [2, 'users'],
      [2, 'items'],
    ])
  })

  test('fails at once when no instance of this size can hold a side, and says which size could', async () => {
    const instance = { memoryMb: 320, chunkSeconds: 60, threads: 1 }
    const jobs = jobsOf([datasetStage(userItems), factorsStage({ als: options, seed, instance })])
    const run = await runJob('refresh', memoryPorts(), jobs)
    expect(run).toMatchObject({ status: 'failed', error: expect.stringContaining('MEMORY_MB must be at least 321') })
  })
})
