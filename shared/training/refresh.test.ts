import { expect, test } from 'vitest'
import { z } from 'zod'
import { checkerboardShop, drop, jobs, runJob } from '../../tests/memory-shop.ts'
import { memoryPorts } from '../adapters/memory/ports.ts'
import type { Ports } from '../ports.ts'
import { type ListName, listFiles, listLines, listNames, listSchemas } from './lists.ts'

/** What a refresh leaves for publishing, byte by byte, with its factors. */
async function bytesOf(runId: string, ports: Ports): Promise<Record<string, string>> {
  const bytes: Record<string, string> = {}
  for await (const { path } of ports.blobs.list(`runs/${runId}/lists/`)) bytes[path] = await textOf(path, ports)
  for await (const { path } of ports.blobs.list(`models/${runId}/`)) bytes[path] = await textOf(path, ports)
  const without = Object.entries(bytes).map(([path, text]) => [path.replace(runId, ''), text])
  return Object.fromEntries(without)
}
const textOf = async (path: string, { blobs }: Ports) => Buffer.from((await blobs.read(path)) ?? []).toString('base64')

async function firstFile<Value>(name: ListName, value: z.ZodType<Value>, run: { runId: string; ports: Ports }) {
  const [first] = await listFiles(run, name)
  const lines = (await listLines(run, first?.file ?? '')).map(line => JSON.parse(Buffer.from(line).toString()))
  return new Map<string, Value>(z.array(z.tuple([z.string(), value])).parse(lines))
}

async function refreshed() {
  const ports = await checkerboardShop()
  await runJob('lake', ports)
  const { run_id: runId, status } = await runJob('refresh', ports)
  expect(status).toBe('completed')
  return { ports, runId }
}

test('the same files give the same bytes: in another shop, and in the same shop again', async () => {
  const { ports, runId } = await refreshed()
  const first = await bytesOf(runId, ports)
  expect(Object.keys(first)).toHaveLength(listNames.length + 1)
  const other = await refreshed()
  expect(await bytesOf(other.runId, other.ports)).toEqual(first)
  const again = await runJob('refresh', ports, jobs, { refit: true })
  expect(again.run_id).not.toBe(runId)
  expect(await bytesOf(again.run_id, ports)).toEqual(first)
  // What has not changed is not written: publishing costs nothing.
  expect(again.stages.find(({ name }) => name === 'publish')?.metrics).toMatchObject({ written: 0 })
})

test('a checkerboard shop: lists without what was bought, neighbours and rules of one colour, popularity by category', async () => {
  const { ports, runId } = await refreshed()
  const userLists = await firstFile('userLists', listSchemas.userLists, { runId, ports })
  const neighbours = await firstFile('itemNeighbours', listSchemas.itemNeighbours, { runId, ports })
  const rules = await firstFile('itemRules', listSchemas.itemRules, { runId, ports })
  const popularity = await firstFile('popularity', listSchemas.popularity, { runId, ports })

  const user = userLists.get('u4')
  expect(user?.items[0]?.[0]).toBe('i4')
  expect(user?.purchases.map(([itemId]) => itemId)).toEqual(['i10', 'i8', 'i6', 'i2', 'i0'])
  expect(user?.items.map(([itemId]) => itemId)).not.toContain('i0')

  const pen = neighbours.get('i4')
  const even = new Set(['i0', 'i2', 'i6', 'i8', 'i10'])
  expect(new Set(pen?.copurchase.map(([itemId]) => itemId))).toEqual(even)
  expect(new Set(pen?.als.slice(0, 5).map(([itemId]) => itemId))).toEqual(even)

  // Five of twelve baskets hold i4, four of them i0 too; five hold i0: lift 4/5 ÷ 5/12.
  const rule = rules.get('i4')?.find(([, itemId]) => itemId === 'i0')
  expect(rule).toEqual([['i4'], 'i0', 0.333333, 0.8, 1.92])

  expect([...popularity.keys()].sort()).toEqual(['all', 'category-Even', 'category-Odd'])
  // Five purchases each, the latest item on the latest day: i11 leads the shop, i10 its category.
  expect(popularity.get('all')?.items[0]?.[0]).toBe('i11')
  expect(popularity.get('category-Even')?.items.map(([itemId]) => itemId)).toEqual([
    'i10',
    'i8',
    'i6',
    'i4',
    'i2',
    'i0',
  ])
})

test('a shop without orders has nothing to learn from, and the run says so at once', async () => {
  const ports = memoryPorts()
  expect(await runJob('refresh', ports)).toMatchObject({
    ...{ status: 'failed', error: expect.stringContaining('nothing to learn from') },
  })
})

test('a shop whose orders name items that are not in its catalogue has nothing to learn from either', async () => {
  const ports = memoryPorts()
  await drop(ports, 'orders/all.csv', [
    'order_id,user_id,ordered_at,item_id,quantity,unit_price',
    'o1,anna,2025-12-01,unicorn,1,9.99',
  ])
  await runJob('lake', ports)
  const { status, error } = await runJob('refresh', ports)
  expect([status, error]).toEqual(['failed', expect.stringContaining('nothing to learn from')])
})
