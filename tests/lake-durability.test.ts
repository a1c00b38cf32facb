import { expect, test } from 'vitest'
import { lakeDurability } from './lake-durability.ts'

test('eight writers of one table lose no order and double none, though kill -9 strikes them', async () => {
  const count = await lakeDurability({ rounds: 6, commitsMin: 60 })
  expect(count).toMatchObject({ rounds: 6, lost: 0, gaps: 0 })
  expect(count.acknowledged).toBeGreaterThanOrEqual(60)
}, 60_000)
