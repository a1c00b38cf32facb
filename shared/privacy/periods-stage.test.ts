import { expect, test } from 'vitest'
import { runJob } from '../../tests/memory-shop.ts'
import { memoryPorts } from '../adapters/memory/ports.ts'
import { findRun } from '../runs/ledger.ts'
import type { Jobs } from '../runs/stage.ts'
import { startRun } from '../runs/start-run.ts'
import { work } from '../runs/work.ts'
import { collections } from '../schemas/collections.ts'
import { RunMessage } from '../schemas/run.ts'
import { withPeriods } from './periods-stage.ts'

const dayMs = 86_400_000
const stages = [{ name: 'sleep', weight: 1, plan: async () => [{}], run: async () => ({}) }]
const lake = withPeriods({ kind: 'lake', stages }, { audit: 365, jobs: 90, certificates: 1_095 })
const jobs: Jobs = { lake, refresh: { kind: 'refresh', stages } }

test('each day what has been kept for its period goes, and nothing younger', async () => {
  const ports = memoryPorts()
  const { blobs, documents } = ports
  const old = await runJob('refresh', ports, jobs)
  ports.advance(1_000)
  const newest = await runJob('refresh', ports, jobs)
  const erasure = (id: string, at: number) =>
    documents.upsert(collections.erasures, {
      ...{ id, kind: 'erasure', pseudonym: id, status: 'completed', requested_by: 'test' },
      ...{ requested_at: new Date(at).toISOString(), completed_at: new Date(at).toISOString() },
    })
  await erasure('old', ports.clock())
  for (const path of ['audit/2026/01/01.ndjson', 'privacy/certificates/old.json'])
    await blobs.write(path, Buffer.from('x'))
  ports.advance(366 * dayMs)
  await blobs.write('audit/2027/01/02.ndjson', Buffer.from('x'))
  const daily = async () => {
    const { run } = await startRun('lake', { trigger: 'test', scope: 'daily', jobs }, ports)
    for (let sent = ports.sent.shift(); sent; sent = ports.sent.shift()) {
      await work(RunMessage.parse(sent.message), { jobs, ports })
    }
    return (await findRun(run.run_id, documents))?.document.stages.at(-1)?.metrics
  }
  expect(await daily()).toMatchObject({ audit_files_removed: 1, certificates_removed: 0, jobs_removed: 1 })
  expect(await findRun(old.run_id, documents)).toBeUndefined()
  expect(await findRun(newest.run_id, documents)).toBeDefined()
  expect(await blobs.read('audit/2027/01/02.ndjson')).toBeDefined()
  expect(await daily()).toMatchObject({ audit_files_removed: 0, jobs_removed: 0 })
  ports.advance(1_000 * dayMs)
  await erasure('young', ports.clock())
  expect(await daily()).toMatchObject({ certificates_removed: 1, erasures_removed: 1 })
  const left = (await Array.fromAsync(documents.query(collections.erasures, { partition: 'erasure' }))).flat()
  expect(left.map(({ id }) => id)).toEqual(['young'])
})

test('of an hourly run nothing is taken away', async () => {
  const ports = memoryPorts()
  await ports.blobs.write('audit/2020/01/01.ndjson', Buffer.from('x'))
  ports.advance(9_999 * dayMs)
  await runJob('lake', ports, jobs)
  expect(await ports.blobs.read('audit/2020/01/01.ndjson')).toBeDefined()
})
