import { expect, test } from 'vitest'
import { keptWorkspace, withWorkspace } from './kept-workspace.ts'

/** Prepares one number, and counts how often. */
function counted() {
  let prepared = 0
  const compute = keptWorkspace<{ values: Float32Array }>()
  const numberFor = (key: string, value: number) =>
    compute({
      ...{ key, threads: 1 },
      prepare: async workspace => {
        prepared += 1
        const values = workspace.float32(1)
        values[0] = value
        return { values }
      },
      compute: async (workspace, { values }) => [values[0], workspace.float32(1)[0], workspace.bytes],
    })
  return { numberFor, prepared: () => prepared }
}

test('what was prepared is used again while its key stays the same, and nothing laid out since is kept', async () => {
  const { numberFor, prepared } = counted()
  const first = await numberFor('a', 7)
  expect(first.slice(0, 2)).toEqual([7, 0])
  expect(await numberFor('a', 8)).toEqual(first)
  expect(prepared()).toBe(1)
  expect((await numberFor('b', 9))[0]).toBe(9)
  expect((await numberFor('a', 10))[0]).toBe(10)
  expect(prepared()).toBe(3)
})

test('an instance keeps one workspace: another user’s preparation ends the one before', async () => {
  const [one, other] = [counted(), counted()]
  await one.numberFor('a', 1)
  await other.numberFor('a', 2)
  expect((await one.numberFor('a', 3))[0]).toBe(3)
  expect([one.prepared(), other.prepared()]).toEqual([2, 1])
})

test('a computation that needs the whole workspace ends what was prepared, and finds nothing in it', async () => {
  const one = counted()
  await one.numberFor('a', 1)
  const bytes = await withWorkspace(1, async workspace => {
    const before = workspace.bytes
    workspace.float32(1_000)
    return before
  })
  expect(await withWorkspace(1, async workspace => workspace.bytes)).toBe(bytes)
  await one.numberFor('a', 3)
  expect(one.prepared()).toBe(2)
})

test('more threads are started when they are asked for, and stay', async () => {
  const threadsOf = (threads: number) => withWorkspace(threads, async workspace => workspace.threads)
  const before = await threadsOf(1)
  expect([await threadsOf(before + 1), await threadsOf(1)]).toEqual([before + 1, before + 1])
})

test('whoever comes while another computes waits for its turn, and a failure is its own', async () => {
  const compute = keptWorkspace<undefined>()
  const order: string[] = []
  const step = (name: string, fail = false) =>
    compute({
      ...{ key: 'same', threads: 1, prepare: async () => undefined },
      compute: async () => {
        order.push(`${name} begins`)
        await Promise.resolve()
        order.push(`${name} ends`)
        if (fail) throw new Error(name)
      },
    })
  const outcomes = await Promise.allSettled([step('first', true), step('second')])
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
  expect(order).toEqual(['first begins', 'first ends', 'second begins', 'second ends'])
})

test('a preparation that failed is tried again', async () => {
  const compute = keptWorkspace<number>()
  const use = (prepare: () => Promise<number>) =>
    compute({ key: 'a', threads: 1, prepare, compute: async (_, value) => value })
  await expect(
    use(async () => {
      throw new Error('no memory')
    }),
  ).rejects.toThrow('no memory')
  expect(await use(async () => 5)).toBe(5)
})
