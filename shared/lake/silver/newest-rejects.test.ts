import { expect, test } from 'vitest'
import { drop, runJob } from '../../../tests/memory-shop.ts'
import { logOf } from '../../../tests/stocktaking.ts'
import { memoryPorts } from '../../adapters/memory/ports.ts'

const header = 'order_id,user_id,ordered_at,item_id,quantity,unit_price'
const line = 'o1,anna,2025-12-01T10:00:00Z,pen,1,2.5'

test('a run tells the rows it rejected by file, row, column and value, each in the run that rejected it', async () => {
  const ports = memoryPorts()
  await drop(ports, 'products/all.csv', ['item_id,name,price', 'pen,Pen,1'])
  const rejectedBy = async (name: string, lines: string[]) => {
    await drop(ports, `orders/${name}.csv`, [header, ...lines])
    const { run_id: runId, status } = await runJob('lake', ports)
    expect(status).toBe('completed')
    return (await logOf(runId, ports)).flatMap(({ file, rejected_row: row }) => (row ? [{ file, row }] : []))
  }
  expect(await rejectedBy('first', [line, line.replace(',1,', ',none,')])).toMatchObject([
    { file: 'landing/orders/first.csv', row: { row: 2, column: 'quantity', value: 'none' } },
  ])
  ports.advance(1_000)
  expect(await rejectedBy('second', [line.replace('o1', ''), line])).toMatchObject([
    { file: 'landing/orders/second.csv', row: { row: 1, column: 'order_id' } },
  ])
  ports.advance(1_000)
  expect(await rejectedBy('third', [line])).toEqual([])
})
