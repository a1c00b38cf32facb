import { expect, test } from 'vitest'
import { runDurability } from './run-durability.ts'

test('refreshes whose worker is killed at random moments leave the bytes of an undisturbed one', {
  timeout: 180_000,
}, async () => {
  const count = await runDurability({ rounds: 2 })
  expect(count).toMatchObject({ lost: 0, gaps: 0 })
  expect(count.rounds).toBeGreaterThanOrEqual(2)
  // Lists of users, neighbours, rules, popularity, and the factors of two sides.
  expect(count.acknowledged).toBeGreaterThan(1_000)
})
