import { describe, expect, test } from 'vitest'
import { answeringShop, apiOver } from '../../../tests/api-by-hand.ts'
import type { Ports } from '../../ports.ts'
import { collections } from '../../schemas/collections.ts'
import type { Erasure } from '../../schemas/erasure.ts'
import { ErasureList } from '../../schemas/privacy-answers.ts'

const idOf = (n: number) => `erasure-${n.toString(16).padStart(32, '0')}`

/** Two erasures each second, so that pages end among those of one second. */
async function erased(n: number, { documents }: Ports): Promise<void> {
  const second = new Date(Date.UTC(2026, 0, 1) + Math.floor(n / 2) * 1000).toISOString()
  const erasure: Erasure = {
    ...{
      id: idOf(n),
      kind: 'erasure',
      pseudonym: 'p',
      status: 'completed',
      requested_at: second,
      requested_by: 'desk',
    },
  }
  await documents.upsert(collections.erasures, erasure)
}

describe('a page of what is newest', () => {
  test('goes on where the one before ended, whatever has come since, and tells none twice', async () => {
    const { ports, shop } = await answeringShop()
    const { call } = apiOver({ ports, shop })
    for (let n = 0; n < 7; n++) await erased(n, ports)
    const found: string[] = []
    let cursor: string | null | undefined
    for (let page = 0; cursor !== null; page++) {
      const { json } = await call('erasures', { query: { limit: '3', ...(cursor ? { cursor } : {}) } })
      const { items, next_cursor } = ErasureList.parse(json)
      found.push(...items.map(({ erasure }) => erasure))
      expect(items.length).toBe(page < 2 ? 3 : 1)
      cursor = next_cursor
      await erased(100 + page, ports)
    }
    expect(new Set(found)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6].map(idOf)))
    expect(found).toHaveLength(7)
  })

  test('of another list is none of this one', async () => {
    const { call } = apiOver(await answeringShop())
    const cursor = Buffer.from('["by_name","a"]').toString('base64url')
    for (const name of ['exports', 'erasures', 'batch-jobs']) {
      const { status, json } = await call(name, { query: { cursor } })
      expect([status, json]).toEqual([400, expect.objectContaining({ code: 'invalid_query' })])
    }
  })
})
