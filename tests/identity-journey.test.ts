import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { ask } from '../local/api-client.ts'
import { type LocalStack, startLocalStack } from '../local/local-stack.ts'
import { idEncodings } from './id-encodings.ts'
import { eventually } from './stack-client.ts'

const stateDir = mkdtempSync(join(tmpdir(), 'sidecart-identity-'))
let stack: LocalStack
beforeAll(async () => {
  const never = '0 0 0 1 1 *'
  const settings = { REFRESH_SCHEDULE: never, LAKE_SCHEDULE: never, LAKE_DAILY_SCHEDULE: never }
  stack = await startLocalStack({ stateDir, port: 0, settings })
}, 60_000)
afterAll(async () => {
  await stack.stop()
  rmSync(stateDir, { recursive: true, force: true })
})

test('on the real host nobody comes in without an identity, and shoppers come to their own alone', async () => {
  const bare = await fetch(`${stack.url}/recommend/user/anna`)
  expect([bare.status, bare.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
  const shopper = { url: stack.url, token: await stack.identity.shopperToken({ user: 'anna' }) }
  expect((await ask(shopper, '/recommend/user/anna')).status).toBe(200)
  expect((await ask(shopper, '/api/batch/jobs')).status).toBe(403)
  // What is refused for what it is, before it is looked whose it is, opens as little.
  for (const id of idEncodings('isabella', 'anna').filter((_, n) => n % 10 === 0)) {
    const path = `/recommend/user/${id.replaceAll('\0', '%00').replace(/[\s#?/\\]/g, encodeURIComponent)}`
    const { status } = await ask(shopper, path)
    expect([path, [400, 401, 403, 404, 414].includes(status)]).toEqual([path, true])
  }
})

test('a service key opens what it is for until it is taken back, in seconds', async () => {
  const made = await ask(stack, '/api/keys', { method: 'POST', body: '{"name":"Till","roles":["reader"]}' })
  const { id, key } = z.object({ id: z.string(), key: z.string() }).parse(await made.json())
  const list = () => fetch(`${stack.url}/api/trending`, { headers: { 'x-api-key': key } }).then(({ status }) => status)
  await eventually(list, status => status === 200)
  const headers = { 'x-api-key': key, authorization: `Bearer ${stack.token}` }
  expect((await fetch(`${stack.url}/api/trending`, { headers })).status).toBe(401)
  expect((await ask(stack, `/api/keys/${id}`, { method: 'DELETE' })).status).toBe(200)
  await eventually(list, status => status === 401, 7_000)
})
