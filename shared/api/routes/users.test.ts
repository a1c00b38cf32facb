import { describe, expect, test } from 'vitest'
import { answeringShop, apiOver } from '../../../tests/api-by-hand.ts'
import { livingShop } from '../../../tests/living-shop.ts'
import { published, putCustomer, putModel, putProfile } from '../../../tests/served-shop.ts'
import { collections } from '../../schemas/collections.ts'
import { UserInteractions, UserPage } from '../../schemas/users.ts'

const standing = {
  ...{ as_of: '2025-07-01T00:00:00.000Z', orders: 3, revenue: 30, average_order_value: 10, clv: 12.35 },
  ...{ rfm: { recency: 5, frequency: 4, monetary: 3 }, clv_segment: 'Gold', churn_risk: 'low' },
  ...{ first_order_at: '2025-01-01T00:00:00.000Z', last_order_at: '2025-06-01T00:00:00.000Z' },
}

describe('a page of users', () => {
  test('follows the one before in order of id, of a country or a segment alone where that is asked for', async () => {
    const of = await answeringShop()
    const { call } = apiOver(of)
    for (const [index, id] of ['u5', 'u1', 'u4', 'u2', 'u3'].entries()) {
      await putCustomer(of.ports, id, { country: index % 2 ? 'Malta' : 'Italy', segment: index < 3 ? 'loyal' : 'lost' })
    }
    await putCustomer(of.ports, 'u0', { country: 'Italy', deleted: true })
    const pages = async (query: Record<string, string>) => {
      const shown: string[][] = []
      let cursor: string | null = ''
      while (cursor !== null) {
        const sent: Record<string, string> = cursor === '' ? query : { ...query, cursor }
        const page = UserPage.parse((await call('users', { query: sent })).json)
        shown.push(page.items.map(({ user_id: id }) => id))
        cursor = page.next_cursor
      }
      return shown
    }
    expect(await pages({ limit: '4' })).toEqual([
      ['ben', 'u1', 'u2', 'u3'],
      ['u4', 'u5'],
    ])
    expect(await pages({ limit: '2', country: 'Italy' })).toEqual([['u3', 'u4'], ['u5']])
    expect(await pages({ segment: 'lost', country: 'Malta' })).toEqual([['u2']])
    expect(await pages({ country: 'Peru' })).toEqual([[]])
  })
})

describe('a user', () => {
  test('has a record with segment, loyalty and what the orders come to', async () => {
    const of = await answeringShop()
    const { call } = apiOver(of)
    await putCustomer(of.ports, 'dora', { country: 'Malta', segment: 'loyal', loyalty: 'silver', standing })
    expect((await call('user', { path: { id: 'dora' } })).json).toEqual({
      ...{ user_id: 'dora', country: 'Malta', region: null, birth_year: null },
      ...{ segment: 'loyal', loyalty: 'silver', standing },
    })
    expect((await call('user-profile', { path: { id: 'dora' } })).json).toMatchObject({ segment: 'loyal', standing })
  })

  test('of whom only events are known has a profile, and no record', async () => {
    const { call } = apiOver(await answeringShop())
    expect(await call('user', { path: { id: 'anna' } })).toMatchObject({ status: 404, json: { code: 'unknown_user' } })
    expect((await call('user-profile', { path: { id: 'anna' } })).status).toBe(200)
  })

  test('is told which others behave alike, as the live model has it', async () => {
    const of = await answeringShop()
    await putModel(of.ports, { pen: [1] })
    const stored = await of.ports.documents.read(collections.generations, { id: 'v1', partition: 'v1' })
    if (!stored) throw new Error('There is no generation')
    const segments = [{ key: 'k1', name: 'Tea drinkers', users: 2 }]
    await of.ports.documents.upsert(collections.generations, { ...stored.document, segments })
    const value = { items: [], purchases: [], segment: 'k1' }
    await of.ports.documents.upsert(collections.userLists, { id: 'anna', a: { generation: 1, value } })
    const { json } = await apiOver(of).call('user-profile', { path: { id: 'anna' } })
    expect(json).toMatchObject({ behaviour: { key: 'k1', name: 'Tea drinkers' } })
  })

  test('is made, changed and taken away by way of the hub, with nothing in it that names a person', async () => {
    const { call, settle, ports, now } = await livingShop()
    const user = async () => call('user', { path: { id: 'cleo' } })
    const told = { country: 'Italy', email: 'cleo@example.com', phone: '+39 06 123456', first_name: 'Cleo', age: 30 }
    const created = await call('user-create', { body: { user_id: 'cleo', ...told } })
    expect([created.status, created.headers.location, created.json]).toEqual([
      202,
      '/api/users/cleo',
      { change_id: expect.any(String), op: 'insert', user_id: 'cleo', accepted_at: now() },
    ])
    expect(ports.appended.at(-1)?.body).toMatchObject({
      data: { country: 'Italy', email_masked: 'cl***@example.com', phone_masked: '***56', name_masked: 'C.', age: 30 },
    })
    expect(JSON.stringify(ports.appended)).not.toMatch(/Cleo|cleo@|123456/)
    await settle()
    const { json, headers } = await user()
    expect(json).toMatchObject({ country: 'Italy', birth_year: 1996, segment: null, standing: null })

    const patch = (match: string) =>
      call('user-patch', { path: { id: 'cleo' }, body: { region: 'Lazio' }, headers: { 'if-match': match } })
    expect(await patch('"another"')).toMatchObject({ status: 412, json: { code: 'precondition_failed' } })
    expect((await patch(headers.etag ?? '')).status).toBe(202)
    await settle()
    expect((await user()).json).toMatchObject({ country: 'Italy', region: 'Lazio' })
    expect((await call('user-set', { path: { id: 'cleo' }, body: { country: 'Malta' } })).status).toBe(202)
    await settle()
    expect((await user()).json).toMatchObject({ country: 'Malta', region: 'Lazio' })

    expect((await call('user-delete', { path: { id: 'cleo' } })).status).toBe(202)
    await settle()
    expect((await user()).status).toBe(404)
    expect((await call('user-create', { body: { user_id: 'cleo' } })).status).toBe(202)
  })

  test('with a record gets no second one; without one there is nothing to change', async () => {
    const { call, ports } = await livingShop()
    expect(await call('user-create', { body: { user_id: 'ben' } })).toMatchObject({
      ...{ status: 409, json: { code: 'already_exists', errors: [{ field: 'user_id', value: 'ben' }] } },
    })
    const nobody = { path: { id: 'nobody' } }
    expect(await call('user-patch', { ...nobody, body: { age: 3 } })).toMatchObject({ status: 404 })
    expect(await call('user-delete', nobody)).toMatchObject({ status: 404, json: { code: 'unknown_user' } })
    expect(ports.appended).toHaveLength(0)
  })

  test.each([
    ['user-create', { country: 'Malta' }, 'user_id', 'is missing'],
    ['user-create', { user_id: 'a/b' }, 'user_id', 'must be 1 to 128 characters'],
    ['user-set', { nickname: 'Benny' }, 'nickname', 'is not known here'],
    ['user-set', { birth_year: 1492 }, 'birth_year', 'must be a whole number from 1900 to 2100'],
    ['user-patch', {}, '(body)', 'must tell at least one field'],
    ['user-patch', { country: null }, 'country', 'must be a text'],
  ])('is refused by %s of %j: %s %s', async (name, body, field, reason) => {
    const { call } = await livingShop()
    const { status, json } = await call(name, { path: name === 'user-create' ? {} : { id: 'ben' }, body })
    expect([status, json]).toMatchObject([400, { errors: [{ field, reason: expect.stringContaining(reason) }] }])
  })
})

describe('what a user did', () => {
  test('comes newest first, page after page, of one kind where that is asked for', async () => {
    const of = await answeringShop()
    const { call } = apiOver(of)
    await putProfile(of.ports, 'ben', [
      ['pen', 'view', 1],
      ['ink', 'click', 2],
      ['pad', 'view', 2],
      ['cup', 'purchase', 3],
      ['gone', 'view', 4],
    ])
    const page = async (query: Record<string, string>) =>
      UserInteractions.parse((await call('user-interactions', { path: { id: 'ben' }, query })).json)
    const first = await page({ limit: '3' })
    expect(first.items[0]).toEqual({
      ...{ item_id: 'gone', name: null, event_type: 'view', value: null },
      ts: new Date(published + 4000).toISOString(),
    })
    expect(first.items.map(({ item_id: id }) => id)).toEqual(['gone', 'cup', 'ink'])
    const second = await page({ limit: '3', cursor: String(first.next_cursor) })
    expect([second.items.map(({ item_id: id }) => id), second.next_cursor]).toEqual([['pad', 'pen'], null])
    expect((await page({ event_type: 'view', limit: '2' })).items.map(({ item_id: id }) => id)).toEqual(['gone', 'pad'])
    expect(await page({ event_type: 'rating' })).toEqual({ items: [], next_cursor: null })
  })

  test('of somebody who did nothing is nothing', async () => {
    const { call } = apiOver(await answeringShop())
    expect((await call('user-interactions', { path: { id: 'nobody' } })).json).toEqual({ items: [], next_cursor: null })
  })
})

describe('a thumb', () => {
  test.each([
    ['anna', 'up', { user_id: 'anna', value: 1 }],
    ['session:s1', 'down', { user_id: 'session:s1', session_id: 's1', value: -1 }],
  ])('of %s %s is an event of the hub', async (id, value, event) => {
    const of = await answeringShop()
    const body = { product_id: 'pen', value, recommendation_id: 'r1' }
    const { status, json } = await apiOver(of).call('feedback', { path: { id }, body })
    expect([status, json]).toEqual([202, { accepted: 1, event_ids: [expect.any(String)], rejected: [] }])
    expect(of.ports.appended).toMatchObject([
      {
        hub: 'interactions',
        key: id,
        body: { event_type: 'feedback', item_id: 'pen', recommendation_id: 'r1', ...event },
      },
    ])
  })

  test.each([
    [{ item_id: 'pen', value: 'sideways' }, 'value', 'must be up or down'],
    [{ value: 'up' }, 'item_id', 'is needed, or product_id, and not both'],
  ])('%j is refused: %s %s', async (body, field, reason) => {
    const of = await answeringShop()
    const { status, json } = await apiOver(of).call('feedback', { path: { id: 'anna' }, body })
    expect([status, json]).toMatchObject([400, { errors: [{ field, reason: expect.stringContaining(reason) }] }])
    expect(of.ports.appended).toHaveLength(0)
  })
})
