import { expect, test } from 'vitest'
import { RequestGate } from './request-gate.ts'

/** A gate whose time passes only where it sleeps. */
function timedGate() {
  const time = { now: 0, slept: [] as number[] }
  const gate = new RequestGate(
    () => time.now,
    async ms => {
      time.slept.push(ms)
      time.now += ms
    },
  )
  return { gate, time }
}
const taken = async () => ({ answer: 'ok', refusedForMs: 0 })
const refused = async () => ({ answer: 'no', refusedForMs: 200 })

test('requests go four at once at first, and up to eight while nothing is refused', async () => {
  const { gate } = timedGate()
  let [now, most] = [0, 0]
  const counted = async () => {
    now += 1
    most = Math.max(most, now)
    await new Promise(setImmediate)
    now -= 1
    return { answer: undefined, refusedForMs: 0 }
  }
  await Promise.all(Array.from({ length: 4 }, () => gate.pass(counted)))
  expect(most).toBe(4)
  await Promise.all(Array.from({ length: 100 }, () => gate.pass(counted)))
  expect(most).toBe(8)
  expect(now).toBe(0)
})

test('a refusal halves them and holds all back for as long as it asked', async () => {
  const { gate, time } = timedGate()
  expect(await gate.pass(refused)).toBe('no')
  expect(gate.atOnce).toBe(2)
  expect(await gate.pass(taken)).toBe('ok')
  expect(time.slept).toEqual([200])
})

test('refusals of requests that were in flight together count once, and one at a time is the least', async () => {
  const { gate } = timedGate()
  await Promise.all(Array.from({ length: 4 }, () => gate.pass(refused)))
  expect(gate.atOnce).toBe(2)
  for (let time = 0; time < 5; time++) await gate.pass(refused)
  expect(gate.atOnce).toBe(1)
})

test('a request that throws makes room for the next', async () => {
  const { gate } = timedGate()
  const failing = async () => {
    throw new Error('cut off')
  }
  for (let time = 0; time < 10; time++) await expect(gate.pass(failing)).rejects.toThrow('cut off')
  expect(await gate.pass(taken)).toBe('ok')
})
