import type { Container, FeedOptions, SqlQuerySpec } from '@azure/cosmos'
import type { AccountUnderTest } from './account-under-test.ts'

/** Five documents of three shops, small enough to check by eye. */
export const documents = [
  { id: 'a', shop: 'x', name: 'Lamp', price: 10, tags: ['home', 'light'], parts: [{ n: 1 }, { n: 2 }], on: true },
  { id: 'b', shop: 'x', name: 'Desk', price: 200, tags: ['home'], nested: { depth: { value: 5 } }, on: false },
  { id: 'c', shop: 'y', name: 'lamp shade', price: 10, tags: [], none: null, on: true },
  { id: 'd', shop: 'y', name: 'Chair', price: '10', tags: ['home', 'seat'] },
  { id: 'e', shop: 'z', name: 'Door_1' },
]

/** The rows of a query, of all partitions unless told otherwise. */
export type Rows = (query: string | SqlQuerySpec, options?: FeedOptions) => Promise<unknown[]>

/** A container of the five documents, with a composite index of shop and price. */
export async function sqlShop(account: AccountUnderTest): Promise<{ container: Container; rows: Rows }> {
  const composite = [
    { path: '/shop', order: 'ascending' as const },
    { path: '/price', order: 'descending' as const },
  ]
  const container = await account.container({ indexingPolicy: { compositeIndexes: [composite] } })
  for (const document of documents) await container.items.create({ ...document })
  return {
    container,
    rows: async (query, options) => (await container.items.query(query, options).fetchAll()).resources,
  }
}

/** Rows in an order of their own, for queries that name none. */
export function unordered(rows: readonly unknown[]): string[] {
  return rows.map(row => JSON.stringify(row)).sort()
}
