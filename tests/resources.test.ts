import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { interactionsHub } from '../shared/ingest/accept-interactions.ts'
import { catalogChangesHub } from '../shared/ingest/catalog-changes/catalog-changes-hub.ts'
import { collections } from '../shared/schemas/collections.ts'
import { runQueue } from '../shared/schemas/run.ts'
import { Settings } from '../shared/schemas/settings.ts'

const root = join(import.meta.dirname, '..')
const named = z.object({ name: z.string() })
const resources = z
  .object({
    cosmos: z.object({
      containers: z.array(named.extend({ partitionKey: z.string(), timeToLive: z.string().optional() })),
    }),
    eventHubs: z.array(named),
    queues: z.array(z.string()),
    listeners: z.array(z.string()),
    blobContainers: z.array(z.string()),
  })
  .parse(JSON.parse(readFileSync(join(root, 'infra/resources.json'), 'utf8')))

test('every Cosmos container the code writes is deployed, and no other', () => {
  const used = new Set(Object.values(collections).map(({ container }) => container))
  expect(resources.cosmos.containers.map(({ name }) => name).sort()).toEqual([...used].sort())
})

test('every collection’s partition is what its container is partitioned by', () => {
  const paths = new Map(resources.cosmos.containers.map(({ name, partitionKey }) => [name, partitionKey.slice(1)]))
  for (const { container, key } of Object.values<{
    container: string
    key(document: never): { id: string; partition: string }
  }>(collections)) {
    const document = { id: 'the id', user_id: 'the user', run_id: 'the run', kind: 'the kind' }
    const field = paths.get(container)
    expect(key(document as never).partition, container).toBe(document[field as keyof typeof document])
  }
})

test('containers of documents with a time to live have one, else Cosmos would keep them for ever', () => {
  const brief = Object.values<{ container: string; schema: unknown }>(collections).filter(
    ({ schema }) => schema instanceof z.ZodObject && 'ttl' in schema.shape,
  )
  const deployed = resources.cosmos.containers.filter(({ timeToLive }) => timeToLive !== undefined)
  expect([...new Set(brief.map(({ container }) => container))]).toEqual(deployed.map(({ name }) => name))
})

test('the hubs and the queues that the triggers listen to are deployed', () => {
  expect(resources.eventHubs.map(({ name }) => name)).toEqual([interactionsHub, catalogChangesHub])
  expect(resources.queues).toEqual([runQueue, `${runQueue}-poison`])
})

test('the functions that a deployment can switch off are all that are not HTTP, by names that Linux takes in settings', () => {
  const triggers = globSync('functions/{events,queues,timers}/*.ts', { cwd: root })
  const names = triggers.flatMap(file => /app\.\w+\('([^']+)'/.exec(readFileSync(join(root, file), 'utf8'))?.[1] ?? [])
  expect(names).toHaveLength(triggers.length)
  expect([...resources.listeners].sort()).toEqual(names.sort())
  // `AzureWebJobs.NAME.Disabled`: with a hyphen Azure refuses the setting (azure-functions-python-worker #1308).
  expect(names.filter(name => !/^\w+$/.test(name))).toEqual([])
})

const ofTheRuntime = ['FUNCTIONS_WORKER_RUNTIME', 'FUNCTIONS_REQUEST_BODY_SIZE_LIMIT']

test('the sample settings hold every setting that has no default, and none that is unknown', () => {
  const sample = z
    .object({ Values: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync(join(root, 'local.settings.sample.json'), 'utf8')))
  expect(Settings.safeParse(sample.Values).success).toBe(true)
  const known = [...Object.keys(Settings.shape), ...ofTheRuntime]
  expect(Object.keys(sample.Values).filter(name => !known.includes(name))).toEqual([])
})
