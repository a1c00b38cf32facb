import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { memoryPorts } from '../shared/adapters/memory/ports.ts'
import { TriggeredJob } from '../shared/schemas/answers.ts'
import { collections } from '../shared/schemas/collections.ts'
import { answeringShop, apiOver } from './api-by-hand.ts'
import { asTheApi, blobsWrittenByApi, cosmos } from './as-the-api.ts'

const root = join(import.meta.dirname, '..')

test('an app that only serves may write the Cosmos containers that code of the API writes, and what it has used', () => {
  const written = [...codeOfApi()].flatMap(file =>
    [
      ...readFileSync(join(root, file), 'utf8').matchAll(
        /\.(?:create|upsert|replace|remove|writeAll)\(\s*collections\.(\w+)/g,
      ),
    ].map(([, name]) => Object.entries(collections).find(([key]) => key === name)?.[1].container),
  )
  expect(cosmos.writtenByApi).toEqual([...new Set([...written, 'usage'])].sort())
})

test('the ports of the API’s tests refuse what the API’s identity may not write in Azure', async () => {
  const { blobs, documents } = asTheApi(memoryPorts())
  for (const container of blobsWrittenByApi) await blobs.append(`${container}/2026-01-01.ndjson`, '{}\n')
  await expect(blobs.write('gold/orders', new Uint8Array())).rejects.toThrow('The API writes the blob gold/orders')
  const removed = () => documents.remove(collections.userLists, { id: 'anna', partition: 'anna' })
  expect(removed).toThrow('The API writes to user_topn')
  const removedByMetered = () => documents.metered().remove(collections.items, { id: 'pen', partition: 'pen' })
  expect(removedByMetered).toThrow('The API writes to items')
})

test('a job can be cancelled with what the API may write, its log included', async () => {
  const { call } = apiOver(await answeringShop())
  const { job } = TriggeredJob.parse((await call('batch-trigger', { body: { job: 'refresh' } })).json)
  expect((await call('batch-cancel', { path: { job } })).status).toBe(200)
  expect((await call('batch-logs', { path: { job } })).json).toContain('run cancelled')
})

/** Files of the API and all that they import. */
function codeOfApi(): Set<string> {
  const found = new Set<string>()
  const visit = (file: string): void => {
    if (found.has(file) || file.endsWith('.test.ts')) return
    found.add(file)
    for (const [, path = ''] of readFileSync(join(root, file), 'utf8').matchAll(/ from '(\.[^']+)'/g))
      visit(join(dirname(file), path))
  }
  for (const file of globSync('shared/api/**/*.ts', { cwd: root })) visit(file)
  return found
}
