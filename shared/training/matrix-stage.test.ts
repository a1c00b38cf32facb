import { expect, test } from 'vitest'
import { writtenFeedback } from '../../tests/written-feedback.ts'
import { memoryPorts } from '../adapters/memory/ports.ts'
import { collections } from '../schemas/collections.ts'
import { ItemId } from '../schemas/ids.ts'
import { parseTrainingSettings } from '../schemas/settings.ts'
import { readNames, readSummary } from './dataset-blobs.ts'
import { encodeFeedback } from './feedback-columns.ts'
import { matrixStage } from './matrix-stage.ts'
import { trainingOptions } from './options.ts'

/** A run whose stage before read `parts` chunks, `events` purchases each. */
async function runOf(parts: number, events: number) {
  const ports = memoryPorts()
  const item = { id: ItemId.parse('pen'), name: 'Pen', category: 'Pens', price: 1, in_stock: true, row_hash: '-' }
  await ports.documents.upsert(collections.items, item)
  for (let part = 0; part < parts; part++) {
    const lines = Array.from({ length: events }, (_, event) => {
      const identity = `${part} ${event}`
      return { userId: `u${identity}`, itemId: 'pen', basket: 'o', type: 3, second: 1, value: 0, identity }
    })
    const bytes = encodeFeedback(writtenFeedback(lines))
    await ports.blobs.write(`runs/r1/feedback/${part.toString().padStart(6, '0')}-x.bin`, bytes)
  }
  return {
    ...{ runId: 'r1', token: 1, createdAt: new Date(0).toISOString(), ports },
    ...{ progress: async () => undefined, note: () => undefined },
  }
}

function stageWith(memoryMb: number) {
  const options = trainingOptions(parseTrainingSettings({}), { threads: 1 })
  return matrixStage({ ...options, instance: { ...options.instance, memoryMb } })
}

test('twelve parts are taken in order, the tenth after the ninth', async () => {
  const context = await runOf(12, 1)
  const stage = stageWith(512)
  const chunks = await stage.plan(context)
  expect(chunks).toHaveLength(1)
  for (const chunk of chunks) await stage.run(chunk, context)
  expect(await readNames(context, 'users')).toEqual(Array.from({ length: 12 }, (_, part) => `u${part} 0`))
  expect(await readSummary(context)).toMatchObject({ users: 12, items: 1, baskets: 1, cells: 12 })
})

test('events that do not fit into an instance fail the run with the setting that is to be raised', async () => {
  const context = await runOf(2, 1_000)
  const sentence =
    'The matrix of 2000 events does not fit into an instance: MEMORY_MB must be at least 401: current value is 400'
  const [chunk] = await stageWith(400).plan(context)
  await expect(stageWith(400).run(chunk, context)).rejects.toThrow(sentence)
})
