import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  completedChunks,
  deliver,
  everyChunk,
  jobsOf,
  logOf,
  runOf,
  startStocktaking,
  stocktaking,
  stocktakingJobs,
  told,
} from '../../tests/stocktaking.ts'
import { memoryPorts } from '../adapters/memory/ports.ts'
import { type Run, RunMessage } from '../schemas/run.ts'
import { findChunk } from './ledger.ts'
import { RunFailure, type Stage } from './stage.ts'
import { work } from './work.ts'

/** The stocktaking with its three shelves counted by `count`. */
const countedBy = (count: Stage['run']) =>
  jobsOf(stocktaking.map((each, index) => (index === 0 ? { ...each, run: count } : each)))
const of = <Chunk extends number | 'plan'>({ run_id }: Run, name: string, chunk: Chunk) => ({
  run_id,
  stage: name,
  round: 0,
  chunk,
})

describe('a run', () => {
  test('completes whatever the order of messages, and however often each is delivered', async () => {
    const deliveries = fc.array(fc.record({ place: fc.nat(7), again: fc.boolean() }), { maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(deliveries, async choices => {
        const ports = memoryPorts()
        const { run } = await startStocktaking(ports)
        for (const { place, again } of choices) {
          if (ports.sent.length > 0) await deliver(ports, { place: place % ports.sent.length, again })
        }
        while (ports.sent.length > 0) await deliver(ports)
        expect(await runOf(run.run_id, ports)).toMatchObject({ status: 'completed' })
        expect(await completedChunks(run.run_id, ports)).toEqual(everyChunk)
        expect(await told(ports)).toEqual([60, 60])
      }),
      { numRuns: 60 },
    )
  })

  test('sums what its chunks report, skips a stage with nothing to do, and says when each ended', async () => {
    const ports = memoryPorts({ now: Date.UTC(2026, 0, 1) })
    const { run } = await startStocktaking(ports)
    while (ports.sent.length > 0) {
      await deliver(ports)
      ports.advance(1_000)
    }
    const { stages, completed_at } = await runOf(run.run_id, ports)
    expect(stages.map(({ name, chunks, metrics = {} }) => [name, chunks, metrics.pieces ?? metrics.told])).toEqual([
      ['count', 3, 60],
      ['returns', 0, undefined],
      ['add-up', 1, 60],
      ['tell', 2, 2],
    ])
    // One message a second: plan and each chunk of count, then returns, add-up and tell.
    expect(stages.map(state => state.completed_at?.slice(17, 19))).toEqual(['03', '04', '06', '09'])
    expect(completed_at).toBe('2026-01-01T00:00:09.000Z')
  })

  test('goes on in the same invocation while there is time: a chunk of its own, the rest by the queue', async () => {
    const ports = memoryPorts()
    const { run } = await startStocktaking(ports)
    const next = () => work(RunMessage.parse(ports.sent.shift()?.message), { jobs: stocktakingJobs, ports })
    await next()
    expect(await completedChunks(run.run_id, ports)).toEqual(['count-0'])
    expect(ports.sent.map(({ message }) => message)).toEqual([1, 2].map(chunk => of(run, 'count', chunk)))
    await next()
    await next()
    // The last shelf passes the barrier, and on it goes to the last stage's first chunk.
    expect(await completedChunks(run.run_id, ports)).toEqual(['add-up-0', 'count-0', 'count-1', 'count-2', 'tell-0'])
    expect(ports.sent.map(({ message }) => message)).toEqual([of(run, 'tell', 1)])
  })

  test('writes a log of one line a chunk and one at the end', async () => {
    const ports = memoryPorts()
    const { run } = await startStocktaking(ports)
    while (ports.sent.length > 0) await deliver(ports)
    const log = await logOf(run.run_id, ports)
    expect(log.map(({ level, stage: name, chunk, message }) => [level, name ?? message, chunk])).toEqual([
      ['info', 'count', 1],
      ['info', 'count', 2],
      ['info', 'count', 0],
      ['info', 'add-up', 0],
      ['info', 'tell', 1],
      ['info', 'tell', 0],
      ['info', 'run completed', undefined],
    ])
    expect(log[0]).toEqual({
      ...{ at: '2026-01-01T00:00:00.000Z', level: 'info', stage: 'count', round: 0, chunk: 1 },
      ...{ pieces: 20, request_units: 0, duration_ms: 0 },
    })
  })
})

describe('a message that comes too late or too often', () => {
  test('does not run a completed chunk again', async () => {
    const ports = memoryPorts()
    const begun: unknown[] = []
    const jobs = countedBy(async shelf => {
      begun.push(shelf)
      return {}
    })
    await startStocktaking(ports, jobs)
    await deliver(ports, { jobs })
    await deliver(ports, { jobs, again: true })
    await deliver(ports, { jobs, again: true })
    expect(begun).toEqual([{ shelf: 1 }])
  })

  test('does nothing once its stage has passed, or its run has ended, or was never there', async () => {
    const ports = memoryPorts()
    const { run } = await startStocktaking(ports)
    while ((await runOf(run.run_id, ports)).stage === 0) await deliver(ports)
    const before = await runOf(run.run_id, ports)
    const waiting = [...ports.sent]
    for (const chunk of ['plan', 0, 7] as const) await work(of(run, 'count', chunk), { jobs: stocktakingJobs, ports })
    expect(await runOf(run.run_id, ports)).toEqual(before)
    expect(ports.sent).toEqual(waiting)

    while (ports.sent.length > 0) await deliver(ports)
    const ended = await runOf(run.run_id, ports)
    for (const chunk of ['plan', 0] as const) await work(of(run, 'tell', chunk), { jobs: stocktakingJobs, ports })
    await work(
      { run_id: 'refresh-0000000000000000', stage: 'count', round: 0, chunk: 0 },
      { jobs: stocktakingJobs, ports },
    )
    expect(await runOf(run.run_id, ports)).toEqual(ended)
    expect(ports.sent).toEqual([])
  })

  test('plans the stage first when a chunk arrives before its plan, or beyond it', async () => {
    const ports = memoryPorts()
    const { run } = await startStocktaking(ports)
    await work(of(run, 'count', 2), { jobs: stocktakingJobs, ports })
    expect((await runOf(run.run_id, ports)).stages[0]?.chunks).toBe(3)
    await work(of(run, 'count', 99), { jobs: stocktakingJobs, ports })
    expect(await completedChunks(run.run_id, ports)).toEqual(['count-0'])
  })
})

describe('a chunk that fails', () => {
  test('is thrown to the queue with its error kept, and completes at the next try', async () => {
    const ports = memoryPorts()
    let tries = 0
    const jobs = countedBy(async () => {
      tries += 1
      if (tries === 1) throw new Error('the ladder was away')
      return { pieces: 20 }
    })
    const { run } = await startStocktaking(ports, jobs)
    await deliver(ports, { jobs })
    await expect(deliver(ports, { jobs, again: true })).rejects.toThrow('the ladder was away')
    expect(await findChunk(of(run, 'count', 1), ports.documents)).toMatchObject({
      ...{ attempts: 1, error: 'the ladder was away' },
    })
    expect(await logOf(run.run_id, ports)).toMatchObject([{ level: 'error', stage: 'count', chunk: 1, attempt: 1 }])
    while (ports.sent.length > 0) await deliver(ports, { jobs })
    expect(await runOf(run.run_id, ports)).toMatchObject({ status: 'completed' })
  })

  test('five times fails the run at the sixth with the kept error, without being begun again', async () => {
    const ports = memoryPorts()
    let tries = 0
    const jobs = countedBy(async () => {
      tries += 1
      throw new Error('the ladder is gone')
    })
    const { run } = await startStocktaking(ports, jobs)
    await deliver(ports, { jobs })
    for (let time = 1; time <= 5; time++) await expect(deliver(ports, { jobs, again: true })).rejects.toThrow('ladder')
    expect(await runOf(run.run_id, ports)).toMatchObject({ status: 'running' })
    await deliver(ports, { jobs, again: true })
    expect(tries).toBe(5)
    expect(await runOf(run.run_id, ports)).toMatchObject({
      status: 'failed',
      error: 'Stage count, chunk 1 was begun 5 times without success: the ladder is gone',
    })
  })

  test('with a RunFailure fails the run at once, in its own words, and nothing is tried again', async () => {
    const ports = memoryPorts()
    const jobs = countedBy(async () => {
      throw new RunFailure('There are no shelves')
    })
    const { run } = await startStocktaking(ports, jobs)
    while (ports.sent.length > 0) await deliver(ports, { jobs })
    expect(await runOf(run.run_id, ports)).toMatchObject({ status: 'failed', error: 'There are no shelves' })
    expect(await logOf(run.run_id, ports)).toMatchObject([
      { level: 'error', stage: 'count', message: 'run failed', error: 'There are no shelves' },
      { level: 'error', stage: 'count', chunk: 1, attempt: 1, error: 'There are no shelves' },
    ])
  })
})

test('a run whose stage a new version of the app no longer has fails and says so', async () => {
  const ports = memoryPorts()
  const { run } = await startStocktaking(ports)
  await deliver(ports, { jobs: jobsOf(stocktaking.slice(1)) })
  expect(await runOf(run.run_id, ports)).toMatchObject({
    status: 'failed',
    error: 'The job refresh has no stage count any more: start a new run',
  })
})
