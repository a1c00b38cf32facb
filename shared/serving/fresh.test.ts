import { expect, test } from 'vitest'
import { memoryPorts } from '../adapters/memory/ports.ts'
import { fresh, orBefore } from './fresh.ts'

/** A price that is looked up 1, 2, 3 … at each load; each load answers when it is told to. */
function priceTag() {
  const { clock, log, advance, logged } = memoryPorts()
  const loads: { answer(): void; fail(): void; before: number | undefined }[] = []
  const load = (before: number | undefined) =>
    new Promise<number>((resolve, reject) => {
      const price = loads.length + 1
      loads.push({ before, answer: () => resolve(price), fail: () => reject(new Error('the shop is away')) })
    })
  const late = new Set<string>()
  return {
    price: fresh(load, { name: 'price', ttlMs: 1_000, waitMs: 20, late, clock, log }),
    loads,
    late,
    advance,
    logged,
  }
}

test('callers at the same moment share one load, and those after it get what it gave', async () => {
  const { price, loads, advance } = priceTag()
  const asked = [price(), price(), price()]
  loads[0]?.answer()
  expect(await Promise.all(asked)).toEqual([1, 1, 1])
  advance(999)
  expect(await price()).toBe(1)
  expect(loads).toHaveLength(1)
})

test('a value past its time is served once more while one refresh is under way, which is given the old value', async () => {
  const { price, loads, advance } = priceTag()
  const first = price()
  loads[0]?.answer()
  await first
  advance(1_000)
  expect(await price()).toBe(1)
  expect(await price()).toBe(1)
  expect(loads.map(({ before }) => before)).toEqual([undefined, 1])
  loads[1]?.answer()
  await expect.poll(price).toBe(2)
  expect(loads).toHaveLength(2)
})

test('a value ten times too old is not served: the caller waits', async () => {
  const { price, loads, advance } = priceTag()
  const first = price()
  loads[0]?.answer()
  await first
  advance(10_001)
  const asked = price()
  loads[1]?.answer()
  expect(await asked).toBe(2)
})

test('a refresh that fails keeps the old value, says so, and is tried again', async () => {
  const { price, loads, advance, logged } = priceTag()
  const first = price()
  loads[0]?.answer()
  await first
  advance(1_500)
  await price()
  loads[1]?.fail()
  await expect
    .poll(() => logged)
    .toMatchObject([{ level: 'warn', stage: 'serve', what: 'price', state: 'stale', staleMs: 1_500 }])
  expect(await price()).toBe(1)
  expect(loads).toHaveLength(3)
})

test('a value far too old is served while the load fails or hangs, and counts as late until one succeeds', async () => {
  const { price, loads, late, advance, logged } = priceTag()
  const first = price()
  loads[0]?.answer()
  await first
  advance(10_001)
  expect(await price()).toBe(1)
  expect([...late]).toEqual(['price'])
  expect(await price()).toBe(1)
  expect(loads).toHaveLength(2)
  loads[1]?.fail()
  await expect.poll(price).toBe(1)
  await expect.poll(() => loads.length).toBe(3)
  loads[2]?.answer()
  await expect.poll(price).toBe(3)
  expect([...late]).toEqual([])
  expect(logged.map(({ state }) => state)).toEqual(['stale', 'fresh'])
})

test('a first load that fails is the caller’s error, and the next caller tries again', async () => {
  const { price, loads } = priceTag()
  const first = price()
  loads[0]?.fail()
  await expect(first).rejects.toThrow('the shop is away')
  const second = price()
  loads[1]?.answer()
  expect(await second).toBe(2)
})

test('what is at hand is what a caller gets who does not wait', async () => {
  const { price, loads, late, advance } = priceTag()
  expect(price.atHand()).toBeUndefined()
  const first = price()
  loads[0]?.answer()
  await first
  expect(price.atHand()?.value).toBe(1)
  advance(1_000)
  expect(price.atHand()?.value).toBe(1)
  expect(loads).toHaveLength(2)
  advance(9_001)
  expect(price.atHand()).toBeUndefined()
  await price()
  expect([...late]).toEqual(['price'])
  expect(price.atHand()).toBeUndefined()
  loads[1]?.answer()
  await expect.poll(() => price.atHand()?.value).toBe(2)
})

test('news that say the same leave the object that they would replace', async () => {
  const before = { prices: [1, 2] }
  expect(await orBefore(before, Promise.resolve({ prices: [1, 2] }))).toBe(before)
  expect(await orBefore(before, Promise.resolve({ prices: [1, 3] }))).toEqual({ prices: [1, 3] })
  expect(await orBefore<number | undefined>(undefined, Promise.resolve(undefined))).toBeUndefined()
})
