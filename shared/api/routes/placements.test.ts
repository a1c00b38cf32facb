import { describe, expect, test } from 'vitest'
import { apiOver } from '../../../tests/api-by-hand.ts'
import { shopByHand } from '../../../tests/served-shop.ts'
import { placementNames } from '../../schemas/placements.ts'
import { CheckedPlacement } from '../../serving/business-rules/checked-placement.ts'
import { defaultPlacements } from '../../serving/default-placements.ts'

const home = { path: { name: 'home' } }
const sources = [{ source: 'trending', weight: 1 }]

async function api() {
  const of = await shopByHand()
  return { ...of, ...apiOver(of) }
}

test('every placement is as the app has it until the shop sets it, and again after it is reset', async () => {
  const { call } = await api()
  const asTheAppHasIt = {
    items: placementNames.map(name => {
      return { name, is_default: true, settings: defaultPlacements[name], default: defaultPlacements[name] }
    }),
    next_cursor: null,
  }
  expect((await call('placements')).json).toEqual(asTheAppHasIt)

  const set = await call('placement-set', { ...home, body: { sources, diversity: 0.7 } })
  const settings = { sources: [{ ...sources[0], candidates: 200 }], diversity: 0.7, filters: [], exploration: 0 }
  expect(set.json).toMatchObject({ name: 'home', is_default: false, settings, default: defaultPlacements.home })
  const { json } = await call('placements')
  expect(json).toHaveProperty('items.0', set.json)
  expect(json).toHaveProperty('items.1.is_default', true)

  await call('placement-set', { path: { name: 'cart' }, body: { sources } })
  expect((await call('placement-reset', home)).json).toEqual(asTheAppHasIt.items[0])
  await call('placement-reset', { path: { name: 'cart' } })
  expect((await call('placements')).json).toEqual(asTheAppHasIt)
})

test('who sets a placement by the version that was read does not undo what another set meanwhile', async () => {
  const { call } = await api()
  const read = async () => ({ 'if-match': (await call('placements')).headers.etag ?? '' })
  const before = await read()
  const set = await call('placement-set', { ...home, body: { sources }, headers: before })
  expect([set.status, { 'if-match': set.headers.etag }]).toEqual([200, await read()])
  for (const name of ['placement-set', 'placement-reset']) {
    const late = await call(name, { path: { name: 'cart' }, body: { sources }, headers: before })
    expect([late.status, late.json]).toMatchObject([412, { code: 'precondition_failed' }])
  }
  const reset = await call('placement-reset', { ...home, headers: await read() })
  expect([reset.status, { 'if-match': reset.headers.etag }]).toEqual([200, await read()])
})

test('two who set placements at once both have theirs', async () => {
  const { call } = await api()
  await Promise.all(placementNames.map(name => call('placement-set', { path: { name }, body: { sources } })))
  const { json } = await call('placements')
  expect(json).toMatchObject({ items: placementNames.map(name => ({ name, is_default: false })) })
})

describe('what cannot be in force is refused, with the way to it', () => {
  const rule = (expression: string, of: object = {}) => ({ name: 'rule', expression, ...of })
  test.each<[object, field: string, value: unknown, reason: string]>([
    [{}, 'sources', null, 'is missing'],
    [{ sources: [] }, 'sources', [], 'Too small'],
    [{ sources: [{ source: 'als', weight: 0 }] }, 'sources[0].weight', 0, 'Too small'],
    [{ sources: [...sources, { source: 'magic', weight: 1 }] }, 'sources[1].source', 'magic', 'must be one of als'],
    [{ sources: [...sources, ...sources] }, 'sources[1].source', 'trending', 'must be named once'],
    [{ sources, diversity: 2 }, 'diversity', 2, 'Too big'],
    [{ sources, colour: 'red' }, 'colour', 'red', 'is not known here'],
    [
      { sources, filters: [rule('price < 5'), rule('prize < 5')] },
      ...([
        'filters[1].expression',
        'prize < 5',
        'expected a known field (did you mean price?) at character 1',
      ] as const),
    ],
    [
      { sources, boosts: [rule('margin >', { factor: 2 })] },
      ...(['boosts[0].expression', 'margin >', 'at character 9'] as const),
    ],
    [
      { sources, pins: [{ item_id: 'pen', position: 1, expression: '$segment = 5' }] },
      ...(['pins[0].expression', '$segment = 5', 'expected text, as $segment is at character 12'] as const),
    ],
    [
      { sources, filters: [rule('price < 5', { from: '2026-12-01T00:00:00Z', until: '2026-12-01T00:00:00+01:00' })] },
      ...(['filters[0].until', '2026-12-01T00:00:00+01:00', 'must be later than from'] as const),
    ],
  ])('%j', async (body, field, value, reason) => {
    const { call } = await api()
    expect(await call('placement-set', { ...home, body })).toMatchObject({
      status: 400,
      json: { code: 'invalid_body', errors: [{ field, value, reason: expect.stringContaining(reason) }] },
    })
    expect((await call('placements')).json).toHaveProperty('items.0.is_default', true)
  })

  test('a placement that the app does not know', async () => {
    const { call } = await api()
    for (const name of ['placement-set', 'placement-reset']) {
      expect(await call(name, { path: { name: 'attic' }, body: { sources } })).toMatchObject({
        ...{ status: 400, json: { code: 'invalid_path', errors: [{ field: 'name', value: 'attic' }] } },
      })
    }
  })
})

test('the app’s defaults pass the check that a shop’s own settings must pass', () => {
  for (const placement of Object.values(defaultPlacements)) expect(CheckedPlacement.parse(placement)).toEqual(placement)
})
