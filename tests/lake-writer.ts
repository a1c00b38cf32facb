import { randomUUID } from 'node:crypto'
import { duckDbSql } from '../shared/adapters/duckdb/sql.ts'
import { directoryBlobs } from '../shared/adapters/files/blobs.ts'
import { readSnapshot } from '../shared/lake/delta/snapshot.ts'
import { putOrders, tryOut } from './delta-table.ts'
import { writerId, writerOrder } from './lake-durability.ts'

/** Puts one order after the other into the lake at argv[2], as the writer argv[3], and says the number of each that is kept. */
const [, , root = '', writer = ''] = process.argv
const ports = {
  blobs: directoryBlobs(root),
  sql: duckDbSql({ memoryMb: 256, threads: 1 }),
  clock: Date.now,
  uuid: randomUUID,
}
const appId = writerId(Number(writer))
for (;;) {
  const before = await readSnapshot(tryOut.path, ports)
  const version = (before?.transactions.get(appId) ?? -1) + 1
  await putOrders([writerOrder(Number(writer), version)], ports, { application: { appId, version } })
  process.stdout.write(`${version}\n`)
}
