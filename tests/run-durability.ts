import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { CosmosClient } from '@azure/cosmos'
import { BlobServiceClient } from '@azure/storage-blob'
import { type Job, runJob } from '../local/api-client.ts'
import { buildApp } from '../local/build.ts'
import { type LocalStack, startLocalStack } from '../local/local-stack.ts'
import { decodeFactorRows } from '../shared/algorithms/factor-rows.ts'
import { seededRandom } from '../shared/algorithms/random.ts'
import { type FactorsPart, ModelManifest, manifestPath } from '../shared/schemas/model.ts'
import type { DurabilityCount } from './durability-run.ts'
import { dropFile } from './stack-client.ts'

const settings = {
  ...{ REFRESH_SCHEDULE: 'off', LAKE_SCHEDULE: 'off', LAKE_DAILY_SCHEDULE: 'off' },
  // In Azure the sweeper waits for minutes; here a chunk is given out again after two seconds without a sign of life.
  ...{ SWEEP_SCHEDULE: '* * * * * *', SWEEP_AFTER_SECONDS: '2' },
  // Every half-iteration is a round of several chunks.
  ...{ ALS_FACTORS: '8', ALS_ITERATIONS: '2', CHUNK_SECONDS: '0.000001', LIST_SIZE: '10' },
}
const publishedContainers = ['user_topn', 'item_sim', 'assoc_rules', 'trending']
/** A chunk that was begun five times fails its run: a run survives fewer kills than that, wherever they hit. */
const killsPerRunMax = 4
const shop = { users: 600, items: 550, orders: 2_500 }

/**
 * Kills the worker of the queue `run-chunks` at random moments of refreshes on the real local stack, `rounds` times. Each
 * refresh that was disturbed has to leave the documents and factors of one that was not, byte for byte.
 */
export async function runDurability(options: {
  rounds: number
  onRound?: (count: DurabilityCount) => void
}): Promise<DurabilityCount> {
  await buildApp()
  const stateDir = mkdtempSync(join(tmpdir(), 'run-durability-'))
  const stack = await startLocalStack({ stateDir, port: 0, settings })
  try {
    for (const [path, lines] of Object.entries(shopFiles())) await dropFile(stack, path, lines)
    await runJob(stack, 'lake')
    return await killedRefreshes(stack, options)
  } finally {
    await stack.stop()
    rmSync(stateDir, { recursive: true, force: true })
  }
}

async function killedRefreshes(
  stack: LocalStack,
  { rounds, onRound }: { rounds: number; onRound?: (count: DurabilityCount) => void },
): Promise<DurabilityCount> {
  const random = seededRandom(11)
  await runJob(stack, 'refresh')
  // An increment of a shop where nothing happened would have nothing to do.
  const refit = { refit: true, pollMs: 20 }
  const started = performance.now()
  const undisturbed = await whatIsLeft(stack, await runJob(stack, 'refresh', refit))
  const usualMs = performance.now() - started
  const count: DurabilityCount = { rounds: 0, acknowledged: 0, lost: 0, gaps: 0 }
  while (count.rounds < rounds) {
    const kills = Math.min(rounds - count.rounds, 1 + Math.floor(random() * killsPerRunMax))
    const refresh = runJob(stack, 'refresh', refit)
    await Promise.race([refresh, killWorker(stack, { kills, everyMs: (1.5 * usualMs) / kills, random })])
    const left = await whatIsLeft(stack, await refresh)
    count.rounds += kills
    count.acknowledged += undisturbed.size
    count.lost += [...undisturbed].filter(each => !left.has(each)).length
    count.gaps += left.size - undisturbed.size
    onRound?.({ ...count })
  }
  return count
}

async function killWorker(
  stack: LocalStack,
  { kills, everyMs, random }: { kills: number; everyMs: number; random: () => number },
): Promise<void> {
  for (let kill = 0; kill < kills; kill++) {
    await delay(random() * everyMs)
    const worker = stack.pids().find(({ name }) => name === 'run_chunks')
    if (worker) process.kill(worker.pid, 'SIGKILL')
  }
}

/** A line for each published document, and one for the factors of either side, with a hash of what they say. */
async function whatIsLeft({ settings: of }: LocalStack, { job }: Job): Promise<Set<string>> {
  const left = new Set<string>()
  const database = new CosmosClient({ endpoint: of.COSMOS_ENDPOINT ?? '', key: of.COSMOS_KEY ?? '' }).database(
    'sidecart',
  )
  for (const name of publishedContainers) {
    const { resources } = await database.container(name).items.readAll().fetchAll()
    for (const { id, a, b } of resources) left.add(`${name} ${id} ${hashOf(JSON.stringify([a, b]))}`)
  }
  const manifest = ModelManifest.parse(JSON.parse((await blobOf(of, manifestPath(job))).toString()))
  left.add(`user factors ${await factorsHash(of, manifest.userFactors, manifest.factors)}`)
  left.add(`item factors ${await factorsHash(of, manifest.itemFactors, manifest.factors)}`)
  return left
}

/** How a side is cut into parts depends on how fast the machine is; its values do not. */
async function factorsHash(
  of: LocalStack['settings'],
  parts: readonly FactorsPart[],
  factors: number,
): Promise<string> {
  const hash = createHash('sha256')
  for (const { path, from, to } of parts) {
    const values = decodeFactorRows(await blobOf(of, path), { rows: to - from, factors })
    hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
  }
  return hash.digest('hex')
}

function blobOf(of: LocalStack['settings'], path: string): Promise<Buffer> {
  const slash = path.indexOf('/')
  return BlobServiceClient.fromConnectionString(of.AzureWebJobsStorage ?? '')
    .getContainerClient(path.slice(0, slash))
    .getBlobClient(path.slice(slash + 1))
    .downloadToBuffer()
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** Random orders, popular items more often, as an ERP would drop them. */
function shopFiles(): Record<string, string[]> {
  const random = seededRandom(3)
  const below = (count: number) => Math.floor(count * random() ** 2)
  const numbers = (count: number) => Array.from({ length: count }, (_, number) => number)
  const day = () => String(1 + Math.floor(28 * random())).padStart(2, '0')
  return {
    'products/all.csv': [
      'item_id,name,category,price',
      ...numbers(shop.items).map(item => `i${item},Item ${item},Category ${item % 7},${1 + (item % 50)}.50`),
    ],
    'orders/all.csv': [
      'order_id,customer_id,ordered_at,item_id,quantity,unit_price',
      ...numbers(shop.orders).flatMap(order => {
        const head = `o${order},u${below(shop.users)},2025-12-${day()}T10:00:00Z`
        return numbers(1 + below(4)).map(() => `${head},i${below(shop.items)},1,2.5`)
      }),
    ],
  }
}
