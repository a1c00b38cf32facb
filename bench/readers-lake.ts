import { randomUUID } from 'node:crypto'
import { cpSync, globSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { generateShop } from '../commands/generate/generate-shop.ts'
import { profiles } from '../commands/generate/profiles.ts'
import { directoryBlobs } from '../shared/adapters/files/blobs.ts'
import { type MemoryPorts, memoryPorts } from '../shared/adapters/memory/ports.ts'
import { optimize } from '../shared/lake/delta/optimize.ts'
import { numbers, putOrders, tryOut } from '../tests/delta-table.ts'
import { runJob } from '../tests/memory-shop.ts'

/**
 * A lake in a directory: the tiny shop's files in two deliveries, with a run of the lake's job after each, and a table of
 * many versions that was put in order. Gives its tables.
 */
export async function readersLake(
  root: string,
  step: (text: string) => void,
): Promise<{ ports: MemoryPorts; tables: string[] }> {
  const ports = { ...memoryPorts(), clock: Date.now, uuid: randomUUID, blobs: directoryBlobs(root) }
  const shop = join(root, '_shop')
  const options = { profile: profiles.tiny, name: 'tiny', seed: 1, folder: shop, format: 'csv', dirty: 0.02 } as const
  await generateShop(options, { sql: ports.sql, onMonth: () => undefined })
  const files = globSync('*/*.csv', { cwd: shop }).sort()
  const isLate = (file: string) => /2025-(0[7-9]|1\d)/.test(file)
  for (const delivery of [files.filter(file => !isLate(file)), files.filter(isLate)]) {
    for (const file of delivery) {
      mkdirSync(dirname(join(root, 'landing', file)), { recursive: true })
      cpSync(join(shop, file), join(root, 'landing', file))
    }
    const run = await runJob('lake', ports)
    step(`The lake's job on ${delivery.length} files: ${run.status}`)
  }
  for (const id of numbers(0, 24)) await putOrders([id], ports, { month: `2026-0${(id % 3) + 1}` })
  await using session = await ports.sql.open()
  await optimize(tryOut.path, { session, zOrder: ['order_id'] }, ports)
  await putOrders([25], ports)
  const logs = globSync('*/*/_delta_log', { cwd: root })
  return { ports, tables: logs.map(log => dirname(log)).sort() }
}
