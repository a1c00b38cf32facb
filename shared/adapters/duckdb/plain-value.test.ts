import { expect, test } from 'vitest'
import type { SqlColumns } from '../../ports.ts'
import { memoryPorts } from '../memory/ports.ts'

async function columnsOf(query: string): Promise<SqlColumns[]> {
  await using session = await memoryPorts().sql.open()
  return await Array.fromAsync(session.columns(query))
}

test('a column of numbers comes as numbers of its width, of any length', async () => {
  const query = `select range::uinteger as item, (range % 6)::utinyint as type, range / 4 as value from range(5000)`
  const parts = await columnsOf(query)
  expect(parts[0]?.item).toBeInstanceOf(Uint32Array)
  expect(parts[0]?.type).toBeInstanceOf(Uint8Array)
  expect(parts[0]?.value).toBeInstanceOf(Float64Array)
  expect(parts.flatMap(({ item }) => Array.from(item ?? []))).toEqual(Array.from({ length: 5000 }, (_, row) => row))
})

test('whole numbers of 64 bits come as numbers, unless one of them has none that is exact', async () => {
  const [small] = await columnsOf('select range as sales from range(3)')
  expect(small?.sales).toEqual(Float64Array.of(0, 1, 2))
  const [large] = await columnsOf('select unnest([1, 9007199254740993]) as sales')
  expect(large?.sales).toEqual([1, '9007199254740993'])
})

test('an absent number is null, wherever it stands', async () => {
  const [first] = await columnsOf('select unnest([null, 2]::integer[]) as stock')
  expect(first?.stock).toEqual([null, 2])
  const [last] = await columnsOf('select unnest([2, null]::integer[]) as stock')
  expect(last?.stock).toEqual([2, null])
})

test('dates and times come as text, though numbers stand for them', async () => {
  const [part] = await columnsOf(`select date '2026-01-31' as day, timestamptz '2026-01-31 10:00:00Z' as at`)
  expect(part).toEqual({ day: ['2026-01-31'], at: ['2026-01-31T10:00:00.000Z'] })
})
