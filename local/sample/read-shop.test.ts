import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readShop } from './read-shop.ts'
import { writeTinyShop } from './tiny-shop.ts'

let dir = ''
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'shop-'))
  await writeTinyShop(dir)
})
afterEach(() => rm(dir, { recursive: true }))

describe('readShop()', () => {
  test('reads orders, products, customers and the attribution', async () => {
    const shop = await readShop(dir)
    expect(shop.orders[0]).toEqual({
      orderId: '1',
      customerId: 'anna',
      orderedAt: '2011-11-01T10:00:00Z',
      itemId: 'mug',
      quantity: 2,
      unitPrice: 4.5,
    })
    expect(shop.products[0]).toEqual({ itemId: 'mug', name: 'Mug, "blue"', category: 'Kitchen', price: 4.5 })
    expect(shop.customers).toEqual([
      { customerId: 'anna', country: 'France' },
      { customerId: 'ben', country: 'EIRE' },
    ])
    expect(shop.info).toMatchObject({ currency: 'GBP', shift_dates_to_now: true })
    expect(shop.faults).toEqual([])
  })

  test('keeps the rest when a row is broken and names its row, column and value', async () => {
    await writeFile(
      join(dir, 'orders.csv'),
      [
        'order_id,customer_id,ordered_at,item_id,quantity,unit_price',
        '1,anna,yesterday,mug,2,4.5',
        '2,ben,2011-11-02T10:00:00Z,mug,1,4.5',
        '3,,2011-11-02T10:00:00Z,mug,many',
      ].join('\n'),
    )
    const { orders, faults, tables } = await readShop(dir)
    expect(orders.map(({ orderId }) => orderId)).toEqual(['2'])
    expect(tables.orders.rows).toHaveLength(3)
    expect(faults.map(({ row, column, value }) => [row, column, value])).toEqual([
      [2, 'ordered_at', 'yesterday'],
      [4, 'customer_id', ''],
      [4, 'quantity', 'many'],
      [4, 'unit_price', ''],
    ])
  })

  test('names the file that is missing', async () => {
    await rm(join(dir, 'products.csv'))
    await expect(readShop(dir)).rejects.toThrow('Cannot read products.csv')
  })

  test('names the column that is missing and the header there is', async () => {
    await writeFile(join(dir, 'customers.csv'), 'id,country\n1,France\n')
    await expect(readShop(dir)).rejects.toThrow(
      'customers.csv without the column customer_id: its header is "id,country"',
    )
  })

  test('names the setting of shop.json that is wrong', async () => {
    const info: object = JSON.parse(await readFile(join(dir, 'shop.json'), 'utf8'))
    await writeFile(join(dir, 'shop.json'), JSON.stringify({ ...info, shift_dates_to_now: 'yes' }))
    await expect(readShop(dir)).rejects.toThrow('Cannot use shop.json: shift_dates_to_now')
    await writeFile(join(dir, 'shop.json'), '{')
    await expect(readShop(dir)).rejects.toThrow('it is not JSON')
  })

  test('reads a file that begins with a byte order mark', async () => {
    await cp(join(dir, 'customers.csv'), join(dir, 'plain.csv'))
    await writeFile(join(dir, 'customers.csv'), `\uFEFF${await readFile(join(dir, 'plain.csv'), 'utf8')}`)
    expect((await readShop(dir)).customers).toHaveLength(2)
  })
})

test('the sample shop is sound: every order line has its product and customer, sorted by time', async () => {
  const { orders, products, customers, faults } = await readShop()
  expect(faults).toEqual([])
  expect(orders.length).toBe(93_460)
  const items = new Set(products.map(({ itemId }) => itemId))
  const users = new Set(customers.map(({ customerId }) => customerId))
  expect(items.size).toBe(3306)
  expect(users.size).toBe(1024)
  expect(orders.filter(line => !items.has(line.itemId) || !users.has(line.customerId))).toEqual([])
  expect(orders.every((line, position) => line.orderedAt >= (orders[position - 1]?.orderedAt ?? ''))).toBe(true)
})
