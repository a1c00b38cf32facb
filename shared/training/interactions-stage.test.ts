import { expect, test } from 'vitest'
import { aRow, writeTraining } from '../../tests/training-rows.ts'
import { memoryPorts } from '../adapters/memory/ports.ts'
import { namesOf } from '../algorithms/name-list.ts'
import type { Ports } from '../ports.ts'
import type { StageContext } from '../runs/stage.ts'
import { decodeFeedback } from './feedback-columns.ts'
import { interactionsStage } from './interactions-stage.ts'
import { readTrainingManifest } from './training-table.ts'

const nothing = async () => undefined as unknown

/** Runs the stage as run `runId`, its plan made first; gives users by file and how many files were read. */
async function run(runId: string, ports: Ports, meanwhile = nothing, planned = nothing) {
  const context: StageContext = {
    ...{ runId, token: 1, createdAt: new Date(0).toISOString(), ports },
    ...{ progress: async () => undefined, note: () => undefined },
  }
  let chunks = await interactionsStage.plan(context)
  await planned()
  // A plan may be made again before the first is kept.
  chunks = await interactionsStage.plan(context)
  await meanwhile()
  let read = 0
  for (const chunk of chunks) read += (await interactionsStage.run(chunk, context)).files_read ?? 0
  const users: string[][] = []
  for await (const { path } of ports.blobs.list(`runs/${runId}/feedback/`)) {
    users.push(namesOf(decodeFeedback((await ports.blobs.read(path)) ?? new Uint8Array()).users))
  }
  return { read, users }
}

test('a shop without a training table has nothing to read', async () => {
  expect(await run('r1', memoryPorts())).toEqual({ read: 0, users: [] })
})

test('what a run read of the training table is taken over by the next while the files are the same', async () => {
  const ports = memoryPorts()
  await writeTraining([aRow({ user_id: 'anna' })], ports)
  expect(await run('r1', ports)).toEqual({ read: 1, users: [['anna']] })
  expect(await run('r2', ports)).toEqual({ read: 0, users: [['anna']] })
})

test('a month that was made anew, and a month that is new, are read', async () => {
  const ports = memoryPorts()
  await writeTraining([aRow({ user_id: 'anna' })], ports)
  await run('r1', ports)
  await writeTraining([aRow({ user_id: 'hans' })], ports, { replace: true })
  expect(await run('r2', ports)).toEqual({ read: 1, users: [['hans']] })
  await writeTraining([aRow({ user_id: 'ben', happened_at: '2026-02-01T00:00:00Z' })], ports)
  expect(await run('r3', ports)).toEqual({ read: 2, users: [['ben', 'hans']] })
})

test('an earlier run’s files that go between plan and chunk are made anew from the table', async () => {
  const ports = memoryPorts()
  await writeTraining([aRow()], ports)
  await run('r1', ports)
  const removeEarlier = async () => {
    for await (const { path } of ports.blobs.list('runs/r1/')) await ports.blobs.remove(path)
  }
  expect(await run('r2', ports, removeEarlier)).toEqual({ read: 1, users: [['anna']] })
})

test('a run stays with the version it began with, and its manifest says which that is', async () => {
  const ports = memoryPorts()
  await writeTraining([aRow({ user_id: 'anna' })], ports)
  const late = () => writeTraining([aRow({ user_id: 'late' })], ports)
  expect(await run('r1', ports, late, late)).toEqual({ read: 1, users: [['anna']] })
  const [table] = (await readTrainingManifest({ runId: 'r1', ports }))?.tables ?? []
  expect(table).toMatchObject({ table: 'gold/training_interactions', version: 0, rows: 1, schemaVersion: 1 })
  expect(await run('r2', ports)).toEqual({ read: 3, users: [['anna', 'late']] })
})
