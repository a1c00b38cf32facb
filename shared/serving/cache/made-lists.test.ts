import { expect, test } from 'vitest'
import { MadeLists } from './made-lists.ts'

/** A kitchen whose oven says when a cake is done; each cake stands while its flour is the one in the house. */
function kitchen({ entriesMax = 10, bytesMax = 100 } = {}) {
  let [now, flour, baked] = [0, 'rye', 0]
  const cakes = new MadeLists<string>({ entriesMax, bytesMax, clock: () => now })
  const ovens: (() => void)[] = []
  const bake = (key: string, { users = ['anna'], until = 100, bytes = 1 } = {}) =>
    cakes.get(key) ??
    cakes.make(key, async keep => {
      const of = flour
      const cake = `${of} ${++baked}`
      await new Promise<void>(resolve => ovens.push(resolve))
      keep({ made: cake, until, holds: () => flour === of, users, bytes })
      return cake
    })
  const ready = async (key: string, more?: Parameters<typeof bake>[1]) => {
    const cake = bake(key, more)
    ovens.pop()?.()
    return cake
  }
  return { cakes, ovens, bake, ready, wait: (ms: number) => (now += ms), buy: (of: string) => (flour = of) }
}

test('what was made is given again until its time, or until what it was made from changes', async () => {
  const { ready, wait, buy } = kitchen()
  expect([await ready('cake'), await ready('cake')]).toEqual(['rye 1', 'rye 1'])
  wait(100)
  expect(await ready('cake', { until: 200 })).toBe('rye 2')
  buy('oats')
  expect(await ready('cake', { until: 200 })).toBe('oats 3')
})

test('who asks while it is made waits for it', async () => {
  const { bake, ovens, cakes } = kitchen()
  const asked = [bake('cake'), bake('cake'), bake('cake')]
  expect(ovens).toHaveLength(1)
  ovens[0]?.()
  expect(await Promise.all(asked)).toEqual(['rye 1', 'rye 1', 'rye 1'])
  expect(cakes.counts).toMatchObject({ misses: 1, hits: 2 })
})

test('who waited in vain, as it changed while it was made, has it made anew', async () => {
  const { bake, ovens, buy } = kitchen()
  const [first, second] = [bake('cake'), bake('cake')]
  buy('oats')
  ovens[0]?.()
  expect(await first).toBe('rye 1')
  await expect.poll(() => ovens.length).toBe(2)
  ovens[1]?.()
  expect(await second).toBe('oats 2')
})

test('a failure is that of who makes it, and the next tries again', async () => {
  const { cakes, ready } = kitchen()
  const failing = cakes.make('cake', () => Promise.reject(new Error('burnt')))
  await expect(failing).rejects.toThrow('burnt')
  expect(await ready('cake')).toBe('rye 1')
})

test('the oldest give way to what takes much memory, and what alone is too large is not kept', async () => {
  const { ready, cakes } = kitchen({ bytesMax: 10 })
  for (const key of ['a', 'b', 'c']) await ready(key, { bytes: 4 })
  expect([cakes.get('a'), cakes.get('b'), cakes.get('c')]).toEqual([undefined, 'rye 2', 'rye 3'])
  await ready('d', { bytes: 11 })
  expect(cakes.counts.entries).toBe(0)
})

test('what is forgotten while it is made is not kept', async () => {
  const { bake, ovens, cakes } = kitchen()
  const cake = bake('cake')
  cakes.forget('anna')
  ovens[0]?.()
  expect([await cake, cakes.counts.entries]).toEqual(['rye 1', 0])
})

test('the oldest give way, and a user’s go with the user', async () => {
  const { ready, cakes } = kitchen({ entriesMax: 2 })
  for (const key of ['a', 'b', 'c']) await ready(key, { users: [key] })
  expect(cakes.counts).toMatchObject({ entries: 2, evictions: 1 })
  cakes.forget('c')
  expect([cakes.get('a'), cakes.get('b'), cakes.get('c')]).toEqual([undefined, 'rye 2', undefined])
})
