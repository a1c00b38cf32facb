import { describe, expect, test } from 'vitest'
import { httpStandIn, interactionsAnswer } from './http-stand-in.ts'
import { postEvents } from './post-events.ts'

const events = (count: number) => Array.from({ length: count }, (_, n) => ({ event_id: String(n), user_id: 'anna' }))

describe('postEvents()', () => {
  test('posts JSON arrays of a batch each and adds up what was accepted', async () => {
    await using api = await httpStandIn(interactionsAnswer)
    const progress: number[] = []
    const outcome = await postEvents(api, events(450), { onProgress: ({ sent }) => progress.push(sent) })
    expect(outcome).toEqual({ accepted: 450, rejected: [] })
    expect(api.received.map(({ method, path }) => `${method} ${path}`)).toEqual(Array(3).fill('POST /api/interactions'))
    expect(api.received.every(({ headers }) => Number(headers['content-length']) > 0)).toBe(true)
    const posted = api.received.flatMap(({ body }): { event_id: string }[] => JSON.parse(body))
    expect(posted.map(({ event_id }) => Number(event_id)).sort((a, b) => a - b)).toEqual([...Array(450).keys()])
    expect(progress.at(-1)).toBe(450)
  })

  test('tells rejected events by their place in the whole, also where a whole batch is refused', async () => {
    await using api = await httpStandIn(interactionsAnswer)
    const mixed = [...events(5), {}, {}, {}, ...events(1), {}]
    const outcome = await postEvents(api, mixed, { batchSize: 2, concurrency: 3 })
    expect(outcome.accepted).toBe(6)
    expect(outcome.rejected).toEqual([5, 6, 7, 9].map(index => ({ index, reason: 'user_id is missing' })))
  })

  test('tries again when the app is busy, after the time it asks for', async () => {
    let busy = 2
    await using api = await httpStandIn(received => {
      busy -= 1
      return busy >= 0 ? { status: 503, headers: { 'retry-after': '0' } } : interactionsAnswer(received)
    })
    expect(await postEvents(api, events(3))).toEqual({ accepted: 3, rejected: [] })
    expect(api.received).toHaveLength(3)
  })

  test('fails with the answer when the app breaks, and stops sending', async () => {
    await using api = await httpStandIn(() => ({ status: 500, body: 'out of order' }))
    await expect(postEvents(api, events(20), { batchSize: 1, concurrency: 2 })).rejects.toThrow(
      /answered 500: "out of order"/,
    )
    expect(api.received.length).toBeLessThanOrEqual(2)
  })

  test('fails when the counts of an answer do not add up to what was sent', async () => {
    await using api = await httpStandIn(() => ({ status: 202, body: { accepted: 1, event_ids: [], rejected: [] } }))
    await expect(postEvents(api, events(2))).rejects.toThrow('was sent 2 events: it accepted 1 and rejected 0')
  })

  test('names the address that nobody listens on', async () => {
    const api = await httpStandIn(interactionsAnswer)
    await api[Symbol.asyncDispose]()
    await expect(postEvents(api, events(1))).rejects.toThrow(`Cannot reach ${api.url}/api/interactions`)
  })

  test('keeps no more requests open than asked for', async () => {
    let open = 0
    let most = 0
    await using api = await httpStandIn(async received => {
      open += 1
      most = Math.max(most, open)
      await new Promise(resolve => setImmediate(resolve))
      open -= 1
      return interactionsAnswer(received)
    })
    await postEvents(api, events(30), { batchSize: 1, concurrency: 2 })
    expect(most).toBeLessThanOrEqual(2)
  })
})
