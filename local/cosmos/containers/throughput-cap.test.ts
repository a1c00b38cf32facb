import { expect, test } from 'vitest'
import { CosmosError } from '../errors.ts'
import { ThroughputCap } from './throughput-cap.ts'

function capped(requestUnits: number) {
  let nowMs = 10_000
  const cap = new ThroughputCap(requestUnits, () => nowMs)
  const retryAfterMs = (partition: string, partitions: number): number | undefined => {
    try {
      cap.admit(partition, partitions)
      return undefined
    } catch (error) {
      if (error instanceof CosmosError && error.status === 429) return error.retryAfterMs
      throw error
    }
  }
  const at = (ms: number): void => {
    nowMs = ms
  }
  return { cap, retryAfterMs, at }
}

test('a second lets requests in until its request units are spent, the next one begins anew', () => {
  const { cap, retryAfterMs, at } = capped(400)
  cap.spend('0', 1, 399)
  expect(retryAfterMs('0', 1)).toBeUndefined()
  cap.spend('0', 1, 1)
  at(10_250)
  expect(retryAfterMs('0', 1)).toBe(750)
  at(11_000)
  expect(retryAfterMs('0', 1)).toBeUndefined()
})

test('what a request takes beyond its second is owed by the seconds that follow', () => {
  const { cap, retryAfterMs, at } = capped(400)
  cap.spend('0', 1, 1000)
  expect(retryAfterMs('0', 1)).toBe(2000)
  at(11_900)
  expect(retryAfterMs('0', 1)).toBe(100)
  at(12_000)
  expect(retryAfterMs('0', 1)).toBeUndefined()
  cap.spend('0', 1, 200)
  expect(retryAfterMs('0', 1)).toBe(1000)
})

test('a quiet second is not saved up for a busy one', () => {
  const { cap, retryAfterMs, at } = capped(400)
  cap.spend('0', 1, 1)
  at(20_000)
  cap.spend('0', 1, 400)
  expect(retryAfterMs('0', 1)).toBe(1000)
})

test('each physical partition has its equal share and no other', () => {
  const { cap, retryAfterMs } = capped(900)
  cap.spend('0', 3, 300)
  expect(retryAfterMs('0', 3)).toBe(1000)
  expect(retryAfterMs('1', 3)).toBeUndefined()
})

test('another throughput counts from the next request on', () => {
  const { cap, retryAfterMs } = capped(400)
  cap.spend('0', 1, 400)
  cap.requestUnitsPerSecond = 800
  expect(retryAfterMs('0', 1)).toBeUndefined()
})
