import { expect, test } from 'vitest'
import { type MemoryPorts, memoryPorts } from '../shared/adapters/memory/ports.ts'
import { collections } from '../shared/schemas/collections.ts'
import { readItemTexts } from '../shared/training/item-texts.ts'
import { drop, runJob } from './memory-shop.ts'

const itemOf = async (id: string, { documents }: MemoryPorts) =>
  (await documents.read(collections.items, { id, partition: id }))?.document

const customerOf = async (partition: string, { documents }: MemoryPorts) =>
  (await documents.read(collections.customers, { id: 'customer', partition }))?.document

async function runLake(ports: MemoryPorts) {
  const run = await runJob('lake', ports)
  expect(run.status).toBe('completed')
  return run.stages.find(({ name }) => name === 'catalogue')?.metrics
}

test('what a file says of products and customers stands in the documents that lists are made of, and in their texts', async () => {
  const ports = memoryPorts({ now: Date.UTC(2026, 0, 1) })
  const plain = 'item_id,name,price,category'
  await drop(ports, 'products/1.csv', [plain, 'wine,Wine,8,Grocery', 'tea,Tea,3,Grocery'])
  await drop(ports, 'customers/1.csv', ['customer_id,country', 'anna,Italy', 'ben,Malta'])
  expect(await runLake(ports)).toMatchObject({ documents_written: 4 })
  expect(await itemOf('tea', ports)).toMatchObject({ price: 3, added_at: Date.UTC(2026, 0, 1) })

  ports.advance(3_600_000)
  const full = `${plain},cost,brand,description,tags,channels,regions,min_age,hidden,stock`
  await drop(ports, 'products/2.csv', [
    full,
    'wine,Wine,8,Grocery,2,Nord,A dry red,red|dry,Web,Lazio|Sud,18,no,0',
    'gin,Gin,9,Grocery,,,,,,,eighteen,,',
  ])
  await drop(ports, 'customers/2.csv', ['customer_id,region,birth_date', 'anna,Lazio,1990-05-06'])
  expect(await runLake(ports)).toMatchObject({ documents_written: 2 })
  expect(await itemOf('wine', ports)).toMatchObject({
    ...{ brand: 'Nord', tags: ['red', 'dry'], channels: ['web'], regions: ['Lazio', 'Sud'], min_age: 18 },
    ...{ cost: 2, margin: 0.75, in_stock: false, added_at: Date.UTC(2026, 0, 1) },
  })
  expect(await itemOf('gin', ports)).toBeUndefined()
  expect(await customerOf('anna', ports)).toMatchObject({ country: 'Italy', region: 'Lazio', birth_year: 1990 })
  expect(await readItemTexts(['tea', 'wine'], { ports })).toMatchObject([
    { name: 'Tea', tags: [] },
    { brand: 'Nord', description: 'A dry red', category: 'Groceries', tags: ['red', 'dry'], price: 8 },
  ])
})
