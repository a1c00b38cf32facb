import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { getJson } from '../local/api-client.ts'
import { postBatch } from '../local/sample/post-batch.ts'
import { readShop } from '../local/sample/read-shop.ts'
import { type Bench, lone } from './report.ts'
import { withSampleStack } from './sample-stack.ts'
import { quantile } from './spread.ts'

const rounds = 40
const pollMs = 20
const roundMsMax = 30_000

const List = z.object({
  items: z.array(z.object({ item_id: z.string(), reason: z.object({ code: z.string() }) })),
})
type List = z.infer<typeof List>

/**
 * Forty users, one after another, buy the first item of their list; measured is the time from sending the purchase to
 * an answer without the item and with a neighbour of it.
 */
export const freshBench: Bench = step =>
  withSampleStack(
    async ({ url }) => {
      const { customers } = await readShop()
      step(`${rounds} purchases`)
      const ms: number[] = []
      let late = 0
      for (const { customerId } of customers) {
        if (ms.length + late === rounds) break
        const before = await listOf(url, customerId)
        const [first] = before.items
        // A neighbour must be news: who has some already shows nothing by another one.
        if (!first || before.items.some(({ reason }) => reason.code === 'recent')) continue
        const took = await buyAndWait(url, customerId, first.item_id)
        if (took === undefined) late += 1
        else ms.push(took)
      }
      const quality = { p50_ms: quantile(ms, 0.5), p95_ms: quantile(ms, 0.95), rounds: ms.length, late }
      return [
        lone('purchase posted to changed list', {
          values: ms,
          unit: 'ms',
          quality: { ...quality, goal: 'p95 < 2000 ms' },
        }),
      ]
    },
    { step },
  )

async function listOf(url: string, userId: string): Promise<List> {
  return List.parse(await getJson(`${url}/recommend/user/${encodeURIComponent(userId)}?limit=100`))
}

async function buyAndWait(url: string, userId: string, itemId: string): Promise<number | undefined> {
  const started = performance.now()
  const purchase = { event_id: randomUUID(), user_id: userId, item_id: itemId, event_type: 'purchase', quantity: 1 }
  await postBatch(url, [{ ...purchase, ts: new Date().toISOString() }])
  while (performance.now() - started < roundMsMax) {
    const { items } = await listOf(url, userId)
    const isGone = items.every(item => item.item_id !== itemId)
    if (isGone && items.some(({ reason }) => reason.code === 'recent')) return performance.now() - started
    await delay(pollMs)
  }
  return undefined
}
