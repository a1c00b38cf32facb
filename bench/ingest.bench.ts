import { setTimeout as delay } from 'node:timers/promises'
import type { LocalStack } from '../local/local-stack.ts'
import { postBatch } from '../local/sample/post-batch.ts'
import { readShop } from '../local/sample/read-shop.ts'
import { bronzeEvents } from './bronze-events.ts'
import { type Counted, ingestMeter, lags, perSecond, type TakenIn } from './ingest-meter.ts'
import { openLoop } from './load.ts'
import { type Bench, type BenchResult, lone } from './report.ts'
import { withSampleStack } from './sample-stack.ts'
import { type ShopperEvent, sessions, strangers } from './shoppers.ts'
import { fourDigits, quantile } from './spread.ts'

const eventsPerSecond = 2000
const eventsPerRequest = 50
const seconds = 20
const waitMsMax = 180_000
/** Until a new worker has its partitions back. */
const restartMs = 5_000

/**
 * 2,000 interactions a second in requests of 50: as sessions of a busy shop; then every event of another user, who is
 * new; then of another user again, whom the app knows but has forgotten in a restart, which is the dearest there is.
 */
export const ingestBench: Bench = async step => {
  const meter = ingestMeter()
  const shop = await readShop()
  const streams = [
    { name: 'sessions', seed: 11, draw: sessions },
    { name: 'every event a new user', seed: 12, draw: strangers },
    { name: 'every event another known user', seed: 13, draw: strangers, restart: true },
  ]
  return withSampleStack(
    async stack => {
      const results: BenchResult[] = []
      for (const { name, seed, draw, restart } of streams) {
        if (restart) await restartIngest(stack)
        step(`${name}: ${eventsPerSecond} interactions a second for ${seconds} s`)
        const sent = await ingested(stack, meter.batches, draw(shop, { seed, ts: () => new Date().toISOString() }))
        results.push(...(await report(name, { ...sent, seed }, stack)))
      }
      return results
    },
    { step, onEvent: meter.onEvent },
  )
}

/** Ends the workers that ingest, and with them the profiles they remember; the host starts them again. */
async function restartIngest({ host }: LocalStack): Promise<void> {
  const pids = () => host.workers().flatMap(({ group, pid }) => (group === 'ingest_interactions' ? [pid] : []))
  const before = pids()
  if (before.length === 0) throw new Error('The stack has no worker ingest_interactions')
  for (const pid of before) process.kill(pid, 'SIGKILL')
  while (pids().length === 0 || pids().some(pid => before.includes(pid))) await delay(20)
  await delay(restartMs)
}

interface Sent {
  from: number
  /** Event ids that the API has accepted. */
  ids: string[]
  accepted: Counted[]
  rejected: number
  batches: TakenIn[]
}

/** Posts the events on schedule and waits until the app has taken in as many as it accepted. */
async function ingested(stack: LocalStack, batches: TakenIn[], events: Iterator<ShopperEvent>): Promise<Sent> {
  const before = batches.length
  const from = performance.now()
  const accepted: Counted[] = []
  const ids: string[] = []
  let rejected = 0
  const post = async () => {
    const batch = Array.from({ length: eventsPerRequest }, () => events.next().value as ShopperEvent)
    const outcome = await postBatch(stack, batch)
    const refused = new Set(outcome.rejected.map(({ index }) => index))
    ids.push(...batch.filter((_, index) => !refused.has(index)).map(({ event_id: id }) => id))
    rejected += refused.size
    accepted.push({ atMs: performance.now(), events: outcome.accepted })
  }
  await openLoop(post, { perSecond: eventsPerSecond / eventsPerRequest, seconds })
  const taken = () => batches.slice(before).reduce((sum, { stored }) => sum + stored, 0)
  const deadline = performance.now() + waitMsMax
  while (taken() < ids.length && performance.now() < deadline) await delay(50)
  return { from, ids, accepted, rejected, batches: batches.slice(before) }
}

async function report(name: string, of: Sent & { seed: number }, stack: LocalStack): Promise<BenchResult[]> {
  const { from, ids, accepted, rejected, batches, seed } = of
  const stored = batches.map(({ atMs, stored: events }) => ({ atMs, events }))
  const units = batches.reduce((sum, { requestUnits }) => sum + requestUnits, 0)
  const lagMs = lags(accepted, stored)
  const connection = stack.settings.AzureWebJobsStorage ?? ''
  const { times: inBronze, folded, foldedMs } = await bronzeEvents(connection, `bench-${seed}-`)
  const lost = ids.filter(id => !inBronze.has(id)).length
  const twice = [...inBronze.values()].filter(times => times > 1).length
  const rates = (counts: readonly Counted[]) => {
    const last = counts.at(-1)?.atMs ?? from
    const overall = counts.reduce((sum, { events }) => sum + events, 0) / ((last - from) / 1000)
    return { values: perSecond(counts, { from, seconds }), unit: 'events/s', overall: fourDigits(overall) }
  }
  const posted = rates(accepted)
  const taken = rates(stored)
  return [
    lone(`${name}: accepted`, { ...posted, quality: { overall: posted.overall, rejected } }),
    lone(`${name}: ingested`, {
      ...taken,
      quality: { overall: taken.overall, accepted: ids.length, in_bronze: inBronze.size, lost, twice },
    }),
    lone(`${name}: request units an interaction`, {
      values: batches.map(({ requestUnits, read }) => requestUnits / Math.max(1, read)),
      unit: 'RU',
      quality: {
        overall: fourDigits(units / Math.max(1, ids.length)),
        users_a_batch: quantile(
          batches.map(({ users }) => users),
          0.5,
        ),
        events_a_batch: quantile(
          batches.map(({ read }) => read),
          0.5,
        ),
        goal: 'under 12 RU',
      },
    }),
    lone(`${name}: folded into bronze’s table`, {
      ...{ values: [foldedMs], unit: 'ms', quality: { rows: folded.rows, segments: folded.segments } },
    }),
    lone(`${name}: lag from accepted to ingested`, {
      ...{ values: lagMs, unit: 'ms', quality: { p95_ms: quantile(lagMs, 0.95) } },
    }),
  ]
}
