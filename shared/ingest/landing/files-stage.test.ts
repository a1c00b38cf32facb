import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { faultyPorts, WorkerStruck } from '../../../tests/faulty-ports.ts'
import { drop, jobs, runJob } from '../../../tests/memory-shop.ts'
import { logOf } from '../../../tests/stocktaking.ts'
import { type MemoryPorts, memoryPorts } from '../../adapters/memory/ports.ts'
import { bindInputs } from '../../lake/build/bind-inputs.ts'
import { readSnapshot } from '../../lake/delta/snapshot.ts'
import { viewName } from '../../lake/tables/table.ts'
import type { Ports } from '../../ports.ts'
import type { StageContext } from '../../runs/stage.ts'
import { filesStage } from './files-stage.ts'
import { kindsOfFiles, type LandingKind } from './landing-kinds.ts'
import { readManifest } from './landing-manifest.ts'

const files = filesStage({ pseudonymKey: 'key' })

async function land(ports: MemoryPorts) {
  const run = await runJob('lake', ports, { ...jobs, lake: { kind: 'lake', stages: [files] } })
  expect(run.status).toBe('completed')
  const { duration_ms: _, request_units: __, ...metrics } = run.stages[0]?.metrics ?? {}
  return { metrics, log: await logOf(run.run_id, ports) }
}

async function bronze(kind: LandingKind, ports: Ports, columns = '*', order = '_source, _batch_id, _row') {
  await using session = await ports.sql.open()
  const { table } = kindsOfFiles[kind]
  await bindInputs([{ table }], session, ports)
  return await session.rows(`select ${columns} from ${viewName(table.path)} order by ${order}`)
}

const quarantined = async (path: string, { blobs }: Ports) =>
  new TextDecoder()
    .decode(await blobs.read(`quarantine/landing/${path}`))
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line))

const context = (ports: Ports): StageContext => ({
  ...{ runId: 'run', token: 1, createdAt: '2026-01-01T00:00:00.000Z', ports },
  ...{ progress: async () => undefined, note: () => undefined },
})

const header = 'order_id,customer_id,order_ts,product_id,qty,price'

describe('a file in landing/', () => {
  test('stands in bronze as it was received, with where it came from', async () => {
    const ports = memoryPorts({ now: Date.UTC(2026, 0, 1, 12) })
    await drop(ports, 'orders/7.csv', [header, 'o1,anna,2025-12-01 10:00,pen,2,1.50', 'o2,,yesterday,cup,many,'])
    expect((await land(ports)).metrics).toEqual({ files: 1, rows: 2, stored: 2, rejected: 0 })
    const [first, second] = await bronze('orders', ports)
    expect(first).toMatchObject({
      ...{ order_id: 'o1', user_id: 'anna', ordered_at: '2025-12-01 10:00', item_id: 'pen' },
      ...{ quantity: '2', unit_price: '1.50', channel: null },
      ...{ _source: 'landing/orders/7.csv', _batch_id: 'landing/orders/7.csv#1', _row: 1, schemaVersion: 1 },
      ...{ _ingested_at: '2026-01-01T12:00:00.000Z', _ingested_on: '2026-01-01' },
    })
    expect(second).toMatchObject({
      user_id: null,
      ordered_at: 'yesterday',
      quantity: 'many',
      unit_price: null,
      _row: 2,
    })
    const cells = ['item_id=pen', 'order_id=o1', 'ordered_at=2025-12-01 10:00', 'quantity=2', 'unit_price=1.50']
    const content = [...cells, 'user_id=anna'].map(cell => `\u001f${cell}`).join('')
    expect(first?._row_hash).toBe(ports.sha256(content).slice(0, 16))
  })

  const rows = [
    { user_id: 'anna', item_id: 'pen', rating: '5', rated_at: '2026-01-01', review: 'good; "really"' },
    { user_id: 'bo', item_id: 'cup', rating: '1', rated_at: '2026-01-02', review: null },
  ]
  test.each([
    [
      'a.csv',
      'user_id,item_id,rating,timestamp,review\nanna,pen,5,2026-01-01,"good; ""really"""\nbo,cup,1,2026-01-02,\n',
    ],
    [
      'a.tsv',
      'User_Id\tproduct_id\trating\ttimestamp\treview\nanna\tpen\t5\t2026-01-01\t"good; ""really"""\nbo\tcup\t1\t2026-01-02\t',
    ],
    [
      'a.csv',
      '\ufeffuser_id;item_id;rating;timestamp;review\r\nanna;pen;5;2026-01-01;"good; ""really"""\r\nbo;cup;1;2026-01-02;\r\n',
    ],
    [
      'a.jsonl',
      '{"user_id":"anna","item_id":"pen","rating":5,"timestamp":"2026-01-01","review":"good; \\"really\\""}\n\n{"user_id":"bo","item_id":"cup","rating":1,"rated_at":"2026-01-02"}\n'.replace(
        '"rated_at"',
        '"timestamp"',
      ),
    ],
    [
      'a.json',
      '[{"user_id":"anna","item_id":"pen","rating":5,"timestamp":"2026-01-01","review":"good; \\"really\\""},\n{"user_id":"bo","item_id":"cup","rating":1,"timestamp":"2026-01-02"}]',
    ],
  ])('%s is read, zipped or not, and equal rows have equal hashes: %#', async (name, text) => {
    const ports = memoryPorts()
    await ports.blobs.write(`landing/ratings/${name}`, Buffer.from(text))
    await ports.blobs.write(`landing/ratings/${name}.gz`, gzipSync(Buffer.from(text)))
    expect((await land(ports)).metrics).toEqual({ files: 2, rows: 4, stored: 4, rejected: 0 })
    const columns = 'user_id, item_id, rating, rated_at, review'
    expect(await bronze('ratings', ports, columns)).toEqual([...rows, ...rows])
    const hashes = (await bronze('ratings', ports, '_row_hash')).map(row => row._row_hash)
    expect(hashes.slice(0, 2)).toEqual(hashes.slice(2))
    expect(hashes[0]).toBe('dc74e5ca1deb3c4b')
  })

  test('in Parquet comes as texts: times in ISO 8601, what is nested as JSON', async () => {
    const ports = memoryPorts()
    await using session = await ports.sql.open()
    const file = `${session.folder}/orders.parquet`
    await session.run(`copy (select 1 as order_id, 'anna' as user_id, timestamp '2026-01-01 10:00:00' as ordered_at,
      {'gift': true} as attributes_json, 2.5::decimal(9,2) as total) to '${file}' (format parquet)`)
    await ports.blobs.storeFile('landing/orders/x.parquet', file)
    expect((await land(ports)).metrics).toMatchObject({ stored: 1 })
    expect(await bronze('orders', ports)).toMatchObject([
      { order_id: '1', ordered_at: '2026-01-01T10:00:00Z', attributes_json: '{"gift":true}', total: '2.50', _row: 1 },
    ])
  })

  test('says tags, channels and regions as lists, whatever it is written in', async () => {
    const ports = memoryPorts()
    await using session = await ports.sql.open()
    const file = `${session.folder}/products.parquet`
    await session.run(`copy (select 'tea' as item_id, 'Tea' as name, 3 as price, ['green', 'loose'] as tags,
      12 as minimum_age, true as hidden) to '${file}' (format parquet)`)
    await ports.blobs.storeFile('landing/products/1.parquet', file)
    await drop(ports, 'products/2.csv', ['item_id,name,price,tags,min_age,is_hidden', 'pen,Pen,1,blue|wet,,no'])
    await drop(ports, 'products/3.jsonl', ['{"item_id":"cup","name":"Cup","price":2,"tags":["red"],"regions":"Nord"}'])
    expect((await land(ports)).metrics).toMatchObject({ stored: 3 })
    expect(await bronze('products', ports, 'tags, regions, min_age, hidden')).toEqual([
      { tags: '["green","loose"]', regions: null, min_age: '12', hidden: 'true' },
      { tags: 'blue|wet', regions: null, min_age: null, hidden: 'no' },
      { tags: '["red"]', regions: 'Nord', min_age: null, hidden: null },
    ])
  })

  test('keeps columns that nobody knows, under clean names; earlier rows lack them', async () => {
    const ports = memoryPorts()
    await drop(ports, 'products/1.csv', ['item_id,name,price', 'pen,A pen,1'])
    await land(ports)
    ports.advance(1000)
    await drop(ports, 'products/2.csv', ['item_id,name,price,Farbe (außen),_row,Farbe außen', 'cup,A cup,2,blau,9,rot'])
    await drop(ports, 'products/3.jsonl', ['{"item_id":"tea","name":"Tea","price":3,"sizes":{"s":1}}'])
    await land(ports)
    const columns = 'item_id, farbe_außen, "row", farbe_außen_2, sizes'
    expect(await bronze('products', ports, columns)).toEqual([
      { item_id: 'pen', farbe_außen: null, row: null, farbe_außen_2: null, sizes: null },
      { item_id: 'cup', farbe_außen: 'blau', row: '9', farbe_außen_2: 'rot', sizes: null },
      { item_id: 'tea', farbe_außen: null, row: null, farbe_außen_2: null, sizes: '{"s":1}' },
    ])
  })

  test('with more than 200 unknown columns is refused', async () => {
    const ports = memoryPorts()
    const many = Array.from({ length: 201 }, (_, index) => `x${index}`)
    await drop(ports, 'products/1.csv', [`item_id,name,price,${many}`, `pen,A pen,1,${many}`])
    const { metrics, log } = await land(ports)
    expect(metrics).toEqual({ files: 1, files_refused: 1 })
    expect(log).toContainEqual(expect.objectContaining({ refused: expect.stringContaining('at most 200 are kept') }))
  })

  test('of an unknown kind, or that is not finished, is left alone and noted', async () => {
    const ports = memoryPorts()
    await drop(ports, 'readme.txt', ['hello'])
    await drop(ports, 'orders/_started.csv', [header])
    await drop(ports, 'orders/8.csv.part', [header])
    await ports.blobs.write('landing/orders/9.csv', new Uint8Array())
    const { metrics, log } = await land(ports)
    expect(metrics).toEqual({})
    const noted = log.flatMap(({ file, ignored, waiting }) => (file ? [[file, ignored ?? waiting]] : []))
    expect(noted).toEqual([
      ['landing/orders/8.csv.part', 'its name is that of an unfinished file'],
      ['landing/orders/9.csv', 'it is empty'],
      ['landing/orders/_started.csv', 'its name is that of an unfinished file'],
      ['landing/readme.txt', expect.stringContaining('no file of products')],
    ])
  })

  test('whose header lacks a column is refused, says which, and is not tried again until it changes', async () => {
    const ports = memoryPorts()
    await drop(ports, 'products/all.csv', ['item_id,name', 'pen,A pen'])
    const { metrics, log } = await land(ports)
    expect(metrics).toEqual({ files: 1, files_refused: 1 })
    const refused = 'The header lacks the column price: it has item_id, name'
    expect(log).toContainEqual(expect.objectContaining({ refused }))
    expect(await readManifest('landing/products/all.csv', ports.blobs)).toMatchObject({
      status: 'refused',
      reason: refused,
    })
    expect((await land(ports)).metrics).toEqual({})
    await drop(ports, 'products/all.csv', ['item_id,name,price', 'pen,A pen,1'])
    expect((await land(ports)).metrics).toMatchObject({ stored: 1 })
  })
})

describe('broken rows', () => {
  test('are kept in quarantine with number, reason and text, and the others keep their numbers', async () => {
    const ports = memoryPorts()
    const bytes = Buffer.concat([
      Buffer.from('user_id,item_id,rating\nanna,pen,5\nbo,cup\n"cy\nril",tea,1\nd,e,f,g\neve,'),
      Buffer.from([0xe9, 0x20]),
      Buffer.from(',1\n\nfay,tea,2\ngus,"tea,3\n'),
    ])
    await ports.blobs.write('landing/ratings/x.csv', bytes)
    const { metrics, log } = await land(ports)
    expect(metrics).toEqual({ files: 1, rows: 7, stored: 3, rejected: 4 })
    expect(await bronze('ratings', ports, 'user_id, _row')).toEqual([
      { user_id: 'anna', _row: 1 },
      { user_id: 'cy\nril', _row: 3 },
      { user_id: 'fay', _row: expect.toSatisfy((row: number) => row === 6 || row === 7) },
    ])
    const kept = await quarantined('ratings/x.csv/1.ndjson', ports)
    expect(kept.map(({ row, reason }) => [row, reason])).toEqual([
      [2, 'must have 3 columns as the header, not 2'],
      [4, 'must have 3 columns as the header, not 4'],
      [5, 'is not UTF-8'],
      [expect.any(Number), 'has a quote that is not closed'],
    ])
    expect(kept[0].text).toBe('bo,cup')
    expect(log.filter(line => line.rejected_row)).toHaveLength(4)
  })

  test('of JSON are told likewise', async () => {
    const ports = memoryPorts()
    await drop(ports, 'ratings/x.jsonl', [
      '{"user_id":"a","item_id":"b","rating":1}',
      '{"user_id":',
      '[1]',
      '{"user_id":"c","item_id":"d","rating":2}',
    ])
    expect((await land(ports)).metrics).toEqual({ files: 1, rows: 4, stored: 2, rejected: 2 })
    expect(await bronze('ratings', ports, 'user_id, _row')).toEqual([
      { user_id: 'a', _row: 1 },
      { user_id: 'c', _row: 4 },
    ])
    expect((await quarantined('ratings/x.jsonl/1.ndjson', ports)).map(({ row, reason }) => [row, reason])).toEqual([
      [2, 'is no JSON object'],
      [3, 'is no JSON object'],
    ])
  })

  test('of lines that end now in one way, now in another, there are none', async () => {
    const ports = memoryPorts()
    await ports.blobs.write('landing/ratings/x.csv', Buffer.from('user_id,item_id,rating\r\na,b,1\nc,d,2\r\n'))
    expect((await land(ports)).metrics).toEqual({ files: 1, rows: 2, stored: 2, rejected: 0 })
  })

  test('keep the numbers of thousands of rows after them right', async () => {
    const ports = memoryPorts()
    const lines = Array.from({ length: 20_000 }, (_, index) => (index % 7 === 0 ? 'broken' : `user-${index + 1},pen,1`))
    await drop(ports, 'ratings/x.csv', ['user_id,item_id,rating', ...lines])
    await land(ports)
    const wrong = await bronze(
      'ratings',
      ports,
      `count(*) filter (user_id <> 'user-' || _row) as wrong, count(*) as rows`,
      '1',
    )
    expect(wrong).toEqual([{ wrong: 0, rows: 20_000 - Math.ceil(20_000 / 7) }])
  })

  test.each([
    ['ratings/open-quote.csv', Buffer.from('user_id,item_id,rating\na,"b,1\nc,d,2\ne,f,3\n')],
    ['ratings/blank.csv', Buffer.from('\nuser_id,item_id,rating\na,b,1\n')],
    ['ratings/x.json', Buffer.from('[{"user_id":"a"},{"user_')],
    ['ratings/x.parquet', Buffer.from('PAR1 and no more')],
    ['ratings/x.csv.gz', gzipSync(Buffer.from('user_id,item_id,rating\na,b,1\n'.repeat(50_000))).subarray(0, 900)],
  ])('all over: %s is refused', async (path, bytes) => {
    const ports = memoryPorts()
    await ports.blobs.write(`landing/${path}`, bytes)
    expect((await land(ports)).metrics).toEqual({ files: 1, files_refused: 1 })
  })
})

describe('people', () => {
  test('are masked before anything of them is stored', async () => {
    const ports = memoryPorts()
    await drop(ports, 'customers/1.csv', [
      'customer_id,First_Name,last_name,E-Mail,phone,country,billing_email,notes',
      'c1,Annabella,Smithson,annabella.smithson@shop.example,+49 170 1234567,Germany,other.mail@shop.example,call annabella@shop.example',
      'c2,Brokenname,Smithson,broken.smithson@shop.example',
    ])
    await drop(ports, 'customers/2.jsonl', [
      '{"user_id":"c3","name":"Carolina Clearname","email":"cc@shop.example","contact":{"name":"Clearname","mobile":"0170 7654321"}}',
      '{"user_id":"c4","name":"Carolina Clearname", broken.smithson@shop.example',
    ])
    await drop(ports, 'orders/1.csv', [
      `${header},customer_email`,
      'o1,c1,2026-01-01,pen,1,1,annabella.smithson@shop.example',
      'o1,annabella.smithson@shop.example',
    ])
    await land(ports)
    expect(await bronze('customers', ports)).toMatchObject([
      {
        ...{ user_id: 'c1', name_masked: 'A. S.', email_masked: 'an***@shop.example', phone_masked: '***67' },
        ...{ country: 'Germany', billing_email: 'ot***@shop.example', notes: 'call ***' },
        email_key: expect.stringMatching(/^[0-9a-f]{32}$/),
      },
      {
        user_id: 'c3',
        name_masked: 'C. C.',
        email_masked: 'c***@shop.example',
        contact: '{"name":"***","mobile":"***"}',
      },
    ])
    await using session = await ports.sql.open()
    for await (const { path } of ports.blobs.list('')) {
      if (path.startsWith('landing/')) continue
      const file = await ports.blobs.localFile(path)
      const text = path.endsWith('.parquet')
        ? JSON.stringify(await session.rows(`select * from read_parquet('${file}')`))
        : new TextDecoder().decode(await ports.blobs.read(path))
      expect(text, path).not.toMatch(/annabella|smithson|clearname|brokenname|1234567|7654321|other\.mail|cc@/i)
    }
  })
})

describe('a file that comes again', () => {
  const lines = (count: number) => [
    header,
    ...Array.from({ length: count }, (_, row) => `o${row},anna,2026-01-01,pen,1,1`),
  ]

  test('unchanged is not taken; changed, its rows are taken in besides the earlier ones', async () => {
    const ports = memoryPorts()
    await drop(ports, 'orders/a.csv', lines(2))
    await land(ports)
    expect((await land(ports)).metrics).toEqual({})
    ports.advance(1000)
    await drop(ports, 'orders/a.csv', lines(3))
    expect((await land(ports)).metrics).toEqual({ files: 1, rows: 3, stored: 3, rejected: 0 })
    expect((await bronze('orders', ports, '_batch_id')).map(row => row._batch_id)).toEqual([
      ...Array(2).fill('landing/orders/a.csv#1'),
      ...Array(3).fill('landing/orders/a.csv#2'),
    ])
  })

  test('while it grows is left for the next run', async () => {
    const ports = memoryPorts()
    await drop(ports, 'orders/a.csv', lines(2))
    const [chunk] = await files.plan(context(ports))
    await drop(ports, 'orders/a.csv', lines(3))
    expect(await files.run(chunk, context(ports))).toEqual({ files: 0 })
    expect(await readSnapshot('bronze/orders', ports)).toBeUndefined()
    expect((await land(ports)).metrics).toMatchObject({ stored: 3 })
  })

  test('is in bronze once, at whichever operation its worker was killed', async () => {
    const intact = memoryPorts()
    await drop(intact, 'orders/a.csv', [...lines(3), 'broken'])
    const [chunk] = await files.plan(context(intact))
    const counting = faultyPorts(intact, { at: 0, loses: 'answer', worker: 'alive' })
    const expected = await files.run(chunk, context(counting.ports))
    expect(counting.operations()).toBeGreaterThan(8)
    for (let at = 1; at <= counting.operations(); at++) {
      for (const loses of ['effect', 'answer'] as const) {
        const ports = memoryPorts()
        await drop(ports, 'orders/a.csv', [...lines(3), 'broken'])
        const [own] = await files.plan(context(ports))
        const faulty = faultyPorts(ports, { at, loses, worker: 'dead' })
        await expect(files.run(own, context(faulty.ports))).rejects.toThrow(WorkerStruck)
        expect(await files.run(own, context(ports))).toEqual(expected)
        expect((await bronze('orders', ports, 'order_id')).map(row => row.order_id)).toEqual(['o0', 'o1', 'o2'])
        expect(await files.plan(context(ports))).toEqual([])
      }
    }
  }, 120_000)

  test('is one of a chunk of its kind; killed at any operation, the chunk goes on with those that are left', async () => {
    const names = ['ratings/1.csv', 'ratings/2.csv', 'ratings/3.csv']
    const dropped = async () => {
      const ports = memoryPorts()
      for (const name of names) await drop(ports, name, ['user_id,item_id,rating', `${name},pen,5`])
      return ports
    }
    const mixed = await dropped()
    await drop(mixed, 'orders/a.csv', lines(1))
    expect(
      (await files.plan(context(mixed))).map(chunk => JSON.stringify(chunk).match(/landing.\w+.\w+.csv/g)),
    ).toEqual([['landing/orders/a.csv'], names.map(name => `landing/${name}`)])
    for (const at of [1, 5, 10, 20, 30, 40]) {
      const ports = await dropped()
      const [chunk] = await files.plan(context(ports))
      const faulty = faultyPorts(ports, { at, loses: 'answer', worker: 'dead' })
      await expect(files.run(chunk, context(faulty.ports))).rejects.toThrow(WorkerStruck)
      expect(await files.run(chunk, context(ports))).toEqual({ files: 3, rows: 3, stored: 3, rejected: 0 })
      expect((await bronze('ratings', ports, 'user_id', '1')).map(row => row.user_id).sort()).toEqual(names)
    }
  }, 60_000)

  test('together with others, at once, loses no row', async () => {
    const ports = memoryPorts()
    for (let file = 0; file < 5; file++)
      await drop(ports, `orders/${file}.csv`, [`${header},extra_${file}`, `o${file},anna,2026-01-01,pen,1,1,x`])
    const chunks = await files.plan(context(ports))
    await Promise.all([...chunks, ...chunks].map(chunk => files.run(chunk, context(ports))))
    expect((await bronze('orders', ports, 'order_id')).map(row => row.order_id)).toEqual(['o0', 'o1', 'o2', 'o3', 'o4'])
  })
})
