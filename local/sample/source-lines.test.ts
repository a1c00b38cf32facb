import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { isRealProduct, type SourceLine, sourceLines } from './source-lines.ts'

test.each([
  'POST',
  'DOT',
  'C2',
  'M',
  'D',
  'S',
  'BANK CHARGES',
  'AMAZONFEE',
  'CRUK',
  'PADS',
  'DCGS0003',
  'GIFT_0001_20',
  'B',
])('isRealProduct() refuses the code %s', code => {
  expect(isRealProduct(code, 'ANYTHING')).toBe(false)
})

test('isRealProduct() takes goods with and without letters, and refuses services under such a code', () => {
  expect(['22423', '85123A', '79323GR'].every(code => isRealProduct(code, 'LANTERN'))).toBe(true)
  expect(isRealProduct('23444', 'Next Day Carriage')).toBe(false)
  expect(isRealProduct('22423', '')).toBe(false)
})

test("sourceLines() keeps rows with a customer, a price and a real product, in the source's order", async () => {
  const dir = await mkdtemp(join(tmpdir(), 'source-lines-'))
  const file = join(dir, 'source.csv.gz')
  const rows = [
    'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country',
    '536365,85123a, WHITE  LANTERN ,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom',
    '536366,22423,NOBODY BOUGHT THIS,6,2010-12-01 08:26:00,2.55,,United Kingdom',
    '536367,22423,GIVEN AWAY,6,2010-12-01 08:26:00,0.0,17850.0,United Kingdom',
    '536368,POST,POSTAGE,1,2010-12-01 08:26:00,18.0,17850.0,United Kingdom',
    'C536369,22423,"CAKESTAND, 3 TIER",-1,2010-12-01 08:27:00,12.75,17850.0,United Kingdom',
  ]
  await writeFile(file, gzipSync(rows.join('\n')))
  const lines: SourceLine[] = []
  for await (const line of sourceLines(file)) lines.push(line)
  await rm(dir, { recursive: true })
  expect(lines).toMatchObject([
    {
      itemId: '85123A',
      description: 'WHITE LANTERN',
      orderedAt: '2010-12-01T08:26:00Z',
      customerId: '17850',
      cancels: false,
    },
    { invoice: 'C536369', description: 'CAKESTAND, 3 TIER', quantity: -1, cancels: true },
  ])
})
