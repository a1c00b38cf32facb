import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { groceriesPath, hasGroceries } from '../tests/baskets.ts'

const program = new URL('./rules.ts', import.meta.url).pathname
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rules-test-'))
  const lines = ['pen, ink,pen', '"pen","ink, blue"', '', 'pen,ink', 'cup,,', ' , ']
  await writeFile(join(folder, 'baskets.csv'), lines.join('\r\n'))
  await writeFile(join(folder, 'baskets.csv.gz'), gzipSync(`\uFEFF${lines.join('\n')}\n`))
  await writeFile(join(folder, 'empty.csv'), '\n,\n')
  await writeFile(join(folder, 'open.csv'), 'pen,ink\n"pen,ink\n')
  await writeFile(join(folder, 'torn.csv.gz'), gzipSync('pen,ink\n').subarray(0, 12))
})
afterAll(() => rm(folder, { recursive: true }))

describe('npm run rules', () => {
  test.each(['baskets.csv', 'baskets.csv.gz'])('gives the rules of %s as JSON, items once a basket', async file => {
    const { code, stdout } = await rules('--baskets', file, '--min-support', '0.5', '--min-confidence', '0', '--json')
    expect(code).toBe(0)
    const about = { support: 0.5, lift: expect.closeTo(4 / 3, 12), leverage: expect.closeTo(0.125, 12), count: 2 }
    expect(JSON.parse(stdout)).toEqual({
      ...{ baskets: 4, items: 4, itemsets: 3 },
      rules: [
        { lhs: ['ink'], rhs: ['pen'], confidence: 1, conviction: null, ...about },
        { lhs: ['pen'], rhs: ['ink'], confidence: 2 / 3, conviction: expect.closeTo(1.5, 12), ...about },
      ],
    })
  })

  test('prints a table, the strongest first, as long as asked', async () => {
    const given = ['--baskets', 'baskets.csv', '--min-support', '0.2', '--min-confidence', '0.1', '--limit', '1']
    const { stdout } = await rules(...given)
    const [head, first, total] = stdout.split('\n')
    expect(head).toMatch(/^count +support +confid\. +lift +leverage +convict\. +rule$/)
    expect(first).toMatch(/^ +\d +0\.\d+ +1\.0000 +1\.333 +0\.\d+ +∞ +\{.*\} => pen$/)
    expect(total).toBe('4 rules of 6 itemsets, the first 1 above: 4 baskets, 4 items')
  })

  test('obeys lift and both lengths', async () => {
    const given = ['--baskets', 'baskets.csv', '--min-support', '0.25', '--min-confidence', '0.1', '--json']
    const sides = async (...more: string[]) =>
      JSON.parse((await rules(...given, ...more)).stdout).rules.map(({ lhs, rhs }: { lhs: string[]; rhs: string[] }) =>
        [...lhs, '=>', ...rhs].join(' '),
      )
    expect(await sides('--min-length', '1', '--max-length', '1')).toEqual([
      '=> pen',
      '=> ink',
      '=> ink, blue',
      '=> cup',
    ])
    expect(await sides('--min-lift', '1.4')).toEqual([])
  })

  test.skipIf(!hasGroceries).each([
    [['0.001', '0.8'], 410],
    [['0.001', '0.5'], 5668],
    [['0.006', '0.25'], 463],
    [['0.006', '0.25', '--min-length', '1'], 464],
    [['0.001', '0.8', '--max-length', '3'], 29],
  ])('finds as many rules of Groceries as are published, for %j (skipped without that data)', async (asked, count) => {
    const [support = '', confidence = '', ...more] = asked
    const thresholds = ['--min-support', support, '--min-confidence', confidence]
    const { stdout } = await rules('--baskets', groceriesPath, ...thresholds, ...more, '--json')
    const answer = JSON.parse(stdout)
    expect([answer.baskets, answer.items, answer.rules.length]).toEqual([9835, 169, count])
  })

  test.each([
    [[], 2, '--baskets is missing: give a file with a basket a line. See --help.'],
    [['--baskets', 'baskets.csv'], 2, '--min-support is missing'],
    [
      ['--baskets', 'baskets.csv', '--min-support', '10'],
      2,
      "--min-support must be a share from 0 to 1: current value is '10'",
    ],
    [['--colour'], 2, '--colour'],
    [['--baskets', 'gone.csv', ...thresholds()], 1, 'Cannot read gone.csv: ENOENT'],
    [['--baskets', 'empty.csv', ...thresholds()], 1, 'empty.csv has no basket'],
    [['--baskets', 'open.csv', ...thresholds()], 1, 'open.csv, line 2 cannot be read: Quote Not Closed'],
    [['--baskets', 'torn.csv.gz', ...thresholds()], 1, 'Cannot read torn.csv.gz: unexpected end of file'],
  ])('refuses %j with a sentence and a status', async (args, status, message) => {
    const { code, stderr } = await rules(...args)
    expect(code).toBe(status)
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('    at ')
  })

  test('explains itself', async () => {
    const { code, stdout } = await rules('--help')
    expect(code).toBe(0)
    for (const word of ['--min-support', '--max-length', 'leverage', 'Status 1']) expect(stdout).toContain(word)
  })
})

function thresholds(): string[] {
  return ['--min-support', '0.1', '--min-confidence', '0.1']
}

function rules(...args: string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  return new Promise(resolve => {
    execFile(process.execPath, [program, ...args], { cwd: folder, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      resolve({ code: error ? error.code : 0, stdout, stderr })
    })
  })
}
