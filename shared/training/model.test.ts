import { expect, test } from 'vitest'
import { memoryPorts } from '../adapters/memory/ports.ts'
import { encodeFactorRows } from '../algorithms/factor-rows.ts'
import type { FactorsPart } from '../schemas/model.ts'
import { modelBlobs, writeContent } from './content-blobs.ts'
import { readFactorRows } from './model.ts'

const factors = 2
/** Row n is (n, -n); kept in parts that end at the given rows. */
async function parted(...ends: number[]) {
  const { blobs } = memoryPorts()
  const parts: FactorsPart[] = []
  let from = 0
  for (const to of ends) {
    const values = Float32Array.from({ length: (to - from) * factors }, (_, place) =>
      place % 2 === 0 ? from + place / 2 : -(from + (place - 1) / 2),
    )
    const content = await writeContent(encodeFactorRows(values, factors), { folder: modelBlobs, blobs })
    parts.push({ ...content, from, to })
    from = to
  }
  return { blobs, parts }
}

test('rows of a factor matrix are read from the parts that hold them, across their borders', async () => {
  const { blobs, parts } = await parted(3, 3, 5, 9)
  const rows = async (from: number, to: number) =>
    Array.from(await readFactorRows({ parts, factors, from, to }, blobs)).filter((_, place) => place % 2 === 0)
  expect(await rows(0, 9)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
  expect(await rows(2, 6)).toEqual([2, 3, 4, 5])
  expect(await rows(4, 5)).toEqual([4])
  expect(await rows(7, 7)).toEqual([])
  await expect(rows(8, 10)).rejects.toThrow('Cannot read factor rows 8 to 10 as the parts hold none from 9 on')
})

test('a part whose bytes are others than those written is refused, and so is one that is gone', async () => {
  const { blobs, parts } = await parted(3)
  const [part] = parts
  if (!part) throw new Error('There is no part')
  await blobs.write(part.path, encodeFactorRows(new Float32Array(6), factors))
  const read = () => readFactorRows({ parts, factors, from: 0, to: 3 }, blobs)
  await expect(read()).rejects.toThrow(`as its sha256 must be ${part.sha256}`)
  await blobs.remove(part.path)
  await expect(read()).rejects.toThrow('there is no such blob')
})

test('the same bytes are one blob, whoever writes them', async () => {
  const { blobs, parts } = await parted(3)
  const again = await writeContent(encodeFactorRows(Float32Array.of(0, -0, 1, -1, 2, -2), factors), {
    ...{ folder: modelBlobs, blobs },
  })
  expect(again.path).toBe(`models/blobs/${again.sha256}.bin`)
  expect([parts[0]?.path, (await Array.fromAsync(blobs.list('models/'))).length]).toEqual([again.path, 1])
})
