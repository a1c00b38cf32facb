import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { httpStandIn, interactionsAnswer } from './sample/http-stand-in.ts'

const script = fileURLToPath(new URL('./replay.ts', import.meta.url))
let dir = ''
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'replay-'))
})
afterAll(() => rm(dir, { recursive: true }))

function replay(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise(resolve => {
    execFile(process.execPath, [script, ...args], (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr })
    })
  })
}

describe('npm run replay', () => {
  test('sends a file and tells accepted and rejected lines', async () => {
    await using api = await httpStandIn(interactionsAnswer)
    const file = join(dir, 'events.ndjson')
    await writeFile(file, '{"user_id":"anna"}\nnonsense\n{"user_id":"ben"}\n')
    const { code, stderr } = await replay('--events', file, '--rate', '1000', '--url', api.url, '--token', api.token)
    expect(stderr).toContain('line 2: is not JSON')
    expect(stderr).toContain('3 read, 2 accepted, 1 rejected')
    expect(code).toBe(0)
  })

  test('explains itself on --help', async () => {
    const { code, stdout } = await replay('--help')
    expect(stdout).toContain('npm run replay -- --events FILE --rate N')
    expect(code).toBe(0)
  })

  test.each([
    [[], '--events is missing'],
    [['--events', 'x.csv'], '--rate must be a number of events a second above 0: it is missing'],
    [['--events', 'x.csv', '--rate', '-1'], '--rate'],
    [['--events', 'nowhere.csv', '--rate', '5'], 'Cannot read --events nowhere.csv'],
    [['--events', 'x.csv', '--rate', '5', '--url', 'there'], '--url must be a URL'],
  ])('refuses %j with a clear sentence', async (args, sentence) => {
    const { code, stderr } = await replay(...args)
    expect(stderr).toContain(sentence)
    expect(code).toBe(1)
  })
})
