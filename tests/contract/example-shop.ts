import { auditLog } from '../../shared/api/guards/audit-log.ts'
import type { AuditRecord } from '../../shared/schemas/audit.ts'
import { collections } from '../../shared/schemas/collections.ts'
import { answeringShop, apiOver } from '../api-by-hand.ts'
import { goLive, published, type ShopByHand } from '../served-shop.ts'
import { deliver } from '../stocktaking.ts'

/** The shop that examples are answered by: all that tests have by hand, two published models and a refresh that is through. */
export async function exampleShop(): Promise<ShopByHand> {
  const of = await answeringShop()
  for (const generation of [1, 2]) {
    await of.ports.documents.upsert(collections.generations, {
      ...{ id: `v${generation}`, generation, run_id: `refresh-000000000000000${generation}` },
      generated_at: new Date(published + (generation - 1) * 1000).toISOString(),
      ...{ manifest_path: `models/v${generation}/manifest.json`, manifest_sha256: '0'.repeat(64) },
      ...{ parameters: { factors: 64, iterations: 15 }, counts: { users: 3, items: 6 } },
    })
  }
  await goLive(of.ports, 2)
  const second = Math.floor(published / 1000)
  await of.ports.documents.upsert(collections.listStatistics, {
    ...{ id: 'lists', generation: 2, model_version: 'v2', generated_at: new Date(published + 1000).toISOString() },
    ...{ users_known: 5, items_known: 8, items_listed: 6 },
    made: [
      [second - 3 * 86_400, 2],
      [second + 1, 1],
    ],
    files: { made: 'models/lists/2/made.bin', items: 'models/lists/2/items.names' },
  })
  const till = { id: '0123456789ab', name: 'Till', roles: ['writer' as const], last4: '9f3c' }
  const since = { created_at: new Date(published).toISOString(), expires_at: null }
  const key = { ...till, sha256: of.ports.sha256('a secret'), ...since }
  await of.ports.documents.upsert(collections.serviceKeys, { id: 'service_keys', keys: [key] })
  const done: AuditRecord = {
    ...{ at: new Date(published).toISOString(), type: 'intent', request_id: 'monday-7', endpoint: 'batch-trigger' },
    ...{
      method: 'POST',
      path: {},
      caller: { kind: 'service', id: 'console', name: 'The console' },
      address: '203.0.113.7',
    },
    body_digest: 'a8b3d7c1e5f2049b'.repeat(4),
  }
  const write = auditLog(of.ports.blobs)
  await write(done)
  await write({ ...done, type: 'outcome', body_digest: undefined, status: 202 })
  await apiOver(of).call('batch-trigger', { body: { job: 'refresh' } })
  while (of.ports.sent.length > 0) await deliver(of.ports)
  return of
}
