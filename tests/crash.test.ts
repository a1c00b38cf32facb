import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CosmosClient } from '@azure/cosmos'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { ask, getJson, type Job, runJob } from '../local/api-client.ts'
import { type LocalStack, startLocalStack } from '../local/local-stack.ts'
import { projectRoot } from '../local/project-root.ts'
import { seededRandom } from '../shared/algorithms/random.ts'
import { CountersDocument, countingDocuments, popularityWeights } from '../shared/schemas/counters.ts'
import type { EventType } from '../shared/schemas/interaction.ts'
import { dropFile, eventually, jsonLines } from './stack-client.ts'

const settings = {
  ALS_FACTORS: '16',
  ALS_ITERATIONS: '1',
  // Every half-iteration is a round of as many chunks as can be, long enough to be met by whoever is to kill it.
  CHUNK_SECONDS: '0.000001',
  ...{ REFRESH_SCHEDULE: 'off', LAKE_SCHEDULE: 'off', LAKE_DAILY_SCHEDULE: 'off' },
  // A machine busy with tests is no reason to do without anything.
  LIST_WAIT_MS: '10000',
  // In Azure the sweeper waits for minutes; here a chunk is given out again after two seconds without a sign of life.
  SWEEP_SCHEDULE: '* * * * * *',
  SWEEP_AFTER_SECONDS: '2',
  // Nothing decays, so that counts add up exactly.
  POPULARITY_HALF_LIFE_HOURS: '1000000000',
}
/** In data/customers.csv. */
const customers = 1_024
const stateDir = mkdtempSync(join(tmpdir(), 'sidecart-crash-'))
let stack: LocalStack

beforeAll(async () => {
  stack = await startLocalStack({ stateDir, port: 0, settings })
  for (const kind of ['products', 'customers', 'orders']) {
    const text = readFileSync(join(projectRoot, `data/${kind}.csv`), 'utf8')
    await dropFile(stack, `${kind}/all.csv`, text.trimEnd().split('\n'))
  }
}, 60_000)
afterAll(async () => {
  await stack.stop()
  rmSync(stateDir, { recursive: true, force: true })
})

describe('kill -9 of a worker process', () => {
  test('in the middle of ingest loses no event and counts none twice', { timeout: 120_000 }, async () => {
    const random = seededRandom(7)
    const types: EventType[] = ['view', 'add_to_cart', 'purchase']
    const events = Array.from({ length: 3_000 }, (_, n) => ({
      event_id: `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`,
      user_id: `user-${Math.floor(random() * 150)}`,
      event_type: types[Math.floor(random() * types.length)] ?? 'view',
      item_id: `i${Math.floor(random() * 12)}`,
      ts: '2026-01-01T00:00:00Z',
    }))
    for (let from = 0; from < events.length; from += 100) {
      await postUntilAccepted(events.slice(from, from + 100))
      if (from % 600 === 300) kill('ingest_interactions')
      if (from % 1000 === 500) kill('http')
    }

    const stored = async () =>
      new Set(
        (await jsonLines(stack, 'bronze', '_segments/interactions/')).map(({ event }) => Event.parse(event).event_id),
      )
    await eventually(stored, ids => ids.size === events.length, 60_000)
    const expected = new Map<string, number>()
    for (const { item_id: item, event_type: type } of events) {
      expected.set(item, (expected.get(item) ?? 0) + popularityWeights[type])
    }
    await eventually(counted, values => sum(values) >= sum(expected), 60_000)
    expect(sorted(await counted())).toEqual(sorted(expected))

    const ofUser = Map.groupBy(events, ({ user_id: user }) => user)
    for (const [user, sent] of ofUser) {
      const profile = Profile.parse(await getJson(stack, `/api/users/${user}/profile`))
      expect(profile.recent_events).toHaveLength(Math.min(50, sent.length))
      const bought = sent.filter(({ event_type: type }) => type === 'purchase').map(({ item_id: item }) => item)
      expect(profile.purchases.map(({ item_id: item }) => item).sort()).toEqual([...new Set(bought)].sort())
    }
  })

  test('in the middle of a run still ends it with the same lists', { timeout: 240_000 }, async () => {
    await runJob(stack, 'lake')
    await runJob(stack, 'refresh')
    // Some sources are read from the model, which an instance loads in the background.
    await eventually(
      async () => Explained.parse(await getJson(stack, '/recommend/user/12680?explain=full')).explanation.sources,
      sources => sources.some(({ source, candidates }) => source === 'user_neighbours' && candidates > 0),
    )
    const isFull = (all: readonly (readonly unknown[])[]) => all.every(items => items.length === 10)
    const before = await eventually(lists, isFull)
    // Of all stages the longest; `npm run durability -- run` kills in every one.
    const stage = 'factors'
    let killedAt: string | undefined
    const killOnce = ({ status, stage: at }: Job) => {
      if (killedAt !== undefined || status !== 'running' || at !== stage) return
      killedAt = at
      kill('run_chunks')
    }
    const { job } = await runJob(stack, 'refresh', { refit: true, onProgress: killOnce, pollMs: 25 })
    expect(killedAt).toBe(stage)
    const { stages } = Status.parse(await getJson(stack, `/api/batch/status?job=${job}`))
    // The same data gives the same bytes: nothing had to be written anew, and each chunk counts once.
    const publish = stages.find(({ name }) => name === 'publish')
    expect(publish).toMatchObject({
      chunks: 4,
      metrics: { written: 0, unchanged: 2 * 3306 + 17 + 6 + customers },
    })
    // One iteration, blocks of 256 of 1,024 users and of 3,306 items.
    expect(stages.find(({ name }) => name === 'factors')).toMatchObject({ chunks: 4 + 13 })
    expect(await lists()).toEqual(before)
  })
})

const Explained = z.object({
  explanation: z.object({ sources: z.array(z.object({ source: z.string(), candidates: z.int() })) }),
})
const Event = z.object({ event_id: z.string() })
const Stage = z.object({ name: z.string(), chunks: z.int(), metrics: z.record(z.string(), z.number()) })
const Status = z.object({ stages: z.array(Stage) })
const Items = z.array(z.object({ item_id: z.string() }))
const Profile = z.object({ recent_events: z.array(z.unknown()), purchases: Items })

function kill(group: string): void {
  const worker = stack.pids().find(({ name }) => name === group)
  if (!worker) return
  process.kill(worker.pid, 'SIGKILL')
}

/** As a producer does: the same events with the same ids, until the server says that it has them. */
async function postUntilAccepted(events: unknown): Promise<void> {
  await eventually(
    async () => {
      try {
        return (await ask(stack, '/api/interactions', { method: 'POST', body: JSON.stringify(events) })).status
      } catch (cause) {
        // The worker that was to answer is dead; the next one listens in a moment.
        return String(cause)
      }
    },
    status => status === 202,
    30_000,
  )
}

async function counted(): Promise<Map<string, number>> {
  const { COSMOS_ENDPOINT: endpoint = '', COSMOS_KEY: key = '' } = stack.settings
  const counters = new CosmosClient({ endpoint, key }).database('sidecart').container('counters')
  const values = new Map<string, number>()
  const all = z.array(CountersDocument).parse((await counters.items.readAll().fetchAll()).resources)
  for (const document of countingDocuments(all)) {
    for (const [item, value] of Object.entries(document.values)) values.set(item, (values.get(item) ?? 0) + value)
  }
  return values
}

/** What each customer of the sample shop is recommended. */
/** Of every eighth customer. */
async function lists(): Promise<string[][]> {
  const rows = readFileSync(join(projectRoot, 'data/customers.csv'), 'utf8').trimEnd().split('\n').slice(1)
  const users = rows.filter((_, row) => row % 8 === 0).map(row => row.split(',')[0] ?? '')
  const all: string[][] = []
  // So many at once as an instance answers without doing without anything.
  for (let from = 0; from < users.length; from += 16) {
    const some = users.slice(from, from + 16).map(async user => {
      const { items } = await getJson(stack, `/recommend/user/${user}`)
      return Items.parse(items).map(({ item_id: item }) => item)
    })
    all.push(...(await Promise.all(some)))
  }
  return all
}

function sum(values: ReadonlyMap<string, number>): number {
  return [...values.values()].reduce((total, value) => total + value, 0)
}

function sorted(values: ReadonlyMap<string, number>): [string, number][] {
  return [...values].sort(([a], [b]) => (a < b ? -1 : 1))
}
