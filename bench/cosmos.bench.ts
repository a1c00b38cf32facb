import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Container, CosmosClient } from '@azure/cosmos'
import { startServerProcess } from '../local/server-process.ts'
import { seededRandom } from '../shared/algorithms/random.ts'
import { processCpuMs } from './process-cpu.ts'
import { type Bench, type BenchResult, lone } from './report.ts'
import { fourDigits, quantile } from './spread.ts'

const inFlight = 32
const keys = 100
const upsertsPerRun = 4000
const pointsPerRun = 2000
const runs = 10

/**
 * The local Cosmos server in a process of its own, driven by the real SDK from this one: upserts of 1 KB with 32 in flight, and
 * point reads and point queries one after the other. Quality is the share of a core each side took.
 */
export const cosmosBench: Bench = async step => {
  const stateDir = await mkdtemp(join(tmpdir(), 'cosmos-bench-'))
  const server = await startServerProcess('cosmos', { port: 0, stateDir })
  const { COSMOS_ENDPOINT: endpoint = '', COSMOS_KEY: key = '' } = server.settings
  const client = new CosmosClient({ endpoint, key })
  try {
    const { database } = await client.databases.create({ id: 'bench' })
    const { container } = await database.containers.create({ id: 'items', partitionKey: { paths: ['/shop'] } })
    const random = seededRandom(1)
    step(`upserts of 1 KB, ${inFlight} in flight`)
    const results = [await upserts(container, server.pid, random)]
    step('point reads and point queries, one at a time')
    results.push(...(await points('point read', random, item => container.item(item.id, item.shop).read())))
    results.push(...(await points('point query', random, item => pointQuery(container, item))))
    return results
  } finally {
    client.dispose()
    await server.close()
    await rm(stateDir, { recursive: true })
  }
}

function itemOf(n: number) {
  return { id: `${n}`, shop: `shop-${n % keys}` }
}

async function upserts(container: Container, serverPid: number, random: () => number): Promise<BenchResult> {
  const text = 'x'.repeat(900)
  const write = (n: number) => container.items.upsert({ ...itemOf(n), price: random(), text })
  await allOf(upsertsPerRun, write)
  const perSecond: number[] = []
  const client: number[] = []
  const server: number[] = []
  for (let run = 0; run < runs; run++) {
    const before = { ms: performance.now(), client: process.cpuUsage(), server: processCpuMs(serverPid) }
    await allOf(upsertsPerRun, write)
    const ms = performance.now() - before.ms
    const { user, system } = process.cpuUsage(before.client)
    perSecond.push((1000 * upsertsPerRun) / ms)
    client.push((user + system) / 1000 / ms)
    server.push((processCpuMs(serverPid) - before.server) / ms)
  }
  const quality = { client_cores: fourDigits(quantile(client, 0.5)), server_cores: fourDigits(quantile(server, 0.5)) }
  return lone(`upserts of 1 KB, ${inFlight} in flight`, { values: perSecond, unit: 'upserts/s', quality })
}

/** The median and the 95th percentile of each run's calls. */
async function points(
  name: string,
  random: () => number,
  call: (item: { id: string; shop: string }) => Promise<{ requestCharge: number }>,
): Promise<BenchResult[]> {
  const once = () => call(itemOf(Math.floor(random() * upsertsPerRun)))
  for (let n = 0; n < pointsPerRun; n++) await once()
  const p50: number[] = []
  const p95: number[] = []
  let requestUnits = 0
  for (let run = 0; run < runs; run++) {
    const latencies: number[] = []
    for (let n = 0; n < pointsPerRun / 4; n++) {
      const started = performance.now()
      requestUnits = (await once()).requestCharge
      latencies.push(performance.now() - started)
    }
    p50.push(quantile(latencies, 0.5))
    p95.push(quantile(latencies, 0.95))
  }
  return [
    lone(`${name}, p50`, { values: p50, unit: 'ms', quality: { request_units: requestUnits } }),
    lone(`${name}, p95`, { values: p95, unit: 'ms' }),
  ]
}

async function pointQuery(container: Container, { id, shop }: { id: string; shop: string }) {
  const query = { query: 'SELECT * FROM c WHERE c.id = @id', parameters: [{ name: '@id', value: id }] }
  const page = await container.items.query(query, { partitionKey: shop }).fetchAll()
  if (page.resources.length !== 1) throw new Error(`The query of item '${id}' found ${page.resources.length} items`)
  return page
}

/** Does `work` for 0 to count - 1, always as many at a time as may be in flight. */
async function allOf(count: number, work: (n: number) => Promise<unknown>): Promise<void> {
  let next = 0
  const lanes = Array.from({ length: inFlight }, async () => {
    while (next < count) {
      const n = next
      next += 1
      await work(n)
    }
  })
  await Promise.all(lanes)
}
