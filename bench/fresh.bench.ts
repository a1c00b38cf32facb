import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { type Api, getJson } from '../local/api-client.ts'
import { hubSender, type Sender } from '../local/sample/hub-sender.ts'
import { postBatch } from '../local/sample/post-batch.ts'
import { readShop } from '../local/sample/read-shop.ts'
import { type Bench, type BenchResult, lone } from './report.ts'
import { withSampleStack } from './sample-stack.ts'
import { quantile } from './spread.ts'

const rounds = 40
const pollMs = 20
const roundMsMax = 30_000

const List = z.object({
  items: z.array(z.object({ item_id: z.string(), reason: z.object({ code: z.string() }) })),
})
type List = z.infer<typeof List>

/** What is sent, and what the user's list is then like. */
interface Change {
  name: string
  send: (user: string, item: string) => Promise<unknown>
  isSeen: (list: List, item: string) => boolean
}

const has = ({ items }: List, item: string): boolean => items.some(({ item_id: id }) => id === item)
const tellsOfLatest = ({ items }: List): boolean => items.some(({ reason }) => reason.code === 'recent')

/**
 * One user after another does something, or an item of the list is sold out; measured is the time from sending that to an
 * answer that knows it: of a purchase, without the item and with a neighbour of it; of a view, with a neighbour; of what
 * is sold out, without it.
 */
export const freshBench: Bench = step =>
  withSampleStack(
    async stack => {
      const { settings } = stack
      await using changes = hubSender(settings.EventHubConnection ?? '', 'catalog-changes')
      const { customers } = await readShop()
      const users = customers.map(({ customerId }) => customerId).values()
      const results: BenchResult[] = []
      for (const change of changesOf(stack, changes)) {
        step(`${rounds} rounds: ${change.name}`)
        results.push(await measured(change, users, stack))
      }
      return results
    },
    { step },
  )

function changesOf(api: Api, changes: Sender): Change[] {
  const happens = (event_type: string) => (user_id: string, item_id: string) =>
    postBatch(api, [{ event_id: randomUUID(), user_id, item_id, event_type, ts: new Date().toISOString() }])
  const soldOut = (_: string, key: string) => {
    const change = { schema_version: 1, change_id: randomUUID(), op: 'update', entity: 'stock', key }
    return changes.send([{ ...change, ts: new Date().toISOString(), data: { stock: 0 } }])
  }
  return [
    {
      ...{ name: 'purchase posted to changed list', send: happens('purchase') },
      isSeen: (list, item) => !has(list, item) && tellsOfLatest(list),
    },
    { name: 'view posted to changed list', send: happens('view'), isSeen: tellsOfLatest },
    { name: 'sold out on the hub to changed list', send: soldOut, isSeen: (list, item) => !has(list, item) },
  ]
}

/** Takes users until there are enough whose list shows nothing of the kind yet. */
async function measured(change: Change, users: Iterator<string>, api: Api): Promise<BenchResult> {
  const ms: number[] = []
  let late = 0
  for (let next = users.next(); !next.done && ms.length + late < rounds; next = users.next()) {
    const user = next.value
    const before = await listOf(api, user)
    const [first] = before.items
    if (!first || tellsOfLatest(before)) continue
    const started = performance.now()
    await change.send(user, first.item_id)
    const took = await until(async () => change.isSeen(await listOf(api, user), first.item_id), started)
    if (took === undefined) late += 1
    else ms.push(took)
  }
  const quality = { p50_ms: quantile(ms, 0.5), p95_ms: quantile(ms, 0.95), rounds: ms.length, late }
  return lone(change.name, { values: ms, unit: 'ms', quality: { ...quality, goal: 'p95 < 1000 ms' } })
}

async function until(isSeen: () => Promise<boolean>, started: number): Promise<number | undefined> {
  while (performance.now() - started < roundMsMax) {
    if (await isSeen()) return performance.now() - started
    await delay(pollMs)
  }
  return undefined
}

async function listOf(api: Api, userId: string): Promise<List> {
  return List.parse(await getJson(api, `/recommend/user/${encodeURIComponent(userId)}?limit=100`))
}
