import { describe, expect, test } from 'vitest'
import { ProductRow } from '../schemas/catalogue.ts'
import { type CsvRows, HeaderError, readCsv } from './read-csv.ts'

const format = {
  row: ProductRow,
  aliases: { product_id: 'item_id', title: 'name' },
  required: ['item_id', 'name', 'price'],
}

async function read(text: string, partRows = 100): Promise<CsvRows<ProductRow>[]> {
  return Array.fromAsync(readCsv(Buffer.from(text), format, { partRows }))
}
async function good(text: string) {
  const [part] = await read(text)
  expect(part?.bad).toEqual([])
  return part?.good.map(({ value: { item_id, name, price } }) => [item_id, name, price])
}
async function bad(text: string) {
  const parts = await read(text)
  return parts.flatMap(part => part.bad.map(({ row, column, value, reason }) => [row, column, value, reason]))
}

describe('a file of products', () => {
  test('is read by its header, with its row numbers as a spreadsheet shows them', async () => {
    const [part] = await read('price,item_id,name,colour\n1.50,pen,A pen,red\n\n2,cup,A cup,blue\n')
    expect(part?.good.map(({ row, value }) => [row, value.item_id])).toEqual([
      [2, 'pen'],
      [4, 'cup'],
    ])
    expect(part?.good[0]?.value).toEqual({
      ...{ item_id: 'pen', name: 'A pen', category: 'Other', price: 1.5, in_stock: true },
    })
    expect(part?.good[0]?.raw).toEqual({ price: '1.50', item_id: 'pen', name: 'A pen', colour: 'red' })
  })

  test('may quote commas, quotes and line ends', async () => {
    expect(await good('item_id,name,price\npen,"A pen, ""red""\nand blue",1\n')).toEqual([
      ['pen', 'A pen, "red"\nand blue', 1],
    ])
  })

  test('may begin with a byte order mark, end its lines as Windows does, and lack the last line end', async () => {
    expect(await good('\uFEFFitem_id,name,price\r\npen,A pen,1\r\ncup,A cup,2')).toEqual([
      ['pen', 'A pen', 1],
      ['cup', 'A cup', 2],
    ])
  })

  test.each([
    ['semicolons', ';'],
    ['tabs', '\t'],
    ['commas', ','],
  ])('may be separated by %s', async (_, delimiter) => {
    const text = [
      ['item_id', 'name', 'price'],
      ['pen', 'A pen', '1'],
    ]
      .map(row => row.join(delimiter))
      .join('\n')
    expect(await good(text)).toEqual([['pen', 'A pen', 1]])
  })

  test('separated by commas may hold semicolons in its texts, and the other way round', async () => {
    expect(await good('item_id,name,price\npen,red; blue,1\n')).toEqual([['pen', 'red; blue', 1]])
    expect(await good('item_id;name;price\npen;red, blue;1\n')).toEqual([['pen', 'red, blue', 1]])
  })

  test('may name columns in its own way: other names, capitals, spaces', async () => {
    expect(await good('Product_ID, Title ,PRICE\npen,A pen,1\n')).toEqual([['pen', 'A pen', 1]])
  })

  test('with both a column and its other name is read by the column', async () => {
    expect(await good('product_id,item_id,name,price\nignored,pen,A pen,1\n')).toEqual([['pen', 'A pen', 1]])
  })
})

describe('a broken row', () => {
  test.each([
    ['pen,A pen,cheap', [2, 'price', 'cheap', 'must be a number']],
    ['pen,A pen,-1', [2, 'price', '-1', 'must be 0 or more']],
    ['pen,A pen,', [2, 'price', '', 'must be a number']],
    ['pen,,1', [2, 'name', '', 'must not be empty']],
    [',A pen,1', [2, 'item_id', '', 'must be 1 to 128 characters without / \\ ? # or control characters']],
    ['a/b,A pen,1', [2, 'item_id', 'a/b', 'must be 1 to 128 characters without / \\ ? # or control characters']],
  ])('is told by row, column and value: %s', async (row, finding) => {
    expect(await bad(`item_id,name,price\n${row}\n`)).toEqual([finding])
  })

  test('with a column too many or too few is told by row, and the rest is read', async () => {
    const [part] = await read('item_id,name,price\npen,A pen\ncup,A cup,2\ntea,Tea,3,4\nink,Ink,5\n')
    expect(part?.good.map(({ row, value }) => [row, value.item_id])).toEqual([
      [3, 'cup'],
      [5, 'ink'],
    ])
    expect(part?.bad.map(({ row, column }) => [row, column])).toEqual([
      [2, '(row)'],
      [4, '(row)'],
    ])
  })

  test('with a quote that is never closed is told, and the rows before it are read', async () => {
    const [part] = await read('item_id,name,price\npen,A pen,1\ncup,"A cup,2\ntea,Tea,3\n')
    expect(part?.good.map(({ value }) => value.item_id)).toEqual(['pen'])
    expect(part?.bad).toMatchObject([{ column: '(row)', reason: expect.stringContaining('Quote') }])
  })
})

test('parts hold the rows asked for, good and bad together, and the same rows at each reading', async () => {
  const text = `item_id,name,price\n${['a', 'b', 'c', 'd', 'e'].map(id => `${id},${id},${id === 'b' ? 'x' : 1}`).join('\n')}\n`
  const shape = async () =>
    (await read(text, 2)).map(part => [part.good.map(({ value }) => value.item_id), part.bad.map(({ row }) => row)])
  expect(await shape()).toEqual([
    [['a'], [3]],
    [['c', 'd'], []],
    [['e'], []],
  ])
  expect(await shape()).toEqual(await shape())
})

test('a header without a required column refuses the file and names every one that is missing', async () => {
  await expect(read('item_id,colour\npen,red\n')).rejects.toThrow(
    new HeaderError('The header lacks the column name, price: it has item_id, colour'),
  )
})

test('a header alone is a file without rows', async () => {
  expect(await read('item_id,name,price\n')).toEqual([])
})
