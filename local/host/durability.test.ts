import { expect, test } from 'vitest'
import { hostDurability } from './host-durability.ts'

test('no acknowledged message or event is lost, and no checkpoint leaves a gap, when the whole host is killed under load', async () => {
  const { acknowledged, ...rest } = await hostDurability({ rounds: 3 })
  expect(rest).toEqual({ rounds: 3, lost: 0, gaps: 0 })
  expect(acknowledged).toBeGreaterThan(300)
}, 240_000)
