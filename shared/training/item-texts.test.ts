import { expect, test } from 'vitest'
import { memoryPorts } from '../adapters/memory/ports.ts'
import { writeTable } from '../lake/delta/write-table.ts'
import { silverProducts } from '../lake/tables/silver-tables.ts'
import { definitionOf, type Table } from '../lake/tables/table.ts'
import type { Ports } from '../ports.ts'
import { readItemTexts } from './item-texts.ts'

async function write(rows: string, ports: Ports, table: Table = silverProducts) {
  await using session = await ports.sql.open()
  await writeTable(definitionOf(table), rows, { session, replace: 'all' }, ports)
}
const nothing = { name: '', description: '', brand: '', category: '', tags: [], price: undefined }

test('texts come in the order asked for, and nothing of what the lake does not know', async () => {
  const ports = memoryPorts()
  expect(await readItemTexts(['pen'], { ports })).toEqual([nothing])
  await write(
    `select 'ink' as item_id, 'Ink' as name, 'Blue ink' as description, 'Nord' as brand, 'Paper' as category,
      'blue|wet' as tags, 2.5 as price
    union all select 'pen', 'Pen', null, null, 'Paper', '', null`,
    ports,
  )
  const ink = {
    name: 'Ink',
    description: 'Blue ink',
    brand: 'Nord',
    category: 'Paper',
    tags: ['blue', 'wet'],
    price: 2.5,
  }
  expect(await readItemTexts(['pen', 'cup', 'ink'], { ports })).toEqual([
    { ...nothing, name: 'Pen', category: 'Paper' },
    nothing,
    ink,
  ])
})

test('of an item at most 2,000 characters are read, and no tag in part', async () => {
  const ports = memoryPorts()
  const tags = Array.from({ length: 50 }, (_, tag) => `tag-${tag}`.padEnd(30, 'x'))
  await write(
    `select 'pen' as item_id, repeat('n', 9000) as name, repeat('é', 9000) as description, '${tags.join('|')}' as tags`,
    ports,
  )
  const [text = nothing] = await readItemTexts(['pen'], { ports })
  expect([text.name.length, text.description.length]).toEqual([200, 1_200])
  expect(text.tags).toEqual(tags.slice(0, 12))
})

test('a table of before it had tags is read without them', async () => {
  const ports = memoryPorts()
  const columns = silverProducts.columns.filter(({ name }) => !['tags', 'brand'].includes(name))
  await write(`select 'pen' as item_id, 'Pen' as name, 1 as price`, ports, { ...silverProducts, columns })
  expect(await readItemTexts(['pen'], { ports })).toEqual([{ ...nothing, name: 'Pen', price: 1 }])
})
