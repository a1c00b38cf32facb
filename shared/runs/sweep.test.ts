import { expect, test } from 'vitest'
import { deliver, runOf, startStocktaking } from '../../tests/stocktaking.ts'
import { memoryPorts } from '../adapters/memory/ports.ts'
import { findChunk, writeChunk } from './ledger.ts'
import { sweep } from './sweep.ts'

const silentAfterMs = 120_000

test('a sweep over a healthy run, or over none, does nothing', async () => {
  const ports = memoryPorts()
  expect(await sweep({ silentAfterMs }, ports)).toEqual({ running: 0, givenOutAgain: 0 })
  await startStocktaking(ports)
  ports.advance(119_000)
  expect(await sweep({ silentAfterMs }, ports)).toEqual({ running: 1, givenOutAgain: 0 })
  expect(ports.sent).toHaveLength(1)
})

test('a stage whose plan was lost is planned again', async () => {
  const ports = memoryPorts()
  const { run } = await startStocktaking(ports)
  ports.sent.length = 0
  ports.advance(120_000)
  expect(await sweep({ silentAfterMs }, ports)).toEqual({ running: 1, givenOutAgain: 1 })
  expect(ports.sent.map(({ message }) => message)).toEqual([
    { run_id: run.run_id, stage: 'count', round: 0, chunk: 'plan' },
  ])
})

test('only silent chunks are given out again: not the completed one, not the one that shows signs of life', async () => {
  const ports = memoryPorts()
  const { run } = await startStocktaking(ports)
  await deliver(ports)
  await deliver(ports)
  ports.sent.length = 0
  ports.advance(100_000)
  await writeChunk({ run_id: run.run_id, stage: 'count', round: 0, chunk: 2 }, { attempts: 1, fraction: 0.5 }, ports)
  ports.advance(50_000)
  expect(await sweep({ silentAfterMs }, ports)).toEqual({ running: 1, givenOutAgain: 1 })
  expect(ports.sent.map(({ message }) => message)).toEqual([{ run_id: run.run_id, stage: 'count', round: 0, chunk: 0 }])
  expect(ports.logged.at(-1)).toMatchObject({ level: 'warn', stage: 'sweep', running: 1, givenOutAgain: 1 })
})

test('a chunk given out again is left alone until it has been silent as long once more, with its attempts kept', async () => {
  const ports = memoryPorts()
  const { run } = await startStocktaking(ports)
  await deliver(ports)
  const place = { run_id: run.run_id, stage: 'count', round: 0, chunk: 0 }
  await writeChunk(place, { attempts: 3, fraction: 0.5, error: 'out of memory' }, ports)
  ports.advance(121_000)
  expect((await sweep({ silentAfterMs }, ports)).givenOutAgain).toBe(3)
  ports.advance(60_000)
  expect((await sweep({ silentAfterMs }, ports)).givenOutAgain).toBe(0)
  expect(await findChunk(place, ports.documents)).toMatchObject({ attempts: 3, fraction: 0, error: 'out of memory' })
})

test('an ended run is not swept', async () => {
  const ports = memoryPorts()
  const { run } = await startStocktaking(ports)
  while (ports.sent.length > 0) await deliver(ports)
  expect(await runOf(run.run_id, ports)).toMatchObject({ status: 'completed' })
  ports.advance(10 * silentAfterMs)
  expect(await sweep({ silentAfterMs }, ports)).toEqual({ running: 0, givenOutAgain: 0 })
})
