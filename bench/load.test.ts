import { expect, test } from 'vitest'
import { closedLoop, openLoop } from './load.ts'

test('openLoop() sends the second request on time although the first is still waiting for its answer', async () => {
  const first = Promise.withResolvers<void>()
  const send = async (index: number) => {
    if (index === 0) await first.promise
    else first.resolve()
  }
  expect(await openLoop(send, { perSecond: 1000, seconds: 0.002 })).toHaveLength(2)
})

test('openLoop() counts the wait for a slot of the sender as part of the answer time', async () => {
  const blockedUntil = performance.now() + 30
  const send = async (index: number) => {
    // The first answer blocks the process, so that the second request leaves late.
    while (index === 0 && performance.now() < blockedUntil);
  }
  const [, second = 0] = await openLoop(send, { perSecond: 1000, seconds: 0.002 })
  expect(second).toBeGreaterThan(20)
})

test('closedLoop() never has more requests on their way than it was told', async () => {
  let inFlight = 0
  let most = 0
  const send = async () => {
    inFlight += 1
    most = Math.max(most, inFlight)
    await new Promise(resolve => setImmediate(resolve))
    inFlight -= 1
  }
  const [answers = 0] = await closedLoop(send, { inFlight: 3, seconds: 1 })
  expect(most).toBe(3)
  expect(answers).toBeGreaterThan(3)
})
