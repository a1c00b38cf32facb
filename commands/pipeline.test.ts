import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkerboardFiles } from '../tests/checkerboard.ts'

const program = new URL('./pipeline.ts', import.meta.url).pathname
/** A model small enough for twelve users; by way of the environment, as the app's settings are. */
const settings = { ALS_FACTORS: '2', ALS_REGULARIZATION: '0.1', ALS_ALPHA: '10', RULES_MIN_SUPPORT: '0.01' }
const given = ['--products', 'products.csv', '--customers', 'customers.csv', '--orders', 'orders.csv']
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pipeline-test-'))
  const files = checkerboardFiles()
  const lines = (kind: string) => files[`${kind}/all.csv`] ?? []
  await file('products.csv', lines('products'))
  await file('customers.csv', [...lines('customers'), 'newcomer,Spain'])
  await file('orders.csv', lines('orders'))
  const broken = ['o99,u1,2025-12-01T10:00:00Z,i3,none,2.5', 'o99,u1,yesterday,i5,1,2.5', 'o99,u1']
  await file('broken-orders.csv', [...lines('orders'), ...broken, 'o99,u1,2025-12-01T10:00:00Z,unknown,1,2.5'])
  await file('other-orders.csv', [lines('orders')[0] ?? '', 'o1,u1,2025-12-01T10:00:00Z,nothing we sell,1,2.5'])
  await file('headless.csv', ['order,who', '1,2'])
})
afterAll(() => rm(folder, { recursive: true }))

describe('npm run pipeline', () => {
  test('writes rules, neighbours and lists with names, the missing item of the checkerboard first', async () => {
    const { code, stdout, stderr } = await pipeline('--lakehouse-root', 'lake', ...given)
    expect(code).toBe(0)
    expect(stderr).toMatch(/^\[ +\d+\.\d s\] files: .*rows 60/m)
    expect(stdout).toContain('orders.csv: 60 rows, 60 stored, 0 rejected\n')
    expect(stdout).toContain('Learned from 60 order lines: 12 users, 12 items, 12 baskets\n')

    const { rules, ...about } = await gold('assoc_rules')
    expect(about).toEqual({ generated_at: expect.stringMatching(/Z$/), model_version: expect.stringMatching(/-g1$/) })
    expect(rules[0]).toEqual({
      ...{ antecedent_id: expect.any(String), antecedent_name: expect.stringMatching(/^Item \d+$/) },
      ...{ consequent_id: expect.any(String), consequent_name: expect.stringMatching(/^Item \d+$/) },
      ...{ support: expect.any(Number), confidence: expect.any(Number), lift: expect.any(Number) },
    })
    const { items } = await gold('item_similarity')
    expect(items).toHaveLength(12)
    const two = items.find(({ item_id }: { item_id: string }) => item_id === 'i2')
    expect(two).toMatchObject({ name: 'Item 2', category: 'Even', similar: { length: 5 } })
    expect(two.similar[0]).toEqual({
      ...{ item_id: expect.any(String), name: expect.any(String), category: 'Even', similarity: expect.any(Number) },
    })
    const { users } = await gold('user_recommendations')
    expect(users).toHaveLength(13)
    for (const { user_id: userId, items: list } of users) {
      const reason = userId === 'newcomer' ? 'trending' : 'personal'
      expect(list[0]).toMatchObject({ reason: { code: reason } })
      if (userId !== 'newcomer') expect(list[0].item_id).toBe(`i${userId.slice(1)}`)
    }
    const files = await readdir(join(folder, 'lake'), { recursive: true })
    expect(files).toContain(join('bronze', 'orders', 'landing', 'orders', 'orders.csv', 'part-1.ndjson'))
    expect(files.filter(name => /^(landing|runs|logs|models)/.test(name))).toEqual([])
  })

  test('run again with other files on the same root, learns from those alone', async () => {
    const again = ['--lakehouse-root', 'again', '--json', ...given]
    await pipeline(...again, '--orders', 'broken-orders.csv')
    await file('short-orders.csv', (await text('orders.csv')).split('\n').slice(0, 21))
    const { stdout } = await pipeline(...again, '--orders', 'short-orders.csv', '--limit', '3')
    const { files, rejected, learned } = JSON.parse(stdout)
    expect(files.orders).toMatchObject({ rows: 20, stored: 20, rejected: 0 })
    expect(rejected).toEqual([])
    expect(learned).toMatchObject({ users: 4, events: 20 })
    const { users } = await gold('user_recommendations', 'again')
    expect(users.find(({ user_id }: { user_id: string }) => user_id === 'u1').items).toHaveLength(3)
    expect(await readdir(join(folder, 'again', 'quarantine', 'landing')).catch(() => 'gone')).toBe('gone')
  })

  test('lists broken rows by row, column and value, learns from the rest and ends well', async () => {
    const { code, stdout } = await pipeline('--lakehouse-root', 'broken', ...given, '--orders', 'broken-orders.csv')
    expect(code).toBe(0)
    expect(stdout).toContain('broken-orders.csv: 64 rows, 61 stored, 3 rejected\n')
    expect(stdout).toContain('row 62, column quantity must be a whole number: current value is "none"\n')
    expect(stdout).toContain('row 63, column ordered_at must be a date')
    expect(stdout).toContain('row 64, column (row) must have 6 columns as the header, not 2')
    expect(stdout).toContain('Learned from 60 order lines')
    expect(stdout).toContain('left out, as the products file lacks their item: 1\n')
    expect(stdout).toMatch(/Done in \d+\.\d s, 3 rows rejected\.\n$/)
    expect(await text('broken/quarantine/landing/orders/orders.csv/part-1.ndjson')).toContain('"yesterday"')
  })

  test('says so when nothing could be learned, and leaves the gold of before', async () => {
    await pipeline('--lakehouse-root', 'kept', ...given)
    const before = await text('kept/gold/assoc_rules.json')
    const { code, stderr } = await pipeline('--lakehouse-root', 'kept', ...given, '--orders', 'other-orders.csv')
    expect(code).toBe(1)
    expect(stderr).toContain('Nothing could be learned: no row of other-orders.csv that could be read names an item of')
    expect(await text('kept/gold/assoc_rules.json')).toBe(before)
  })

  test.each([
    [['--orders', 'gone.csv'], 1, 'Cannot read gone.csv: ENOENT'],
    [['--orders', 'headless.csv'], 1, 'Cannot read headless.csv: The header lacks the column order_id, user_id'],
    [['--lakehouse-root', ''], 2, '--lakehouse-root is missing: give a directory'],
    [['--limit', '0'], 2, "--limit must be a whole number from 1 to 100: current value is '0'"],
    [['--colour'], 2, '--colour'],
  ])('refuses %j with a sentence and a status', async (args, status, message) => {
    const { code, stderr } = await pipeline('--lakehouse-root', 'refused', ...given, ...args)
    expect(code).toBe(status)
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('    at ')
  })

  test('names a file that is not given, and a setting that is wrong', async () => {
    const missing = await pipeline('--lakehouse-root', 'refused', '--orders', 'orders.csv')
    expect(missing).toMatchObject({ code: 2, stderr: '--products is missing: give a CSV file. See --help.\n' })
    const wrong = await pipeline({ ALS_FACTORS: 'many' }, '--lakehouse-root', 'refused', ...given)
    expect(wrong.code).toBe(1)
    expect(wrong.stderr).toContain('ALS_FACTORS must be a')
    expect(wrong.stderr).not.toContain('    at ')
  })

  test('explains itself', async () => {
    const { code, stdout } = await pipeline('--help')
    expect(code).toBe(0)
    for (const word of ['--lakehouse-root', '--customers', 'assoc_rules.json', 'quarantine/', 'ALS_FACTORS'])
      expect(stdout).toContain(word)
  })
})

function file(name: string, lines: readonly string[]): Promise<void> {
  return writeFile(join(folder, name), `${lines.join('\n')}\n`)
}

const text = (name: string) => readFile(join(folder, name), 'utf8')
const gold = async (name: string, root = 'lake') => JSON.parse(await text(`${root}/gold/${name}.json`))

function pipeline(
  ...given: (string | Record<string, string>)[]
): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const args = given.filter(argument => typeof argument === 'string')
  const env = Object.assign({}, process.env, settings, ...given.filter(argument => typeof argument !== 'string'))
  return new Promise(resolve => {
    execFile(process.execPath, [program, ...args], { cwd: folder, env }, (error, stdout, stderr) => {
      resolve({ code: error ? error.code : 0, stdout, stderr })
    })
  })
}
