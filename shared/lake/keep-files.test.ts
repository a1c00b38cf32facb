import { expect, test } from 'vitest'
import { drop, runJob } from '../../tests/memory-shop.ts'
import { memoryPorts } from '../adapters/memory/ports.ts'
import { keepFiles } from './keep-files.ts'

const dayMs = 86_400_000
const days = { landing: 30, refused: 90, logs: 60, exports: 7 }

test('files go when they are older than they are to be kept, and not a day before', async () => {
  const ports = memoryPorts()
  const paths = ['dead-letter/interactions/a.ndjson', 'quarantine/landing/b.ndjson', 'logs/run.ndjson', 'exports/c.csv']
  for (const path of paths) await ports.blobs.write(path, Buffer.from('x'))
  const left = async () => (await Array.fromAsync(ports.blobs.list(''))).map(({ path }) => path).sort()
  ports.advance(7 * dayMs)
  expect(await keepFiles(days, ports)).toBe(0)
  ports.advance(1)
  expect(await keepFiles(days, ports)).toBe(1)
  expect(await left()).not.toContain('exports/c.csv')
  ports.advance(53 * dayMs)
  expect(await keepFiles(days, ports)).toBe(1)
  ports.advance(30 * dayMs)
  expect(await keepFiles(days, ports)).toBe(2)
  expect(await left()).toEqual([])
})

test('a file in landing/ goes once it was taken in, and stays as long as it was not', async () => {
  const ports = memoryPorts()
  await drop(ports, 'orders/taken.csv', [
    'order_id,user_id,ordered_at,item_id,quantity,unit_price',
    'o,u,2026-01-01,i,1,1',
  ])
  await runJob('lake', ports)
  await drop(ports, 'orders/waiting.csv', [
    'order_id,user_id,ordered_at,item_id,quantity,unit_price',
    'o,u,2026-01-01,i,1,1',
  ])
  await drop(ports, 'orders/_mapping.json', ['{}'])
  ports.advance(31 * dayMs)
  expect(await keepFiles(days, ports)).toBe(1)
  const left = (await Array.fromAsync(ports.blobs.list('landing/'))).map(({ path }) => path)
  expect(left).toEqual(['landing/orders/_mapping.json', 'landing/orders/waiting.csv'])
})
