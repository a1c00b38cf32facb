import { expect, test } from 'vitest'
import { apiOver } from '../../../tests/api-by-hand.ts'
import { flipTo } from '../../../tests/published-rules.ts'
import { shopByHand } from '../../../tests/served-shop.ts'
import { collections } from '../../schemas/collections.ts'

async function shopOfGenerations(count: number) {
  const of = await shopByHand()
  for (let generation = 1; generation <= count; generation++) {
    await of.ports.documents.upsert(collections.generations, {
      ...{ id: `v${generation}`, generation, run_id: `refresh-${generation}`, parameters: {}, counts: { users: 3 } },
      ...{ generated_at: '2026-01-01T00:00:00.000Z', manifest_path: 'models/m', manifest_sha256: 'abc' },
    })
    await flipTo(generation, of.ports)
  }
  return { ...of, ...apiOver(of) }
}

test('the models are listed, the newest first, with the live one and the one to go back to', async () => {
  const { call } = await shopOfGenerations(3)
  const { json, checked } = await call('models')
  checked()
  expect(json).toMatchObject({
    items: [
      { model_version: 'v3', generation: 3, job: 'refresh-3', state: 'live', counts: { users: 3 } },
      { model_version: 'v2', state: 'previous' },
      { model_version: 'v1', state: 'past' },
    ],
  })
  expect((await call('models', { query: { limit: '1' } })).json).toMatchObject({ items: [{ model_version: 'v3' }] })
})

test('a rollback is done once, however often it is asked for, and readers follow within two seconds', async () => {
  const { call, ports, shop } = await shopOfGenerations(2)
  expect((await shop.live())?.generation).toBe(2)
  const body = { from: 'v2' }
  const first = await call('models-rollback', { body })
  first.checked()
  const back = { model_version: 'v1', generation: 1, generated_at: '2026-01-01T00:00:00.000Z', from: 'v2' }
  expect(first.json).toEqual({ rolled_back: true, ...back })
  expect((await call('models-rollback', { body })).json).toEqual({ rolled_back: false, ...back })
  expect((await call('models-rollback')).json).toEqual({ rolled_back: false, ...back })
  expect(ports.logged.filter(({ event }) => event)).toMatchObject([{ event: 'rolled_back', from: 'v2' }])
  // The request that finds the pointer old is still answered by it, and has it read anew.
  ports.advance(2_000)
  await shop.live()
  await new Promise(setImmediate)
  expect((await shop.live())?.generation).toBe(1)
  expect((await call('models')).json).toMatchObject({ items: [{ state: 'rolled_back' }, { state: 'live' }] })
})

test.each([
  [0, {}, 'nothing_to_roll_back', 'Nothing was published yet: start a refresh at /api/batch/trigger'],
  [1, {}, 'nothing_to_roll_back', 'There is nothing to go back to from model v1: it is the first one published'],
  [2, { from: 'v1' }, 'not_live', 'Model v1 is not live, but v2: see /api/models'],
])('with %i models a rollback of %j is refused: %s', async (count, body, code, detail) => {
  const { call } = await shopOfGenerations(count)
  expect(await call('models-rollback', { body })).toMatchObject({ status: 409, json: { code, detail } })
})
