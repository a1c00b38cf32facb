import { type DeltaPorts, readSnapshot } from '../lake/delta/snapshot.ts'
import { scanTable } from '../lake/tables/scan-table.ts'
import { silverProducts } from '../lake/tables/silver-tables.ts'

/** What content features are made of; empty texts and no price where the lake knows nothing of it. */
export interface ItemText {
  name: string
  description: string
  brand: string
  category: string
  tags: readonly string[]
  price: number | undefined
}

/** Characters of each that are read, 2,000 together: what comes after them tells little that is new. */
const lengthMax = { name: 200, description: 1_200, brand: 100, category: 100 }
const tagsLengthMax = 400

const unknown: ItemText = { name: '', description: '', brand: '', category: '', tags: [], price: undefined }

/**
 * The texts of items in the order of their ids, as the newest version of silver.products has them; of deleted items, too.
 * Memory is that of the texts: at most 2,000 characters an item.
 */
export async function readItemTexts(itemIds: readonly string[], { ports }: { ports: DeltaPorts }): Promise<ItemText[]> {
  const texts = new Array<ItemText>(itemIds.length).fill(unknown)
  const snapshot = await readSnapshot(silverProducts.path, ports)
  if (!snapshot) return texts
  const placeOf = new Map(itemIds.map((id, place) => [id, place]))
  await using session = await ports.sql.open()
  const products = await scanTable(silverProducts, snapshot, ports)
  for await (const part of session.columns(`select item_id, price, ${cut.join(', ')} from (${products})`)) {
    const text = (column: string, row: number) => String(part[column]?.[row])
    for (let row = 0; row < (part.item_id?.length ?? 0); row++) {
      const place = placeOf.get(text('item_id', row))
      if (place === undefined) continue
      const price = part.price?.[row]
      texts[place] = {
        ...{ name: text('name', row), description: text('description', row), brand: text('brand', row) },
        ...{ category: text('category', row), tags: text('tags', row).split('|').filter(Boolean) },
        price: typeof price === 'number' ? price : undefined,
      }
    }
  }
  return texts
}

const cut = [
  ...Object.entries(lengthMax).map(([name, length]) => `left(coalesce(${name}, ''), ${length}) as ${name}`),
  // A tag that would be cut is left out.
  `case when length(tags) > ${tagsLengthMax} then regexp_replace(left(tags, ${tagsLengthMax}), '[|][^|]*$', '')
    else coalesce(tags, '') end as tags`,
]
