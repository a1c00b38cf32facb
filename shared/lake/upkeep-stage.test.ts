import { expect, test } from 'vitest'
import { tableRows } from '../../tests/bronze-rows.ts'
import { storeRows } from '../../tests/table-rows.ts'
import { type MemoryPorts, memoryPorts } from '../adapters/memory/ports.ts'
import type { StageContext } from '../runs/stage.ts'
import type { RunScope } from '../schemas/run.ts'
import { readSnapshot } from './delta/snapshot.ts'
import { statisticsPath } from './statistics.ts'
import { silverRatings } from './tables/silver-tables.ts'
import { upkeepStage } from './upkeep-stage.ts'

async function keepUp(ports: MemoryPorts, scope?: RunScope): Promise<void> {
  const stage = upkeepStage({ retentionDays: 30 })
  const context: StageContext = {
    ...{ runId: 'lake-1', token: 1, createdAt: '2026-01-01T00:00:00.000Z', scope, ports },
    ...{ progress: async () => undefined, note: () => undefined },
  }
  for (const chunk of await stage.plan(context)) await stage.run(chunk, context)
}
const rating = (user_id: string) => ({ user_id, item_id: 'pen', rating: 5, rated_at: '2026-01-01T00:00:00Z' })
const filesOf = async (ports: MemoryPorts) => (await readSnapshot(silverRatings.path, ports))?.files.size
const storedFiles = async (ports: MemoryPorts) =>
  (await Array.fromAsync(ports.blobs.list(`${silverRatings.path}/part-`))).length

test('the daily run puts small files together, and removes them once no version within the retention needs them', async () => {
  const ports = memoryPorts()
  for (const user of ['anna', 'ben', 'cora']) await storeRows(silverRatings, [rating(user)], ports)
  await keepUp(ports)
  expect(await filesOf(ports)).toBe(3)
  await keepUp(ports, 'daily')
  expect([await filesOf(ports), await storedFiles(ports)]).toEqual([1, 4])
  expect(await tableRows(silverRatings, ports)).toHaveLength(3)
  expect(await ports.blobs.read(statisticsPath)).toBeDefined()
  ports.advance(29 * 86_400_000)
  await keepUp(ports, 'daily')
  expect(await storedFiles(ports)).toBe(4)
  ports.advance(2 * 86_400_000)
  await keepUp(ports, 'daily')
  expect([await filesOf(ports), await storedFiles(ports)]).toEqual([1, 1])
})

test('an empty lake needs no upkeep', async () => {
  const ports = memoryPorts()
  await keepUp(ports, 'daily')
  expect(await Array.fromAsync(ports.blobs.list(''))).toEqual([])
})
