import { expect, test } from 'vitest'
import { drop, jobs, runJob } from '../../../tests/memory-shop.ts'
import { logOf } from '../../../tests/stocktaking.ts'
import { type MemoryPorts, memoryPorts } from '../../adapters/memory/ports.ts'
import { bindInputs } from '../../lake/build/bind-inputs.ts'
import { viewName } from '../../lake/tables/table.ts'
import { filesStage } from './files-stage.ts'
import { kindsOfFiles, type LandingKind } from './landing-kinds.ts'

const stages = [filesStage({ pseudonymKey: 'key' })]

async function land(ports: MemoryPorts) {
  const run = await runJob('lake', ports, { ...jobs, lake: { kind: 'lake', stages } })
  const refused = (await logOf(run.run_id, ports)).flatMap(line => (line.refused ? [line.refused] : []))
  return { stored: run.stages[0]?.metrics?.stored, refused }
}

async function bronze(kind: LandingKind, columns: string, ports: MemoryPorts) {
  await using session = await ports.sql.open()
  const { table } = kindsOfFiles[kind]
  await bindInputs([{ table }], session, ports)
  return await session.rows(`select ${columns} from ${viewName(table.path)} order by _row`)
}

const map = (path: string, mapping: unknown, ports: MemoryPorts) => drop(ports, path, [JSON.stringify(mapping)])
const bills = [
  'Nr;Kunde;Wann;Artikel;Stück;Preis;Bar',
  'R1;7.0;24.12.2025 18:30;pen;2;1.234,50;ja',
  'SR2;;bald;cup;-1;3;nein',
]
const mapping = {
  columns: { order_id: 'nr', ordered_at: 'Wann', item_id: 'Artikel', quantity: 'Stück', unit_price: 'Preis' },
  constants: { currency: 'EUR' },
  derive: {
    user_id: { from: 'Kunde', remove_suffix: '.0' },
    line_no: { row_number: true },
    status: { from: 'Nr', begins_with: { S: 'returned' }, otherwise: 'completed' },
    channel: { from: 'Bar', values: { ja: 'store' } },
  },
  ...{ timestamp_format: '%d.%m.%Y %H:%M', decimal_comma: true, delimiter: ';' },
}

test('a mapping file says how the files of a folder are read, unedited', async () => {
  const ports = memoryPorts()
  await map('orders/_mapping.json', mapping, ports)
  await drop(ports, 'orders/bills.csv', bills)
  expect(await land(ports)).toEqual({ stored: 2, refused: [] })
  const columns = 'order_id, user_id, ordered_at, quantity, unit_price, currency, line_no, status, channel'
  expect(await bronze('orders', columns, ports)).toEqual([
    {
      ...{ order_id: 'R1', user_id: '7', ordered_at: '2025-12-24T18:30:00', quantity: '2', unit_price: '1234.50' },
      ...{ currency: 'EUR', line_no: '1', status: 'completed', channel: 'store' },
    },
    {
      ...{ order_id: 'SR2', user_id: null, ordered_at: 'bald', quantity: '-1', unit_price: '3' },
      ...{ currency: 'EUR', line_no: '2', status: 'returned', channel: 'nein' },
    },
  ])
})

test('a file’s own mapping goes before its folder’s', async () => {
  const ports = memoryPorts()
  await map('orders/_mapping.json', mapping, ports)
  await map('orders/b.csv.mapping.json', { columns: { user_id: 'who' } }, ports)
  await drop(ports, 'orders/b.csv', ['order_id,who,ordered_at', 'o1,anna,2026-01-01'])
  expect(await land(ports)).toEqual({ stored: 1, refused: [] })
  expect(await bronze('orders', 'user_id', ports)).toEqual([{ user_id: 'anna' }])
})

test('a source that quotes nothing may hold quotes', async () => {
  const ports = memoryPorts()
  await map('ratings/_mapping.json', { quote: '' }, ports)
  await drop(ports, 'ratings/a.csv', ['user_id,item_id,rating', 'anna,5" disk,4', 'bo,"open,3', 'cy,cup,2'])
  expect(await land(ports)).toEqual({ stored: 3, refused: [] })
  expect((await bronze('ratings', 'item_id', ports)).map(row => row.item_id)).toEqual(['5" disk', '"open', 'cup'])
})

test('further kinds are made of the same file, a row for each key: its last with all it needs', async () => {
  const ports = memoryPorts()
  const columns = { item_id: 'item_id', name: 'title', price: 'unit_price' }
  await map(
    'orders/_mapping.json',
    { also: [{ kind: 'products', columns, distinct_by: 'item_id', needs: ['name'] }] },
    ports,
  )
  await drop(ports, 'orders/a.csv', [
    'order_id,user_id,ordered_at,item_id,quantity,unit_price,title',
    'o1,anna,2026-01-01,pen,1,1,Old pen',
    'o2,anna,2026-01-02,pen,1,2,New pen',
    'o3,anna,2026-01-03,pen,1,3,',
    'o4,anna,2026-01-03,,1,3,Nothing',
  ])
  expect(await land(ports)).toEqual({ stored: 4, refused: [] })
  expect(await bronze('products', 'item_id, name, price, _row', ports)).toEqual([
    { item_id: 'pen', name: 'New pen', price: '2', _row: 2 },
  ])
})

test.each([
  [
    { columns: { user_id: 'Whom' } },
    'The mapping takes user_id from the column Whom: the file has order_id, who, ordered_at',
  ],
  [
    { columns: { user_id: 'who', colour: 'who' } },
    'The mapping names colour, which orders do not have: they have order_id, ',
  ],
  [{ colums: {} }, 'landing/orders/_mapping.json is not valid: (file): Unrecognized key: "colums"'],
  [{ timestamp_format: '%Q' }, 'timestamp_format: must be a format of strptime like %d/%m/%Y %H:%M'],
])('a mapping that is wrong says what: %j', async (wrong, reason) => {
  const ports = memoryPorts()
  await map('orders/_mapping.json', wrong, ports)
  await drop(ports, 'orders/b.csv', ['order_id,who,ordered_at', 'o1,anna,2026-01-01'])
  expect((await land(ports)).refused).toEqual([expect.stringContaining(reason)])
  await map('orders/_mapping.json', { columns: { user_id: 'who' } }, ports)
  // The mended mapping is reason enough to try again.
  expect(await land(ports)).toEqual({ stored: 1, refused: [] })
})
