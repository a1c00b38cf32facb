import { describe, expect, test } from 'vitest'
import { answeringShop, apiOver } from '../../../tests/api-by-hand.ts'
import { apiRequest } from '../../../tests/api-request.ts'
import { ItemList } from '../../schemas/answers.ts'
import { handler } from '../handle.ts'
import { deprecation } from './deprecation.ts'

async function asked(name: string, id: string, alias?: string) {
  const { ports, shop } = await answeringShop()
  const endpoint = apiOver({ ports, shop }).all[name]
  if (!endpoint) throw new Error(`There is no endpoint ${name}`)
  const request = apiRequest({ path: { id }, query: { limit: '3' }, ...(alias === undefined ? {} : { alias }) })
  return handler(endpoint, [deprecation], ports.log)(request)
}

describe('an answer by an older name of a route', () => {
  test('holds what the route itself answers, and says where that is and since when the name is old', async () => {
    const byAlias = await asked('recommend-user', 'anna', '/api/recommendations/{id}')
    const byRoute = await asked('recommend-user', 'anna')
    expect(byAlias.body).toBe(byRoute.body)
    expect(byAlias.headers).toEqual({
      ...byRoute.headers,
      deprecation: '@1795305600',
      link: '</recommend/user/anna>; rel="successor-version"',
    })
    expect(new Date(1_795_305_600_000).toISOString()).toBe('2026-11-22T00:00:00.000Z')
  })

  test('says so of a refusal, too, and escapes an id', async () => {
    const { status, headers } = await asked('recommend-item', 'a b"c', '/similar_items/{id}')
    expect([status, headers.link]).toEqual([404, '</recommend/item/a%20b%22c>; rel="successor-version"'])
  })

  test('by the route’s own name says nothing of the kind', async () => {
    const { headers } = await asked('recommend-user', 'anna')
    expect(headers).not.toHaveProperty('deprecation')
    expect(headers).not.toHaveProperty('link')
  })
})

test('the older name of a list’s category means the same', async () => {
  const { call } = apiOver(await answeringShop())
  const items = async (query: Record<string, string>) =>
    ItemList.parse((await call('recommend-user', { path: { id: 'anna' }, query })).json).items
  const byFilter = await items({ category_filter: 'Office' })
  expect(byFilter.map(({ category }) => category)).toEqual(['Office', 'Office', 'Office'])
  expect(byFilter).toEqual(await items({ category: 'Office' }))
})
