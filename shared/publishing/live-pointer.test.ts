import { expect, test } from 'vitest'
import { memoryPorts } from '../adapters/memory/ports.ts'
import { announceWriting, flipLivePointer, readLivePointer } from './live-pointer.ts'

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
    ...{ id: 'live', ...generation(5), previous: generation(3) },
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

test('there is nothing to go back to once a third generation begins to write over the first', async () => {
  const { documents } = memoryPorts()
  await flipLivePointer(generation(3), documents)
  await flipLivePointer(generation(5), documents)
  await announceWriting(6, documents)
  expect(await readLivePointer(documents)).toEqual({ id: 'live', ...generation(5), writing: 6 })
})

test('a generation that was given up is not made live late, while a later one is written', async () => {
  const { documents } = memoryPorts()
  await flipLivePointer(generation(3), documents)
  await announceWriting(4, documents)
  await announceWriting(5, documents)
  expect(await flipLivePointer(generation(4), documents)).toBe(false)
  await expect(announceWriting(4, documents)).rejects.toThrow('Generation 4 is not published: a later one was begun')
  expect(await flipLivePointer(generation(5), documents)).toBe(true)
  expect(await readLivePointer(documents)).toEqual({
    ...{ id: 'live', ...generation(5), previous: generation(3) },
  })
})
