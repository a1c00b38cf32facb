import { expect, test } from 'vitest'
import { memoryDocuments } from '../../adapters/memory/documents.ts'
import { collections } from '../collections.ts'
import { ItemRules } from '../published.ts'
import { upcastItemRules } from './item-rules.ts'

const old = { id: 'pen', a: { generation: 1, value: [['ink', 0.1, 0.5, 2]] } }
const now = { id: 'pen', a: { generation: 1, value: [[['pen'], 'ink', 0.1, 0.5, 2]] } }

test('rules of when a left side was always the item itself have it on their left side', () => {
  expect(ItemRules.parse(upcastItemRules(old))).toEqual(now)
})

test('rules as they are now, of either slot, stay as they are', () => {
  const both = { ...now, b: { generation: 2, value: [[['pad', 'pen'], 'ink', 0.1, 1, 4]] } }
  expect(upcastItemRules(both)).toEqual(both)
  expect(upcastItemRules({ id: 'pen' })).toEqual({ id: 'pen' })
  expect(upcastItemRules('nonsense')).toBe('nonsense')
})

test('an older document is brought up when it is read', async () => {
  const documents = memoryDocuments(Date.now)
  // As an older release wrote it.
  const asWritten = {
    ...collections.userDocuments,
    container: 'assoc_rules',
    key: () => ({ id: 'pen', partition: 'pen' }),
  }
  await documents.upsert(asWritten, { ...old, user_id: '-' })
  expect((await documents.read(collections.itemRules, { id: 'pen', partition: 'pen' }))?.document).toEqual(now)
})
