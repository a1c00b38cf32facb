import { expect, test } from 'vitest'
import { interceptedPorts } from '../../tests/faulty-ports.ts'
import { flipTo, publishRules, rule, rulesAt } from '../../tests/published-rules.ts'
import { memoryPorts } from '../adapters/memory/ports.ts'
import { collections } from '../schemas/collections.ts'

test('a generation is invisible until it is live, and writes only what changed', async () => {
  const ports = memoryPorts()
  expect(await publishRules(1, { pen: [rule('ink')], tea: [rule('cup')] }, ports)).toEqual({
    written: 2,
    unchanged: 0,
    unread: 0,
  })
  await flipTo(1, ports)
  expect(await publishRules(2, { pen: [rule('pad')], tea: [rule('cup')] }, ports)).toEqual({
    written: 1,
    unchanged: 1,
    unread: 0,
  })
  expect(await rulesAt(1, 'pen', ports)).toEqual([rule('ink')])
  expect(await rulesAt(2, 'pen', ports)).toEqual([rule('pad')])
  expect(await rulesAt(2, 'tea', ports)).toEqual([rule('cup')])
})

test('a rule that no longer holds goes, and an item that never had one gets no document', async () => {
  const ports = memoryPorts()
  expect(await publishRules(1, { pen: [rule('ink')], tea: [] }, ports)).toEqual({ written: 1, unchanged: 1, unread: 0 })
  await flipTo(1, ports)
  expect(await publishRules(2, { pen: [], tea: [] }, ports)).toEqual({ written: 1, unchanged: 1, unread: 0 })
  expect(await rulesAt(2, 'pen', ports)).toEqual([])
  expect(await rulesAt(2, 'tea', ports)).toBeUndefined()
})

test('publishing a generation twice writes nothing the second time', async () => {
  const ports = memoryPorts()
  await publishRules(1, { pen: [rule('ink')] }, ports)
  expect(await publishRules(1, { pen: [rule('ink')] }, ports)).toEqual({ written: 0, unchanged: 1, unread: 0 })
})

test('thousands of values are all written, and counted, though several requests of them go at once', async () => {
  const ports = memoryPorts()
  const many = (item: string) =>
    Object.fromEntries(Array.from({ length: 1_100 }, (_, n) => [`item-${n}`, [rule(item)]]))
  expect(await publishRules(1, many('ink'), ports)).toEqual({ written: 1_100, unchanged: 0, unread: 0 })
  expect(await publishRules(1, many('ink'), ports)).toEqual({ written: 0, unchanged: 1_100, unread: 0 })
  expect(await rulesAt(1, 'item-1099', ports)).toEqual([rule('ink')])
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
  expect(await publishRules(2, { pen: [rule('ink')], tea: [rule('cup')] }, racing)).toEqual({
    written: 2,
    unchanged: 0,
    unread: 0,
  })
  expect(await rulesAt(2, 'pen', ports)).toEqual([rule('ink')])
})

test('a worker whose run was superseded while it slept publishes nothing', async () => {
  const ports = memoryPorts()
  await publishRules(1, { pen: [rule('ink')] }, ports)
  await flipTo(1, ports)
  const lease = { id: 'lease' as const, run_id: 'lease-refresh', taken_at: '2026-01-01T00:00:00.000Z' }
  await ports.documents.create(collections.leases, { ...lease, token: 3, holder: 'refresh-later' })
  await expect(publishRules(2, { pen: [rule('pad')] }, ports)).rejects.toThrow(
    'Generation 2 is not published: the later run refresh-later began',
  )
  expect(await rulesAt(3, 'pen', ports)).toEqual([rule('ink')])
})
