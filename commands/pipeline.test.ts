import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
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
    expect(stdout).toContain('Learned from 60 interactions: 12 users, 12 items, 12 baskets\n')

    const { rules, longer_rules: longer, ...about } = await gold('assoc_rules')
    expect(about).toEqual({ generated_at: expect.stringMatching(/Z$/), model_version: expect.stringMatching(/-g1$/) })
    expect(rules[0]).toEqual({
      ...{ antecedent_id: expect.any(String), antecedent_name: expect.stringMatching(/^Item \d+$/) },
      ...{ consequent_id: expect.any(String), consequent_name: expect.stringMatching(/^Item \d+$/) },
      ...{ support: expect.any(Number), confidence: expect.any(Number), lift: expect.any(Number) },
    })
    // Two of a colour lead to a third in 3 of 4 baskets, one alone in 4 of 5: the longer rule says less.
    expect(longer).toEqual([])
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
    for (const table of ['bronze/orders', 'silver/order_lines', 'gold/fact_transactions', 'gold/assoc_rules']) {
      expect(files).toContain(join(table, '_delta_log', `${'0'.repeat(20)}.json`))
    }
    expect(files.filter(name => /^(landing|runs|logs|models|\.pipeline)/.test(name))).toEqual([])
    expect((await stat(join(folder, 'lake', '.pseudonym-key'))).mode & 0o777).toBe(0o600)
  })

  test('run again with the same files, by whatever name, changes nothing and says so', async () => {
    const root = ['--lakehouse-root', 'same']
    await pipeline(...root, ...given)
    const before = await filesOf('same')
    await file('renamed.csv', (await text('orders.csv')).trimEnd().split('\n'))
    const { code, stdout } = await pipeline(...root, ...given, '--orders', 'renamed.csv')
    expect(code).toBe(0)
    expect(stdout).toContain('products.csv: 12 rows, 12 stored, 0 rejected; known from an earlier run\n')
    expect(stdout).toMatch(/Nothing is new: .*gold stays as it is/)
    // The first run's model is a new row of what recommendations are measured by.
    const others = (names: string[]) => names.filter(name => !name.includes('recommendation_metrics'))
    expect(others(await filesOf('same'))).toEqual(others(before))
  })

  test('run again with a changed file on the same root, learns from what is new and what was there before', async () => {
    const root = ['--lakehouse-root', 'again', '--json', ...given]
    await file('short-orders.csv', (await text('orders.csv')).trimEnd().split('\n').slice(0, 21))
    const first = JSON.parse((await pipeline(...root, '--orders', 'short-orders.csv', '--limit', '3')).stdout)
    expect(first.files.orders).toMatchObject({ rows: 20, stored: 20, repeated: 0, rejected: 0 })
    expect(first.learned).toMatchObject({ users: 4, events: 20 })
    const { users } = await gold('user_recommendations', 'again')
    expect(users.find(({ user_id }: { user_id: string }) => user_id === 'u1').items).toHaveLength(3)
    const { files, rejected, unchanged, learned } = JSON.parse((await pipeline(...root)).stdout)
    expect(files.orders).toMatchObject({ rows: 60, stored: 40, repeated: 20, rejected: 0 })
    expect({ rejected, unchanged }).toEqual({ rejected: [], unchanged: false })
    expect(learned).toMatchObject({ users: 12, events: 60 })
  })

  test('makes silver and gold anew out of bronze when asked, with the same recommendations', async () => {
    const root = ['--lakehouse-root', 'rebuilt', ...given]
    await pipeline(...root)
    const before = await gold('user_recommendations', 'rebuilt')
    const { code, stdout } = await pipeline(...root, '--rebuild')
    expect(code).toBe(0)
    expect(stdout).toContain('Learned from 60 interactions')
    expect((await gold('user_recommendations', 'rebuilt')).users).toEqual(before.users)
  })

  test('takes orders apart from their items, and ratings', async () => {
    const lines = (await text('orders.csv')).trimEnd().split('\n').slice(1)
    const cells = lines.map(line => line.split(','))
    const heads = new Set(cells.map(([order, user, at]) => `${order},${user},${at}`))
    await file('heads.csv', ['order_id,user_id,ordered_at', ...heads])
    const items = cells.map(([order, , , item, quantity, price]) => `${order},${item},${quantity},${price}`)
    await file('items.csv', ['order_id,item_id,quantity,unit_price', ...items])
    await file('ratings.csv', ['user_id,item_id,rating,rated_at', 'u1,i3,5,2025-12-20T10:00:00Z', 'u1,i3,9,2025-12-20'])
    const apart = ['--orders', 'heads.csv', '--order-items', 'items.csv', '--ratings', 'ratings.csv', '--json']
    const { files, learned } = JSON.parse((await pipeline('--lakehouse-root', 'apart', ...given, ...apart)).stdout)
    expect(files.order_items).toMatchObject({ rows: 60, stored: 60, rejected: 0 })
    expect(files.ratings).toMatchObject({ rows: 2, stored: 1, rejected: 1 })
    expect(learned).toMatchObject({ users: 12, events: 61 })
  })

  test('lists broken rows by row, column and value, learns from the rest and ends well', async () => {
    const { code, stdout } = await pipeline('--lakehouse-root', 'broken', ...given, '--orders', 'broken-orders.csv')
    expect(code).toBe(0)
    expect(stdout).toContain('broken-orders.csv: 64 rows, 60 stored, 4 rejected\n')
    expect(stdout).toContain('row 61, column quantity must be a whole number')
    expect(stdout).toContain('row 62, column ordered_at must be a date')
    expect(stdout).toContain('row 63 must have 6 columns as the header, not 2: current value is "o99,u1"\n')
    expect(stdout).toContain('row 64, column item_id must be an item of the catalogue')
    expect(stdout).toContain('Learned from 60 interactions')
    expect(stdout).toMatch(/Done in \d+\.\d s, 4 rows rejected\.\n$/)
  })

  test('says so when nothing could be learned', async () => {
    const { code, stderr } = await pipeline('--lakehouse-root', 'nothing', ...given, '--orders', 'other-orders.csv')
    expect(code).toBe(1)
    expect(stderr).toContain('Nothing could be learned: no row of other-orders.csv that could be read names an item of')
    expect((await filesOf('nothing')).filter(name => name.endsWith('assoc_rules.json'))).toEqual([])
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
const filesOf = async (root: string) => (await readdir(join(folder, root), { recursive: true })).sort()
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
