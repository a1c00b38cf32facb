import { expect, test } from 'vitest'
import { interceptedPorts } from '../../tests/faulty-ports.ts'
import { type MemoryPorts, memoryPorts } from '../adapters/memory/ports.ts'
import type { Ports } from '../ports.ts'
import type { StageContext } from '../runs/stage.ts'
import { collections } from '../schemas/collections.ts'
import { ItemId } from '../schemas/ids.ts'
import type { RuleTail } from '../schemas/published.ts'
import { writeList } from '../training/lists.ts'
import { flipLivePointer } from './live-pointer.ts'
import { publishStage } from './publish-stage.ts'
import { valueAt } from './slots.ts'

const rule = (item: string): RuleTail => [ItemId.parse(item), 0.1, 0.5, 2]

const contextOf = (token: number, ports: Ports): StageContext => ({
  runId: `refresh-${token}`,
  token,
  createdAt: '2026-01-01T00:00:00.000Z',
  ports,
  progress: async () => undefined,
  note: () => undefined,
})

/** Publishes rules by antecedent as one generation. */
async function publish(token: number, rules: Record<string, RuleTail[]>, ports: Ports) {
  const context = contextOf(token, ports)
  await writeList(context, 'itemRules', 0, Object.entries(rules))
  const [chunk] = await publishStage.plan(context)
  return publishStage.run(chunk, context)
}

const flip = (generation: number, { documents }: MemoryPorts) =>
  flipLivePointer(
    { generation, model_version: `v${generation}`, generated_at: '2026-01-01T00:00:00.000Z', data_until: 0 },
    documents,
  )

async function rulesAt(generation: number, id: string, { documents }: Ports) {
  const stored = await documents.read(collections.itemRules, { id, partition: id })
  return stored && valueAt(stored.document, generation)
}

test('a generation is invisible until it is live, and writes only what changed', async () => {
  const ports = memoryPorts()
  expect(await publish(1, { pen: [rule('ink')], tea: [rule('cup')] }, ports)).toEqual({ written: 2, unchanged: 0 })
  await flip(1, ports)
  expect(await publish(2, { pen: [rule('pad')], tea: [rule('cup')] }, ports)).toEqual({ written: 1, unchanged: 1 })
  expect(await rulesAt(1, 'pen', ports)).toEqual([rule('ink')])
  expect(await rulesAt(2, 'pen', ports)).toEqual([rule('pad')])
  expect(await rulesAt(2, 'tea', ports)).toEqual([rule('cup')])
})

test('a rule that no longer holds goes, and an item that never had one gets no document', async () => {
  const ports = memoryPorts()
  expect(await publish(1, { pen: [rule('ink')], tea: [] }, ports)).toEqual({ written: 1, unchanged: 1 })
  await flip(1, ports)
  expect(await publish(2, { pen: [], tea: [] }, ports)).toEqual({ written: 1, unchanged: 1 })
  expect(await rulesAt(2, 'pen', ports)).toEqual([])
  expect(await rulesAt(2, 'tea', ports)).toBeUndefined()
})

test('publishing a generation twice writes nothing the second time', async () => {
  const ports = memoryPorts()
  await publish(1, { pen: [rule('ink')] }, ports)
  expect(await publish(1, { pen: [rule('ink')] }, ports)).toEqual({ written: 0, unchanged: 1 })
})

test('a lost conditional write is read and tried again', async () => {
  const ports = memoryPorts()
  let raced = false
  const racing = interceptedPorts(ports, async (operation, name) => {
    if (name === 'documents.writeAll assoc_rules' && !raced) {
      raced = true
      await ports.documents.create(collections.itemRules, { id: 'pen', a: { generation: 1, value: [rule('old')] } })
    }
    return operation()
  })
  expect(await publish(2, { pen: [rule('ink')], tea: [rule('cup')] }, racing)).toEqual({ written: 2, unchanged: 0 })
  expect(await rulesAt(2, 'pen', ports)).toEqual([rule('ink')])
})

test('a worker whose run was superseded while it slept publishes nothing', async () => {
  const ports = memoryPorts()
  await publish(1, { pen: [rule('ink')] }, ports)
  await flip(1, ports)
  const lease = { id: 'lease' as const, run_id: 'lease-refresh', taken_at: '2026-01-01T00:00:00.000Z' }
  await ports.documents.create(collections.leases, { ...lease, token: 3, holder: 'refresh-later' })
  await expect(publish(2, { pen: [rule('pad')] }, ports)).rejects.toThrow(
    'Generation 2 is not published: the later run refresh-later began',
  )
  expect(await rulesAt(3, 'pen', ports)).toEqual([rule('ink')])
})
