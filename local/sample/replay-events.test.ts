import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ReplayLine, replayEvents } from './replay-events.ts'

let dir = ''
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'replay-events-'))
})
afterAll(() => rm(dir, { recursive: true }))

async function lines(name: string, text: string): Promise<ReplayLine[]> {
  await writeFile(join(dir, name), text)
  const found: ReplayLine[] = []
  for await (const line of replayEvents(join(dir, name))) found.push(line)
  return found
}

test('replayEvents() hands NDJSON on as it is and tells the line that is not JSON', async () => {
  expect(await lines('a.ndjson', '{"user_id":"anna"}\n\nnonsense\r\n{"user_id":"ben"}')).toEqual([
    { line: 1, event: { user_id: 'anna' } },
    { line: 3, fault: 'is not JSON' },
    { line: 4, event: { user_id: 'ben' } },
  ])
})

test('replayEvents() makes events of CSV rows: view by default, times with or without a zone or as a count', async () => {
  const found = await lines(
    'a.csv',
    [
      'user_id,product_id,event_type,quantity,timestamp',
      'anna,mug,purchase,2,2011-12-09 12:50:00',
      'ben,mug,,,1323435000',
      'ben,lamp,view,,1323435000000',
      'cleo,mug,view,,',
    ].join('\n'),
  )
  const events = found.map(line => ('event' in line ? line.event : line))
  expect(events).toMatchObject([
    { user_id: 'anna', item_id: 'mug', event_type: 'purchase', quantity: 2, ts: '2011-12-09T12:50:00.000Z' },
    { user_id: 'ben', event_type: 'view', ts: '2011-12-09T12:50:00.000Z' },
    { item_id: 'lamp', ts: '2011-12-09T12:50:00.000Z' },
    { user_id: 'cleo', ts: undefined },
  ])
  expect(new Set(found.map(line => JSON.stringify(line))).size).toBe(4)
})

test('replayEvents() gives a row the same id each time and equal rows in other places others', async () => {
  const text = 'user_id\titem_id\nanna\tmug\nanna\tmug\n'
  const [first, second] = [await lines('a.tsv', text), await lines('b.tsv', text)]
  expect(first).toEqual(second)
  const ids = first.map(line => ('event' in line ? line.event : {})).map(event => JSON.stringify(event))
  expect(new Set(ids).size).toBe(2)
})

test('replayEvents() tells a row whose time cannot be read and goes on', async () => {
  const found = await lines('c.csv', 'user_id,item_id,timestamp\nanna,mug,yesterday\nben,mug,2011-12-09\n')
  expect(found).toMatchObject([
    { line: 2, fault: expect.stringContaining('yesterday') },
    { line: 3, event: { ts: '2011-12-09T00:00:00.000Z' } },
  ])
})

test('replayEvents() names the column a header lacks', async () => {
  await expect(lines('d.csv', 'user_id,thing\nanna,mug\n')).rejects.toThrow('without the column item_id')
})
