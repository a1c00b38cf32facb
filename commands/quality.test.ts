import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const program = new URL('./quality.ts', import.meta.url).pathname
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quality-'))
  // Who has tea has a cup, who has ink has a pen.
  const baskets = Array.from({ length: 60 }, (_, basket) => (basket % 2 === 0 ? 'tea,cup' : 'ink,pen'))
  await mkdir(join(folder, 'data/baskets-groceries'), { recursive: true })
  await writeFile(join(folder, 'data/baskets-groceries/groceries.csv.gz'), gzipSync(baskets.join('\n')))
  await writeFile(join(folder, 'data/baskets-groceries/items.csv'), 'item,level2,level1\ntea,drinks,food\n')
  await mkdir(join(folder, 'docs'))
  await writeFile(
    join(folder, 'docs/quality.md'),
    '# Quality\n<!-- groceries-cart -->\nthe table of last year\n<!-- end of groceries-cart -->\nrest\n',
  )
})
afterAll(() => rm(folder, { recursive: true }))

describe('npm run quality', () => {
  test('judges a set, and --write puts its table between its marks', async () => {
    const { code, stdout } = await quality('--data', 'data', '--sets', 'groceries-cart', '--write')
    expect(code).toBe(0)
    expect(stdout).toContain('12 judged, 4 items')
    expect(stdout).toMatch(/\| copurchase \| 1\.0000 \| 1\.0000 \|/)
    expect(stdout).toMatch(/\| \*\*sidecart\*\* \| 1\.0000 \|/)
    expect(stdout).toMatch(/sidecart is level with the best (source|model) alone/)
    const written = await readFile(join(folder, 'docs/quality.md'), 'utf8')
    expect(written).toMatch(/^# Quality\n<!-- groceries-cart -->\n### groceries-cart\n/)
    expect(written).toContain('npm run quality -- --sets groceries-cart')
    expect(written).toMatch(/<!-- end of groceries-cart -->\nrest\n$/)
    expect(written).not.toContain('last year')
  })

  test('says what is absent and what holds no items, and refuses a set it does not know', async () => {
    const { code, stdout } = await quality('--data', 'nowhere')
    expect(code).toBe(0)
    expect(stdout).toContain('### amazon-cds\n\nSkipped: nowhere/cf-amazon-cds is absent.')
    expect(stdout).toContain('### cdnow\n\nSkipped: its rows say how many were bought, not what.')
    expect(await quality('--sets', 'movies')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("no set 'movies'"),
    })
  })
})

/** Four items leave no room for the factors that a shop has. */
const env = { ...process.env, ALS_FACTORS: '2' }

function quality(...args: string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  return new Promise(resolve => {
    execFile(process.execPath, [program, ...args], { cwd: folder, env }, (error, stdout, stderr) => {
      resolve({ code: error ? error.code : 0, stdout, stderr })
    })
  })
}
