import { provisionCosmos } from '../local/provision.ts'
import { startServerProcess } from '../local/server-process.ts'
import { cosmosDocuments } from '../shared/adapters/azure/documents.ts'
import { memoryPorts } from '../shared/adapters/memory/ports.ts'
import { seededRandom } from '../shared/algorithms/random.ts'
import type { Ports } from '../shared/ports.ts'
import { keepDigests } from '../shared/publishing/digest-files.ts'
import { flipLivePointer } from '../shared/publishing/live-pointer.ts'
import { publishStage } from '../shared/publishing/publish-stage.ts'
import type { StageContext } from '../shared/runs/stage.ts'
import { ItemId } from '../shared/schemas/ids.ts'
import type { UserListsValue } from '../shared/schemas/published.ts'
import { writeList } from '../shared/training/lists.ts'
import { processCpuMs } from './process-cpu.ts'
import { type Bench, type BenchResult, lone } from './report.ts'
import { withState } from './sample-stack.ts'
import { fourDigits } from './spread.ts'

const users = 6_000
const usersPerFile = 2_000
const itemsPerList = 10

/**
 * The publish stage on lists of ten items, from memory into the local Cosmos server in a process of its own: all of them
 * new, none changed, and a tenth changed. Quality is the processor time each side took, and the request
 * units, of a list.
 */
export const publishBench: Bench = step =>
  withState(async stateDir => {
    const server = await startServerProcess('cosmos', { port: 0, stateDir })
    try {
      const { COSMOS_ENDPOINT: endpoint = '', COSMOS_KEY: key = '' } = server.settings
      await provisionCosmos({ endpoint, key })
      const ports: Ports = {
        ...memoryPorts(),
        documents: cosmosDocuments({ endpoint, opener: () => key, database: 'sidecart' }),
      }
      const results: BenchResult[] = []
      for (const [generation, [name, changed]] of cases.entries()) {
        step(`${users} lists, ${name}`)
        results.push(await published(name, { generation: generation + 1, changed, ports, serverPid: server.pid }))
      }
      return results
    } finally {
      await server.close()
    }
  })

/** What is published one after the other, with the share of lists that differ from those before. */
const cases: readonly (readonly [name: string, changed: number])[] = [
  ['all new', 1],
  ['none changed', 0],
  ['a tenth changed', 0.1],
  ['all changed', 1],
]

async function published(
  name: string,
  of: { generation: number; changed: number; ports: Ports; serverPid: number },
): Promise<BenchResult> {
  const { generation, serverPid } = of
  const documents = of.ports.documents.metered()
  const context: StageContext = {
    ...{ runId: `refresh-${generation}`, token: generation, createdAt: new Date().toISOString() },
    ...{ ports: { ...of.ports, documents }, progress: async () => undefined, note: () => undefined },
  }
  await writeLists(context, of.changed)
  const stage = publishStage({ publishing: { verifyDays: 7, dollarsPerMillionRequestUnits: 0.28 } })
  const before = { ms: performance.now(), client: process.cpuUsage(), server: processCpuMs(serverPid) }
  let written = 0
  for (const chunk of await stage.plan(context)) written += (await stage.run(chunk, context)).written ?? 0
  await keepDigests(context)
  await flipLivePointer(
    { generation, model_version: `v${generation}`, generated_at: context.createdAt, data_until: 0 },
    documents,
  )
  const ms = performance.now() - before.ms
  const { user, system } = process.cpuUsage(before.client)
  const quality = {
    ...{ written, request_units_per_list: fourDigits(documents.requestUnits / users) },
    app_cpu_us_per_list: fourDigits((user + system) / users),
    server_cpu_us_per_list: fourDigits((1000 * (processCpuMs(serverPid) - before.server)) / users),
  }
  return lone(name, { values: [(1000 * users) / ms], unit: 'lists/s', quality })
}

const seeds = Uint32Array.from({ length: users }, (_, user) => user)

/** Lists of the users, every so-many-th drawn anew. */
async function writeLists(context: StageContext, changed: number): Promise<void> {
  for (let from = 0; from < users; from += usersPerFile) {
    const lists: [string, UserListsValue][] = []
    for (let user = from; user < from + usersPerFile; user++) {
      if (changed > 0 && user % Math.round(1 / changed) === 0) seeds[user]! += users
      lists.push([`user-${user}`, listOf(seeds[user]!)])
    }
    await writeList(context, 'userLists', from, lists)
  }
}

function listOf(seed: number): UserListsValue {
  const random = seededRandom(seed)
  const item = () => ItemId.parse(`item-${Math.floor(random() * 100_000)}`)
  return {
    items: Array.from({ length: itemsPerList }, () => [item(), Number(random().toFixed(4))]),
    purchases: Array.from({ length: itemsPerList }, () => [item(), 1_767_225_600, 1]),
  }
}
