import { expect, test } from 'vitest'
import { memoryPorts } from '../../adapters/memory/ports.ts'
import { Breaker } from './breaker.ts'

function store() {
  const { clock, advance } = memoryPorts()
  const changes: boolean[] = []
  const breaker = new Breaker({
    ...{ dependency: 'users', clock, onChange: ({ open }) => void changes.push(open) },
    isFailure: cause => !(cause instanceof TypeError),
  })
  const asked = { times: 0 }
  const ask = (answers: boolean) =>
    breaker.run(async () => {
      asked.times += 1
      if (!answers) throw new Error('the store is away')
      return 'anna'
    })
  const fail = async (times: number) => {
    for (let time = 0; time < times; time++) await expect(ask(false)).rejects.toThrow('the store is away')
  }
  return { breaker, ask, fail, asked, advance, changes }
}

test('after five failures in a row nothing is asked for a second', async () => {
  const { ask, fail, asked, advance, changes } = store()
  await fail(5)
  await expect(ask(true)).rejects.toMatchObject({ code: 'unavailable' })
  advance(999)
  await expect(ask(true)).rejects.toMatchObject({ code: 'unavailable' })
  expect(asked.times).toBe(5)
  expect(changes).toEqual([true])
})

test('then one call tries, while the others still wait, and its answer opens the way', async () => {
  const { ask, fail, asked, advance, changes } = store()
  await fail(5)
  advance(1_000)
  const [trial, other] = await Promise.allSettled([ask(true), ask(true)])
  expect([trial.status, other.status]).toEqual(['fulfilled', 'rejected'])
  expect(await ask(true)).toBe('anna')
  expect(asked.times).toBe(7)
  expect(changes).toEqual([true, false])
})

test('a trial that fails keeps it closed for another second and is not told again', async () => {
  const { ask, fail, advance, changes } = store()
  await fail(5)
  advance(1_000)
  await fail(1)
  advance(999)
  await expect(ask(true)).rejects.toMatchObject({ code: 'unavailable' })
  expect(changes).toEqual([true])
})

test('an error that says nothing of the dependency is an answer', async () => {
  const { breaker } = store()
  const wrong = () => breaker.run(() => Promise.reject(new TypeError('no such field')))
  for (let time = 0; time < 10; time++) await expect(wrong()).rejects.toThrow('no such field')
  expect([breaker.isOpen, breaker.failed]).toEqual([false, 0])
})

test('half of the last calls failing is enough, a tenth is not', async () => {
  const { breaker, ask, fail } = store()
  for (let round = 0; round < 10; round++) {
    await fail(1)
    for (let time = 0; time < 9; time++) await ask(true)
  }
  expect(breaker.isOpen).toBe(false)
  while (!breaker.isOpen) {
    await fail(1)
    if (!breaker.isOpen) await ask(true)
  }
  expect(breaker.failed).toBeLessThan(10 + 20)
})
