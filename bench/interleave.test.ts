import { expect, test } from 'vitest'
import { interleave } from './interleave.ts'

const contestant = (order: string[], name: string) => async () => {
  order.push(name)
  return { ms: order.length, cpuMs: -order.length, result: `${name} ${order.length}` }
}

test('interleave() lets contestants take turns and does not count the warm-up', async () => {
  const order: string[] = []
  const found = await interleave(
    { sidecart: contestant(order, 'a') },
    { peer: contestant(order, 'b') },
    { runs: 2, warmUps: 1, step: () => undefined },
  )
  expect(order.join('')).toBe('ababab')
  expect(found).toEqual({
    sidecart: { ms: [3, 5], cpuMs: [-3, -5], last: 'a 5' },
    peers: { peer: { ms: [4, 6], cpuMs: [-4, -6], last: 'b 6' } },
  })
})

test('interleave() refuses to compare without a run', async () => {
  const none = interleave({ sidecart: contestant([], 'a') }, {}, { runs: 0, warmUps: 1, step: () => undefined })
  await expect(none).rejects.toThrow('Cannot compare as runs must be an integer ≥ 1: current value is 0')
})
