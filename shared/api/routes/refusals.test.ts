import { describe, expect, test } from 'vitest'
import { answeringShop, apiOver } from '../../../tests/api-by-hand.ts'
import type { Call } from '../../../tests/api-request.ts'
import { anEvent } from '../../../tests/events.ts'
import { interceptedPorts } from '../../../tests/faulty-ports.ts'
import { deliver } from '../../../tests/stocktaking.ts'
import { TriggeredJob } from '../../schemas/answers.ts'

const idRule = 'must be 1 to 128 characters without / \\ ? # or control characters'
const limitRule = 'must be a whole number from 1 to 100'
const scoreRule = 'must be a number from 0 to 1'
const pen = { path: { id: 'pen' } }
const longId = 'x'.repeat(129)

type Refusal = [name: string, sent: Call, code: string, field: string, value: unknown, reason: string]
const limits = (name: string, sent: Call = {}): Refusal[] =>
  ['0', '101', 'abc', '-1', '1.5', '1e1', '', ' 5'].map(limit => [
    ...([name, { ...sent, query: { limit } }, 'invalid_query', 'limit', limit, limitRule] as const),
  ])
const scores = (name: string, sent: Call = {}): Refusal[] =>
  ['2', '-0.1', 'abc', '', 'NaN', 'Infinity'].map(score => [
    ...([name, { ...sent, query: { min_score: score } }, 'invalid_query', 'min_score', score, scoreRule] as const),
  ])
const ids = (name: string): Refusal[] =>
  ['a/b', 'a\\b', 'a?b', 'a#b', 'a\nb', '', longId].map(id => [
    ...([name, { path: { id } }, 'invalid_path', 'id', id, idRule] as const),
  ])

const refusals: Refusal[] = [
  ...limits('recommend-user', { path: { id: 'anna' } }),
  ...limits('recommend-item', pen),
  ...limits('trending'),
  ...limits('rules', pen),
  ...limits('products'),
  ...limits('batch-jobs'),
  ...limits('models'),
  ...scores('recommend-user', { path: { id: 'anna' } }),
  ...scores('recommend-item', pen),
  ...scores('trending'),
  ...['recommend-user', 'recommend-item', 'rules', 'user-profile', 'product', 'preferences'].flatMap(ids),
  [
    'recommend-item',
    { ...pen, query: { kind: 'x' } },
    ...bad('query', 'kind', 'x', 'must be hybrid, als or copurchase'),
  ],
  ...limits('recommend-session', { path: { id: 's1' } }),
  ...limits('recommend-category', { path: { category: 'Office' } }),
  ['recommend-session', { path: { id: 'a/b' } }, ...bad('path', 'id', 'a/b', 'must be 1 to 120 characters')],
  [
    'recommend-user',
    { path: { id: 'anna' }, query: { placement: 'checkout' } },
    ...bad('query', 'placement', 'checkout', 'must be home or email'),
  ],
  [
    'recommend-user',
    { path: { id: 'anna' }, query: { category: 'Office', category_filter: 'Office' } },
    ...bad('query', 'category_filter', 'Office', 'is another name of category: give one of the two'),
  ],
  [
    'recommend-item',
    { ...pen, query: { placement: 'home' } },
    ...bad('query', 'placement', 'home', 'must be similar or bought_together or also_viewed'),
  ],
  [
    'trending',
    { query: { price_min: 'cheap' } },
    ...bad('query', 'price_min', 'cheap', 'must be a number of 0 or more'),
  ],
  ['recommend-cart', {}, ...bad('query', 'items', null, 'is missing: must be 1 to 50 item ids')],
  ['recommend-cart', { query: { items: 'pen,' } }, ...bad('query', 'items[1]', null, idRule)],
  ['recommend-cart-posted', { body: { items: [] } }, ...bad('body', 'items', [], 'must be 1 to 50 item ids')],
  ['recommend-cart-posted', { body: { items: ['pen'], limit: '5' } }, ...bad('body', 'limit', '5', limitRule)],
  [
    'recommend-cart-posted',
    { body: { items: ['pen'], user: 'anna' } },
    ...bad('body', 'user', 'anna', 'is not known here'),
  ],
  ['recommend-search', { body: {} }, ...bad('body', 'items', null, 'is missing: must be 1 to 500 item ids')],
  [
    'products',
    { query: { sort: 'size' } },
    ...bad('query', 'sort', 'size', 'must be name, price, -price, newest, popularity'),
  ],
  [
    'products',
    { query: { cursor: 'a b' } },
    ...bad('query', 'cursor', 'a b', 'must be a next_cursor of an earlier answer'),
  ],
  [
    'products',
    { query: { cursor: 'bzE2eA' } },
    ...bad('query', 'cursor', 'bzE2eA', 'must be a next_cursor of an earlier answer'),
  ],
  [
    'batch-jobs',
    { query: { kind: 'dance' } },
    ...bad('query', 'kind', 'dance', 'must be one of refresh, lake, tune, export'),
  ],
  ['batch-jobs', { query: { status: 'x' } }, ...bad('query', 'status', 'x', '')],
  [
    'batch-status',
    { query: { kind: 'x' } },
    ...bad('query', 'kind', 'x', 'must be one of refresh, lake, tune, export'),
  ],
  ['batch-status', { query: { job: 'latest' } }, ...bad('query', 'job', 'latest', 'must be the run_id of a job')],
  ['models-rollback', { body: { from: '' } }, ...bad('body', 'from', '', '')],
  ['batch-logs', { path: { job: '../x' } }, ...bad('path', 'job', '../x', 'must be the run_id of a job')],
  [
    'batch-trigger',
    { body: { job: 'dance' } },
    ...bad('body', 'job', 'dance', 'must be one of refresh, lake, tune, export'),
  ],
  [
    'batch-trigger',
    { body: { jbo: 'refresh' } },
    ...bad('body', 'jbo', 'refresh', 'is not known here: did you mean job?'),
  ],
  [
    'batch-trigger',
    { body: { job: 'lake', refit: true } },
    ...bad('body', 'refit', true, 'is for the job refresh alone'),
  ],
  ['trending', { query: { limt: '5' } }, ...bad('query', 'limt', '5', 'is not known here: did you mean limit?')],
  [
    'preferences',
    { path: { id: 'anna' }, query: { __proto__x: '1' } },
    ...bad('query', '__proto__x', '1', 'is not known here'),
  ],
  ['batch-trigger', { body: [] }, ...bad('body', '(body)', [], 'Invalid input')],
  ['batch-trigger', { body: '{"job":' }, ...bad('body', '(body)', '{"job":', '')],
  ['interactions', { body: 'hello' }, ...bad('body', '(body)', 'hello', '')],
  ['interactions', { body: [] }, ...bad('body', '(body)', 0, 'must hold 1 to 1000 events')],
  ['interactions', {}, ...bad('body', 'event_type', null, 'is missing: must be one of')],
  ['interactions', { body: 'null' }, ...bad('body', '(body)', null, 'expected object')],
  [
    'interactions',
    { body: anEvent(1, { event_type: 'stare' }) },
    ...bad('body', 'event_type', 'stare', 'must be one of'),
  ],
  [
    'interactions',
    { body: anEvent(1, { user_id: longId.repeat(2) }) },
    ...bad('body', 'user_id', `${longId.repeat(2).slice(0, 200)}…`, idRule),
  ],
]

function bad(part: string, field: string, value: unknown, reason: string) {
  return [`invalid_${part}`, field, value, reason] as const
}

describe('a malformed request', () => {
  test.each(refusals)('%s %j answers 400 %s: %s %j %s', async (name, sent, code, field, value, reason) => {
    const { call } = apiOver(await answeringShop())
    const { status, type, json } = await call(name, sent)
    expect([status, type]).toEqual([400, 'application/problem+json'])
    expect(json).toMatchObject({
      type: expect.stringMatching(/^.docs.errors#/),
      status: 400,
      code,
      detail: expect.any(String),
    })
    expect(json).toHaveProperty('errors.0.field', field)
    expect(json).toHaveProperty('errors.0.value', value)
    expect(json).toHaveProperty('errors.0.reason', expect.stringContaining(reason))
  })

  test('tells everything that is wrong with it at once', async () => {
    const { call } = apiOver(await answeringShop())
    const { json } = await call('trending', { query: { limit: '0', min_score: '2', category: '' } })
    expect(json).toMatchObject({ errors: [{ field: 'limit' }, { field: 'category' }, { field: 'min_score' }] })
  })
})

describe('what is not there', () => {
  test.each([
    ['recommend-item', { path: { id: 'unicorn' } }, 'unknown_item', 'item_id', 'unicorn'],
    ['rules', { path: { id: 'unicorn' } }, 'unknown_item', 'item_id', 'unicorn'],
    ['product', { path: { id: 'unicorn' } }, 'unknown_item', 'item_id', 'unicorn'],
    ['user-profile', { path: { id: 'nobody' } }, 'unknown_user', 'user_id', 'nobody'],
    ['batch-status', { query: { job: 'refresh-0000000000000000' } }, 'unknown_job', 'job', 'refresh-0000000000000000'],
    ['batch-logs', { path: { job: 'refresh-0000000000000000' } }, 'unknown_job', 'job', 'refresh-0000000000000000'],
  ] as [string, Call, string, string, string][])('%s %j answers 404 %s', async (name, sent, code, field, value) => {
    const { call } = apiOver(await answeringShop())
    const { status, type, json } = await call(name, sent)
    expect([status, type]).toEqual([404, 'application/problem+json'])
    expect(json).toMatchObject({ status: 404, code, errors: [{ code: 'unknown', field, value }] })
  })

  test('an unknown user gets the ladder all the same', async () => {
    const { call } = apiOver(await answeringShop())
    const { status, json } = await call('recommend-user', { path: { id: 'nobody' } })
    expect([status, json]).toEqual([
      200,
      expect.objectContaining({ items: expect.arrayContaining([expect.anything()]) }),
    ])
  })
})

test('a job that did not fail is not restarted', async () => {
  const of = await answeringShop()
  const { call } = apiOver(of)
  const { job } = TriggeredJob.parse((await call('batch-trigger')).json)
  while (of.ports.sent.length > 0) await deliver(of.ports)
  const { status, json } = await call('batch-trigger', { body: { restart: job } })
  expect([status, json]).toEqual([409, expect.objectContaining({ code: 'not_restartable' })])
  expect((await call('batch-trigger', { body: { restart: 'last one' } })).status).toBe(400)
})

test('a job at work is 409 to a second one, by name', async () => {
  const { call } = apiOver(await answeringShop())
  const first = TriggeredJob.parse((await call('batch-trigger')).json)
  const { status, json } = await call('batch-trigger')
  expect(status).toBe(409)
  expect(json).toMatchObject({ code: 'job_running', detail: expect.stringContaining(first.job) })
})

test('a body over the limit is 413: 1 MiB of interactions, 64 KiB elsewhere', async () => {
  const { call } = apiOver(await answeringShop())
  const spaces = (bytes: number) => ' '.repeat(bytes)
  expect(await call('interactions', { body: spaces(1024 * 1024 + 1) })).toMatchObject({
    ...{ status: 413, type: 'application/problem+json', json: { code: 'body_too_large', status: 413 } },
  })
  expect((await call('interactions', { body: spaces(1024 * 1024) })).status).toBe(400)
  expect((await call('batch-trigger', { body: spaces(64 * 1024 + 1) })).status).toBe(413)
  expect((await call('batch-trigger', { body: spaces(64 * 1024) })).status).toBe(202)
})

test('an unexpected error is 500 without a word of its text, which goes to the log', async () => {
  const of = await answeringShop()
  const failing = interceptedPorts(of.ports, () => Promise.reject(new Error('AccountKey=secret')))
  const { call } = apiOver({ ...of, ports: { ...of.ports, ...failing } })
  const { status, type, json } = await call('batch-jobs')
  expect([status, type]).toEqual([500, 'application/problem+json'])
  expect(json).toEqual({
    ...{ type: '/docs/errors#internal', title: 'Internal', status: 500, code: 'internal', errors: [] },
    detail: 'Something broke on our side; it is in the log',
  })
  expect(of.ports.logged.at(-1)).toMatchObject({
    ...{ level: 'error', stage: 'http', endpoint: 'batch-jobs', error: expect.stringContaining('AccountKey=secret') },
  })
})
