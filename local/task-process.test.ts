import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTask } from './task-process.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'task-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function task(work: string) {
  const script = pathToFileURL(join(folder, `${Math.random()}.mjs`))
  const serve = new URL('./task-process.ts', import.meta.url).href
  await writeFile(script, `import { serveTask } from '${serve}'\nserveTask(${work})`)
  return startTask(script)
}

describe('startTask()', () => {
  test('gives the result of the work for its input, done in another process', async () => {
    const { run } = await task('async ({ a }) => ({ sum: a + 1, pid: process.pid })')
    const result = await run({ a: 2 })
    expect(result).toMatchObject({ sum: 3 })
    expect(result).not.toMatchObject({ pid: process.pid })
  })
  test('ends with work that has no result', async () => {
    const { run } = await task('async () => undefined')
    expect(await run({})).toBeUndefined()
  })
  test('fails with the reason of the work', async () => {
    const { run } = await task('async () => { throw new Error("the hub is full") }')
    await expect(run(undefined)).rejects.toThrow('the hub is full')
  })
  test('fails when the process ends before', async () => {
    const { run } = await task('async () => process.exit(7)')
    await expect(run(undefined)).rejects.toThrow('exit code 7')
  })
})
