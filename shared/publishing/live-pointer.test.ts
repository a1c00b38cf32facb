import { expect, test } from 'vitest'
import { memoryPorts } from '../adapters/memory/ports.ts'
import { flipLivePointer, forgetPrevious, readLivePointer } from './live-pointer.ts'

const generation = (number: number) => ({
  generation: number,
  model_version: `v${number}`,
  generated_at: '2026-01-01T00:00:00.000Z',
  data_until: 1_767_225_600_000,
})

test('nothing is live before the first generation; then it is, and each later one remembers the one before', async () => {
  const { documents } = memoryPorts()
  expect(await readLivePointer(documents)).toBeUndefined()
  expect(await flipLivePointer(generation(3), documents)).toBe(true)
  expect(await readLivePointer(documents)).toEqual({ id: 'live', ...generation(3) })
  expect(await flipLivePointer(generation(5), documents)).toBe(true)
  expect(await readLivePointer(documents)).toEqual({
    ...{ id: 'live', ...generation(5), previous: { generation: 3, model_version: 'v3' } },
  })
})

test('the pointer does not go back to an earlier generation', async () => {
  const { documents } = memoryPorts()
  await flipLivePointer(generation(5), documents)
  expect(await flipLivePointer(generation(4), documents)).toBe(false)
  expect((await readLivePointer(documents))?.generation).toBe(5)
})

test('making the same generation live twice is one flip', async () => {
  const { documents } = memoryPorts()
  await flipLivePointer(generation(3), documents)
  await flipLivePointer(generation(5), documents)
  expect(await flipLivePointer(generation(5), documents)).toBe(true)
  expect((await readLivePointer(documents))?.previous?.generation).toBe(3)
})

test('of generations flipped at the same moment the latest is live', async () => {
  const { documents } = memoryPorts()
  await Promise.all([2, 4, 3].map(number => flipLivePointer(generation(number), documents)))
  expect((await readLivePointer(documents))?.generation).toBe(4)
})

test('the generation before is forgotten once a third begins to write over it', async () => {
  const { documents } = memoryPorts()
  await flipLivePointer(generation(3), documents)
  await flipLivePointer(generation(5), documents)
  await forgetPrevious(documents)
  expect(await readLivePointer(documents)).toEqual({ id: 'live', ...generation(5) })
})
