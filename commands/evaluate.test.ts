import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TuningTrial } from '../shared/schemas/tuning.ts'

const program = new URL('./evaluate.ts', import.meta.url).pathname
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evaluate-'))
  // Even users take even items; the last item of each user, by time, is held out.
  const rows = Array.from({ length: 12 }, (_, user) => user).flatMap(user =>
    [0, 2, 4, 6, 8, 10].map((step, place) => {
      const item = ((step + user) % 12) + (user % 2 === 0 ? 0 : 100)
      return { pair: `u${user}\ti${item}`, day: place }
    }),
  )
  const file = (name: string, lines: string[]) => writeFile(join(folder, name), `${lines.join('\n')}\n`)
  const pairs = (isHeld: boolean) => rows.filter(({ day }) => (day === 5) === isHeld).map(({ pair }) => pair)
  await file('train.tsv', ['user_id\titem_id', ...pairs(false)])
  await file('test.tsv', ['user_id\titem_id', ...pairs(true)])
  const timed = rows.map(({ pair, day }) => `${pair}\t2026-01-0${day + 1}T00:00:00Z`)
  await writeFile(join(folder, 'all.tsv.gz'), gzipSync(['user_id\titem_id\ttimestamp', ...timed].join('\n')))
  const orderLines = rows.map(({ pair, day }) => {
    const [user, item] = pair.split('\t')
    return `o${user}-${day},${user},2026-01-0${day + 1}T00:00:00Z,${item},1,2.50`
  })
  await file('orders.csv', ['order_id,customer_id,ordered_at,item_id,quantity,unit_price', ...orderLines])
  await file('bad.csv', ['user_id,item_id,timestamp', 'u1,i1,yesterday'])
})
afterAll(() => rm(folder, { recursive: true }))

describe('npm run evaluate', () => {
  test('prints dataset and results as JSON, what the shop serves with ALS alone and popularity beside it', async () => {
    const { code, stdout, stderr } = await evaluate('--train', 'train.tsv', '--test', 'test.tsv', '--json', '--k', '3')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const { dataset, results, tuning, ...rest } = JSON.parse(stdout)
    expect(rest).toEqual({})
    expect(Object.keys(tuning[0])).toEqual(['parameters', 'metrics', 'groups', 'seconds'])
    expect(dataset).toMatchObject({ name: 'train.tsv', users: 12, train: 60, test: 12, users_judged: 12 })
    expect(results.map((result: object) => Object.keys(result))).toEqual([
      ['algorithm', 'parameters', 'seconds', 'metrics'],
      ['algorithm', 'parameters', 'seconds', 'metrics'],
      ['algorithm', 'parameters', 'seconds', 'metrics'],
    ])
    expect(results.map(({ algorithm }: { algorithm: string }) => algorithm)).toEqual(['sidecart', 'als', 'popularity'])
    expect(Object.keys(results[0].metrics)).toEqual(
      ['recall', 'ndcg', 'precision', 'map', 'hit_rate', 'coverage'].map(name => `${name}@3`),
    )
    expect(results[0].metrics['recall@3']).toBe(1)
  })

  test('splits one packed file by time into the same sets', async () => {
    const given = await evaluate('--train', 'train.tsv', '--test', 'test.tsv', '--json', '--algorithm', 'copurchase')
    const split = await evaluate(
      '--interactions',
      'all.tsv.gz',
      '--split-time',
      '0.1',
      '--json',
      '--algorithm',
      'copurchase',
    )
    const metrics = ({ stdout }: { stdout: string }) => JSON.parse(stdout).results[0].metrics
    expect(metrics(split)).toEqual(metrics(given))
  })

  test('takes a shop’s own file of order lines as purchases, and sets the last week’s popularity beside', async () => {
    const { code, stdout, stderr } = await evaluate(
      '--interactions',
      'orders.csv',
      '--split-time',
      '0.1',
      '--k',
      '3',
      '--json',
    )
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const { dataset, results } = JSON.parse(stdout)
    expect(dataset).toMatchObject({ users: 12, train: 60, test: 12, users_judged: 12 })
    expect(results.map(({ algorithm }: { algorithm: string }) => algorithm)).toEqual([
      ...['sidecart', 'als', 'popularity', 'popularity-7-days'],
    ])
    expect(results[0].metrics['recall@3']).toBe(1)
    // Were the lines not taken as purchases, the strengths would be counts and have no half-life.
    expect(results[0].parameters).toMatchObject({ recencyHalfLifeMs: 30 * 86_400_000, popularityShare: 0.3 })
  })

  test('judges the app’s settings as they stand in the environment, and refuses wrong ones', async () => {
    const share = async (POPULARITY_SHARE: string) =>
      evaluate({ env: { POPULARITY_SHARE } }, '--train', 'train.tsv', '--test', 'test.tsv', '--json')
    const { results, tuning } = JSON.parse((await share('0.5')).stdout)
    expect(results[0].parameters.popularityShare).toBe(0.5)
    expect(new Set(tuning.map((trial: TuningTrial) => trial.parameters.popularityShare))).toEqual(new Set([0.5]))
    const { code, stderr } = await share('2')
    expect(code).toBe(1)
    expect(stderr).toContain('POPULARITY_SHARE must be 1 or less: current value is "2"')
  })

  test('takes the settings as they stand with --no-tune', async () => {
    const { stdout } = await evaluate('--train', 'train.tsv', '--test', 'test.tsv', '--json', '--no-tune')
    const { results, ...rest } = JSON.parse(stdout)
    expect(Object.keys(rest)).toEqual(['dataset'])
    expect(results[0].parameters).toMatchObject({ factors: 32, alpha: 3, regularization: 6 })
  })

  test('prints a table without --json', async () => {
    const { stdout } = await evaluate('--train', 'train.tsv', '--test', 'test.tsv', '--algorithm', 'popularity')
    expect(stdout).toMatch(
      /^name train.tsv, users 12, items 12, train 60, test 12, users judged 12\nmetric +popularity\n/,
    )
    expect(stdout).toMatch(/\nndcg@20 +[01]\.\d{4}\n/)
  })

  test.each([
    [['--interactions', 'bad.csv'], 1, 'bad.csv, row 2, column timestamp must be ISO 8601'],
    [['--train', 'gone.csv', '--test', 'test.tsv'], 1, 'Cannot read gone.csv: ENOENT'],
    [['--interactions', 'train.tsv'], 1, 'the interactions have no timestamp'],
    [['--train', 'train.tsv'], 2, 'Give either --train and --test, or --interactions'],
    [
      ['--train', 'train.dat', '--test', 'test.tsv'],
      2,
      "format of train.dat must be one of csv, tsv, triples, adjacency, counted: current value is 'dat'",
    ],
    [['--algorithm', 'magic'], 2, "current value is 'magic'"],
    [['--k', '10,x'], 2, "--k must be a number ≥ 0: current value is 'x'"],
    [['--k', '0'], 2, "--k must be a whole number ≥ 1: current value is '0'"],
    [['--colour'], 2, '--colour'],
  ])('refuses %j with a sentence and a status', async (args, status, message) => {
    const { code, stdout, stderr } = await evaluate(...args)
    expect({ code, stdout }).toEqual({ code: status, stdout: '' })
    expect(stderr).toContain(message)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })

  test('explains itself', async () => {
    const { code, stdout } = await evaluate('--help')
    expect(code).toBe(0)
    for (const option of ['--train', '--interactions', '--candidates', '--format', '--alpha'])
      expect(stdout).toContain(option)
  })
})

type Given = string | { env: Record<string, string> }

function evaluate(...given: Given[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const args = given.filter(argument => typeof argument === 'string')
  const env = Object.assign(
    {},
    process.env,
    ...given.flatMap(argument => (typeof argument === 'string' ? [] : [argument.env])),
  )
  return new Promise(resolve => {
    execFile(process.execPath, [program, ...args], { cwd: folder, env }, (error, stdout, stderr) => {
      resolve({ code: error ? error.code : 0, stdout, stderr })
    })
  })
}
