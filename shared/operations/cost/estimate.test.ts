import { describe, expect, test } from 'vitest'
import { deploymentOf } from './deployments.ts'
import { dollarsAMonth, estimate } from './estimate.ts'
import { totalOf } from './priced-lines.ts'
import { defaultTraffic, type Traffic, timesTraffic } from './traffic.ts'

const shop: Traffic = { ...defaultTraffic, users: 10_000, items: 2_000, eventsPerDay: 1_000, requestsPerDay: 2_000 }
const asked: Traffic = { ...shop, eventsPerDay: 50_000, requestsPerDay: 100_000 }

/** Dollars of all lines of some services. */
function dollarsOf(traffic: Traffic, ...services: string[]): number {
  const { lines } = estimate(traffic, 'starter')
  return totalOf(lines.filter(({ service }) => services.some(name => service.startsWith(name))))
}

describe('a month of starter while traffic is within the grant', () => {
  test('costs what Azure’s lists say of it, to 5 %', () => {
    const { dollars } = estimate(shop, 'starter')
    expect(Math.abs(dollars / 13.5 - 1)).toBeLessThan(0.05)
  })

  test('is the hub, the alerts, the storage, and nothing of Functions, Cosmos DB and logs', () => {
    expect(dollarsOf(shop, 'Event Hubs')).toBeCloseTo(10.95, 1)
    expect(dollarsOf(shop, 'Monitor', 'Key Vault')).toBeCloseTo(2.12, 2)
    expect(dollarsOf(shop, 'Functions', 'Cosmos DB')).toBe(0)
    // Without traffic 0.40, as the lists say; batches of events are a blob each.
    expect(dollarsOf(timesTraffic(shop, 0), 'Storage')).toBeGreaterThan(0.36)
    expect(dollarsOf(timesTraffic(shop, 0), 'Storage')).toBeLessThan(0.55)
  })
})

test('prices of what breaks the cap are those of the lists', () => {
  const { lines } = estimate(shop, 'enterprise')
  const line = (service: string, unit: string) =>
    lines.find(each => each.service === service && each.unit.startsWith(unit))?.dollars
  expect(line('Event Hubs Standard', 'throughput')).toBeCloseTo(21.9, 2)
  expect(line('Private Link', 'endpoint')).toBeCloseTo(6 * 7.3, 2)
  // Two instances of 2 GB that wait.
  expect(line('Functions Flex Consumption', 'GB-s always ready, baseline')).toBeCloseTo(2 * 21.02, 1)
})

test('a hundred thousand requests a day spread over it break the cap of starter, and the estimate says at which traffic', () => {
  const { dollars, bounds, budgetDollars } = estimate(asked, 'starter')
  expect(dollars).toBeGreaterThan(budgetDollars)
  const [first] = bounds
  expect(first?.what).toBe('budget')
  expect(first?.says).toContain('GB-s on demand')
  const times = (first?.requestsPerDay ?? 0) / asked.requestsPerDay
  const starter = deploymentOf('starter')
  expect(dollarsAMonth(timesTraffic(asked, times * 0.99), starter)).toBeLessThanOrEqual(budgetDollars)
  expect(dollarsAMonth(timesTraffic(asked, times * 1.02), starter)).toBeGreaterThan(budgetDollars)
})

test('more of anything never costs less', () => {
  const starter = deploymentOf('starter')
  let before = 0
  for (const times of [0, 0.01, 0.1, 1, 3, 10, 100]) {
    const dollars = dollarsAMonth(timesTraffic(asked, times), starter)
    expect(dollars).toBeGreaterThanOrEqual(before)
    before = dollars
  }
  for (const more of [{ users: 1e6 }, { items: 1e5 }, { refreshesPerDay: 24 }, { impressionsShare: 1 }]) {
    expect(dollarsAMonth({ ...asked, ...more }, starter)).toBeGreaterThan(dollarsAMonth(asked, starter))
  }
})

test('events posted together and lists asked for together cost less', () => {
  const starter = deploymentOf('starter')
  const apart = dollarsAMonth(asked, starter)
  expect(dollarsAMonth({ ...asked, eventsPerPost: 10 }, starter)).toBeLessThan(apart - 2)
  expect(dollarsAMonth({ ...asked, listsTogether: 3 }, starter)).toBeLessThan(apart - 2)
})

test('a shop without traffic has no price a thousand lists, and nothing gives way', () => {
  const { bounds, dollarsPerThousandLists } = estimate(timesTraffic(shop, 0), 'starter')
  expect([bounds, dollarsPerThousandLists]).toEqual([[], undefined])
})
