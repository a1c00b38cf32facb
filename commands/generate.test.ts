import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { duckDbSql } from '../shared/adapters/duckdb/sql.ts'
import { CatalogueChange } from '../shared/schemas/catalogue-change.ts'
import { InteractionEvent } from '../shared/schemas/interaction.ts'
import type { Manifest } from './generate/generate-shop.ts'

const program = new URL('./generate.ts', import.meta.url).pathname
const sql = duckDbSql({ memoryMb: 256, threads: 1 })
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'generate-test-'))
  await generate('--profile', 'tiny', '--out', 'whole')
})
afterAll(() => rm(folder, { recursive: true }))

describe('npm run generate', () => {
  test('gives the same bytes for the same seed, and others for another', async () => {
    for (const [out, seed] of [
      ['first', '1'],
      ['second', '1'],
      ['third', '2'],
    ] as const) {
      expect(await generate('--profile', 'tiny', '--days', '20', '--seed', seed, '--out', out)).toMatchObject({
        code: 0,
      })
    }
    const first = await bytesOf('first')
    expect(first.size).toBeGreaterThan(7)
    expect(await bytesOf('second')).toEqual(first)
    expect(await bytesOf('third')).not.toEqual(first)
  }, 60_000)

  test('tells months as they are done and rows a second in the end', async () => {
    const { stderr } = await generate('--profile', 'tiny', '--days', '60', '--out', 'told')
    expect(stderr).toMatch(/^\[ +\d+\.\d s\] 2025-12$/m)
    expect(stderr).toMatch(/^order_items: 6,000 rows$/m)
    expect(stderr).toMatch(/files, \d+\.\d MB in \d+\.\d s, [\d,]+ rows\/s/)
  })

  test.each(['csv', 'jsonl', 'parquet'])(
    'writes %s with the types that columns have, as the manifest counts it',
    async format => {
      await generate('--profile', 'tiny', '--days', '40', '--out', format, '--format', format)
      const { rows, users, items } = await manifestOf(format)
      expect({ users, items }).toEqual({ users: 500, items: 1000 })
      expect(rows).toMatchObject({ order_items: 6000, ratings: 1500 })
      const [lines] = await read(format, 'order_items', {
        ...{ total: 'count(*)', lines: 'count(distinct (order_id, line_no::integer))' },
        ...{ good: 'count(*) filter (quantity::integer <> 0 and price::double > 0 and discount::double >= 0)' },
      })
      expect(lines).toEqual({ total: 6000, lines: 6000, good: 6000 })
      const [orders] = await read(format, 'orders', {
        ...{ total: 'count(*)', orders: 'count(distinct order_id)' },
        guests: "count(*) filter (coalesce(customer_id, '') = '')",
        late: "count(*) filter (order_ts::timestamp not between '2025-11-22' and '2026-01-01')",
      })
      expect(orders).toMatchObject({ total: rows.orders, orders: rows.orders, late: 0 })
      expect(Number(orders?.guests) / Number(rows.orders)).toBeCloseTo(0.05, 1)
      const [ratings] = await read(format, 'ratings', { total: 'count(*) filter (rating::integer between 1 and 5)' })
      expect(ratings).toEqual({ total: 1500 })
    },
  )

  test('names only products and customers that its files have', async () => {
    await using session = await sql.open()
    const of = (kind: string) => `read_csv('${folder}/whole/${kind}/*.csv', header = true, all_varchar = true)`
    const [strangers] = await session.rows(`select
      (select count(*) from ${of('order_items')} where product_id not in (select product_id from ${of('products')})) as items,
      (select count(*) from ${of('orders')} where customer_id not in (select customer_id from ${of('customers')})) as users,
      (select count(*) from ${of('order_items')} anti join ${of('orders')} using (order_id)) as orders`)
    expect(strangers).toEqual({ items: 0, users: 0, orders: 0 })
    const spelt = await session.rows(`select count(distinct category) as spelt,
      count(distinct lower(trim(regexp_replace(category, ' +', ' ', 'g')))) as meant from ${of('products')}`)
    expect(spelt[0]).toMatchObject({ meant: 12 })
    expect(Number(spelt[0]?.spelt)).toBeGreaterThan(24)
  })

  test('tells of products what rules and content need, as lists where a format has them', async () => {
    await generate('--profile', 'tiny', '--days', '2', '--out', 'lists', '--format', 'jsonl')
    const [line = ''] = await Array.fromAsync(folderTexts('lists', 'products'))
    const products = line
      .trimEnd()
      .split('\n')
      .map(row => JSON.parse(row))
    expect(products.every(({ tags }) => Array.isArray(tags) && tags.length >= 2)).toBe(true)
    expect(products.some(({ regions }) => regions.length > 0)).toBe(true)
    expect(new Set(products.map(({ min_age }) => min_age))).toEqual(new Set(['', 18]))
    const [csv = ''] = await Array.fromAsync(folderTexts('whole', 'products'))
    expect(csv.split('\n')[0]).toContain(',tags,channels,regions,min_age,hidden,')
    expect(csv).toContain(',web|app,')
  })

  test('writes messages that keep their contracts, in order of time', async () => {
    const [events, changes] = [await messages('whole', 'interactions'), await messages('whole', 'catalog-changes')]
    expect(events.length).toBeGreaterThan(14_000)
    for (const of of [events, changes]) expect(of.map(time)).toEqual(of.map(time).toSorted())
    for (const event of events) expect(InteractionEvent.safeParse(event).error).toBeUndefined()
    for (const change of changes) expect(CatalogueChange.safeParse(change).error).toBeUndefined()
  })

  test('breaks the share of rows that it was asked to, and counts them by kind', async () => {
    await generate('--profile', 'tiny', '--dirty', '0.2', '--out', 'dirty')
    const { rows, dirty_rows: dirty } = await manifestOf('dirty')
    const clean = await manifestOf('whole')
    for (const [kind, faults] of Object.entries(dirty)) {
      const broken = Object.values(faults).reduce((sum, count) => sum + count, 0)
      const { duplicate_row: copies = 0 } = faults
      expect(rows[kind]).toBe((clean.rows[kind] ?? 0) + copies)
      expect(Math.abs(broken / (clean.rows[kind] ?? 0) - 0.2)).toBeLessThan(0.05)
    }
    const lines = await Array.fromAsync(folderTexts('dirty', 'order_items'))
    const found = (text: string) => lines.join('').split(text).length - 1
    expect(found(',two,')).toBe(dirty.order_items?.text_quantity)
    expect(found(',98765432100,')).toBe(dirty.order_items?.huge_price)
    expect(found('\ufffd')).toBe(dirty.order_items?.bad_encoding)
    const products = (await Array.fromAsync(folderTexts('dirty', 'products'))).join('')
    expect(dirty.products?.bad_age).toBeGreaterThan(0)
    expect(products.split(',adults,').length - 1).toBe(dirty.products?.bad_age)
  })

  test.each([
    [['--out', 'x'], '--profile must be one of tiny, lakehouse, large: none was given'],
    [['--profile', 'huge', '--out', 'x'], "--profile must be one of tiny, lakehouse, large: current value is 'huge'"],
    [['--profile', 'tiny'], '--out is missing: give a directory'],
    [['--profile', 'tiny', '--out', 'x', '--dirty', '2'], "--dirty must be a share from 0 to 1: current value is '2'"],
    [['--profile', 'tiny', '--out', 'x', '--seed', 'x'], '--seed must be a whole number from 0 to'],
    [
      ['--profile', 'tiny', '--out', 'x', '--days', '0'],
      "--days must be a whole number from 1 to 3650: current value is '0'",
    ],
    [['--profile', 'tiny', '--out', 'x', '--format', 'xml'], '--format must be one of csv, jsonl, parquet'],
    [['--live', '--minutes', '1'], '--rate must be a number above 0, at most 100000: none was given'],
    [
      ['--live', '--rate', '5', '--minutes', 'x'],
      "--minutes must be a number above 0, at most 1000000: current value is 'x'",
    ],
    [['--colour'], '--colour'],
  ])('refuses %j with a sentence', async (args, message) => {
    const { code, stderr } = await generate(...args)
    expect(code).toBe(2)
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('    at ')
  })

  test('sends live traffic to an app, at the rate asked for, until the time is up', async () => {
    const taken: unknown[] = []
    const app = createServer(async (request, response) => {
      const events: unknown[] = JSON.parse(Buffer.concat(await Array.fromAsync(request)).toString())
      taken.push(...events)
      response.writeHead(202, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ accepted: events.length, rejected: [] }))
    }).listen(0, '127.0.0.1')
    await once(app, 'listening')
    const { port } = z.object({ port: z.int() }).parse(app.address())
    const url = `http://127.0.0.1:${port}`
    const { code, stderr } = await generate(
      '--live',
      '--rate',
      '100',
      '--minutes',
      '0.02',
      '--url',
      url,
      '--token',
      'T',
    )
    app.close()
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('120 read, 120 accepted') })
    expect(taken).toHaveLength(120)
  })

  test('explains itself', async () => {
    const { code, stdout } = await generate('--help')
    expect(code).toBe(0)
    for (const word of ['--profile', 'lakehouse', '--dirty', 'manifest.json', 'npm run replay'])
      expect(stdout).toContain(word)
  })
})

function generate(...args: string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  return new Promise(resolve => {
    execFile(process.execPath, [program, ...args], { cwd: folder }, (error, stdout, stderr) => {
      resolve({ code: error ? error.code : 0, stdout, stderr })
    })
  })
}

async function bytesOf(out: string): Promise<Map<string, string>> {
  const files = await readdir(join(folder, out), { recursive: true, withFileTypes: true })
  const paths = files.filter(file => file.isFile()).map(file => join(file.parentPath, file.name))
  const texts = await Promise.all(paths.map(path => readFile(path, 'latin1')))
  return new Map(paths.map((path, index) => [path.slice(join(folder, out).length), texts[index] ?? '']))
}

async function* folderTexts(out: string, kind: string): AsyncIterable<string> {
  for (const name of await readdir(join(folder, out, kind))) yield await readFile(join(folder, out, kind, name), 'utf8')
}

const manifestOf = async (out: string): Promise<Manifest> =>
  JSON.parse(await readFile(join(folder, out, 'manifest.json'), 'utf8'))

const messages = async (out: string, kind: string): Promise<unknown[]> =>
  (await readFile(join(folder, out, `${kind}.jsonl`), 'utf8'))
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))

const time = (message: unknown): string =>
  typeof message === 'object' && message !== null && 'ts' in message ? String(message.ts) : ''

async function read(format: string, kind: string, columns: Readonly<Record<string, string>>) {
  const reader = { csv: 'read_csv', jsonl: 'read_json', parquet: 'read_parquet' }[format]
  await using session = await sql.open()
  const select = Object.entries(columns).map(([name, of]) => `${of} as ${name}`)
  return await session.rows(`select ${select.join(', ')} from ${reader}('${folder}/${format}/${kind}/*.${format}')`)
}
