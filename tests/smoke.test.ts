import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { smoke } from './smoke.ts'

type Answer = readonly [status: number, body: unknown]

const well: Readonly<Record<string, Answer>> = {
  '/health/live': [200, { status: 'ok' }],
  '/health/ready': [200, { ready: true }],
  '/health': [200, { dependencies: { cosmos: { ok: true }, storage: { ok: true } } }],
  '/api/trending': [401, {}],
  '/api/metadata': [200, { version: '1.2.3' }],
  '/recommend/session/smoke-test': [200, { items: [{ item_id: 'pen' }], recommendation_id: 'r1' }],
}
let answers = well
const asked: string[] = []
let server: Server
beforeAll(() => {
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://localhost')
    asked.push(`${pathname} ${request.headers.authorization ?? 'a stranger'}`)
    const [status, body] = answers[pathname] ?? [404, {}]
    response.writeHead(status).end(JSON.stringify(body))
  })
  return new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
})
afterAll(() => {
  server.close()
})

const run = (of: Readonly<Record<string, Answer>>, ...options: string[]) => {
  answers = { ...well, ...of }
  asked.length = 0
  return smoke({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token: 'a token' }, ...options)
}

describe('the smoke test of a deployment', () => {
  test('passes an app that serves, and shows its token only where one is needed', async () => {
    const { code, said } = await run({}, '--version', '1.2.3')
    expect([code, said]).toEqual([0, expect.stringMatching(/yes recommends/)])
    expect(asked.filter(line => line.endsWith('Bearer a token'))).toHaveLength(2)
    expect(asked).toContain('/api/trending a stranger')
    expect(said).not.toContain('a token')
  })

  test.each<[string, Record<string, Answer>, RegExp]>([
    ['does not run', { '/health/live': [502, 'bad gateway'] }, /NO {2}alive .*answers 502, not 200/],
    ['is not ready', { '/health/ready': [503, { ready: false }] }, /NO {2}ready .*answers 503/],
    [
      'lacks a service',
      { '/health': [200, { dependencies: { cosmos: { ok: false }, storage: { ok: true } } }] },
      /away are cosmos/,
    ],
    ['lets strangers in', { '/api/trending': [200, {}] }, /NO {2}closed to strangers/],
    ['is the one of before', { '/api/metadata': [200, { version: '1.2.2' }] }, /version is 1\.2\.2, not 1\.2\.3/],
    ['recommends nothing', { '/recommend/session/smoke-test': [200, { items: [] }] }, /the list is empty/],
  ])('refuses an app that %s', async (_, of, message) => {
    const { code, said } = await run(of, '--version', '1.2.3')
    expect([code, said]).toEqual([1, expect.stringMatching(message)])
  })

  test('of an empty shop asks neither readiness nor items', async () => {
    const of = { '/health/ready': [503, {}], '/recommend/session/smoke-test': [200, { items: [] }] } as const
    expect((await run({ ...of, '/health': [503, well['/health']?.[1]] }, '--empty')).code).toBe(0)
  })

  test('names what it was not given', async () => {
    expect(await smoke({ url: 'nowhere', token: '' })).toEqual({
      code: 1,
      said: expect.stringMatching(/--url must be the app's address: current value is nowhere\nSIDECART_TOKEN must be/),
    })
  })
})
