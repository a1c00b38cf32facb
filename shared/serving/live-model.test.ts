import { expect, test } from 'vitest'
import { goLive, putModel, shopByHand } from '../../tests/served-shop.ts'
import type { MemoryPorts } from '../adapters/memory/ports.ts'
import { rowOf } from '../algorithms/fold-in.ts'
import { readLivePointer } from '../publishing/live-pointer.ts'
import { liveModel } from './live-model.ts'

const items = { pen: [1, 0], ink: [0.9, 0.1], cup: [0, 1] }

async function shopWithModel() {
  const { ports } = await shopByHand()
  const parts = await putModel(ports, items)
  await goLive(ports)
  return { ports, parts, model: liveModel(ports) }
}
async function live({ documents }: MemoryPorts) {
  const pointer = await readLivePointer(documents)
  if (!pointer) throw new Error('Nothing is live')
  return pointer
}

test('nobody waits for the model: the first to ask gets none, who asks later has it', async () => {
  const { ports, model } = await shopWithModel()
  expect(model.current(await live(ports))).toBeUndefined()
  await model.settled()
  const served = model.current(await live(ports))
  expect(served?.items).toEqual(['pen', 'ink', 'cup'])
  const { side } = served?.factors ?? {}
  const rows = [0, 1, 2].map(column => side && [...rowOf(column, side)].map(value => Number(value.toFixed(1))))
  expect(rows).toEqual(Object.values(items))
  expect(served).toMatchObject({ version: 'v1', popularityShare: 0, parameters: { alpha: 1 } })
})

test('when the live pointer moves, the old model serves until the new one is there', async () => {
  const { ports, model } = await shopWithModel()
  model.current(await live(ports))
  await model.settled()
  await putModel(ports, { tea: [1] }, 2)
  await goLive(ports, 2)
  expect(model.current(await live(ports))?.version).toBe('v1')
  await model.settled()
  expect(model.current(await live(ports))).toMatchObject({ version: 'v2', items: ['tea'] })
})

test('bytes that are not those that were written are not used: the last good model stays, and it is logged', async () => {
  const { ports, model } = await shopWithModel()
  model.current(await live(ports))
  await model.settled()
  const { itemFactors } = await putModel(ports, { tea: [1] }, 2)
  const bytes = await ports.blobs.read(itemFactors.path)
  if (!bytes) throw new Error('The blob is gone')
  const broken = bytes.with(-1, (bytes.at(-1) ?? 0) ^ 1)
  await ports.blobs.write(itemFactors.path, broken)
  await goLive(ports, 2)
  model.current(await live(ports))
  await model.settled()
  expect(model.current(await live(ports))?.version).toBe('v1')
  expect(ports.logged.at(-1)).toMatchObject({
    event: 'model_refused',
    level: 'error',
    stage: 'model',
    model_version: 'v2',
    kept: 'v1',
  })

  await ports.blobs.write(itemFactors.path, bytes)
  expect(model.current(await live(ports))?.version).toBe('v1')
  await model.settled()
  expect(model.current(await live(ports))?.version).toBe('v1')
  ports.advance(60_000)
  model.current(await live(ports))
  await model.settled()
  expect(model.current(await live(ports))?.version).toBe('v2')
})

test('a model that is gone is no error to who asks', async () => {
  const { ports, model, parts } = await shopWithModel()
  await ports.blobs.remove(parts.manifest)
  expect(model.current(await live(ports))).toBeUndefined()
  await model.settled()
  expect(model.current(await live(ports))).toBeUndefined()
  expect(ports.logged).toMatchObject([{ level: 'error', kept: null }])
})
