import { expect, test } from 'vitest'
import type { Api } from '../api-client.ts'
import { httpStandIn, interactionsAnswer } from './http-stand-in.ts'
import { postBatch } from './post-batch.ts'
import { replayAtRate } from './replay-at-rate.ts'
import type { ReplayLine } from './replay-events.ts'

async function* lines(count: number): AsyncGenerator<ReplayLine> {
  for (let line = 1; line <= count; line++) yield { line, event: { event_id: String(line), user_id: 'anna' } }
}

const toApi = (api: Api) => (events: readonly unknown[]) => postBatch(api, events)

test('replayAtRate() sends event n no earlier than n / rate after the first', async () => {
  await using api = await httpStandIn(interactionsAnswer)
  const counts = await replayAtRate(lines(60), { send: toApi(api), rate: 200 })
  expect(counts).toMatchObject({ read: 60, accepted: 60, rejected: 0 })
  const arrivals = api.received.map(({ atMs }) => atMs)
  expect(arrivals).toHaveLength(3)
  // Three batches of 20, 100 ms apart; the bound leaves room for a first request that is slow to connect.
  expect((arrivals[2] ?? 0) - (arrivals[0] ?? 0)).toBeGreaterThan(120)
  expect(counts.seconds).toBeGreaterThan(0.19)
})

test('replayAtRate() counts every line as accepted or rejected, by its line in the file', async () => {
  await using api = await httpStandIn(interactionsAnswer)
  const rejections: unknown[] = []
  async function* mixed(): AsyncGenerator<ReplayLine> {
    yield* lines(2)
    yield { line: 3, fault: 'is not JSON' }
    yield { line: 4, event: {} }
  }
  const counts = await replayAtRate(mixed(), {
    send: toApi(api),
    rate: 1000,
    onRejected: rejection => rejections.push(rejection),
  })
  expect(counts).toMatchObject({ read: 4, accepted: 2, rejected: 2 })
  expect(rejections).toEqual([
    { line: 3, reason: 'is not JSON' },
    { line: 4, reason: 'user_id is missing' },
  ])
})

test('replayAtRate() waits for a slow app instead of piling requests up', async () => {
  let open = 0
  let most = 0
  await using api = await httpStandIn(async received => {
    open += 1
    most = Math.max(most, open)
    await new Promise(resolve => setTimeout(resolve, 20))
    open -= 1
    return interactionsAnswer(received)
  })
  const counts = await replayAtRate(lines(6000), { send: toApi(api), rate: 1_000_000 })
  expect(counts.accepted).toBe(6000)
  expect(most).toBeLessThanOrEqual(8)
})

test('replayAtRate() ends with the error of the app', async () => {
  await using api = await httpStandIn(() => ({ status: 500, body: 'out of order' }))
  await expect(replayAtRate(lines(100), { send: toApi(api), rate: 1000 })).rejects.toThrow('answered 500')
})

test('replayAtRate() refuses a rate that is not above 0', async () => {
  await expect(
    replayAtRate(lines(1), { send: toApi({ url: 'http://127.0.0.1:1', token: '' }), rate: 0 }),
  ).rejects.toThrow(RangeError)
})
