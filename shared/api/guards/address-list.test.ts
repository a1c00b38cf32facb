import { describe, expect, test } from 'vitest'
import { countingEndpoint, guarded } from '../../../tests/guarded.ts'
import { GuardSettings } from '../../schemas/settings/guards.ts'
import { access, isAdministrative } from '../access.ts'
import { addressList } from './address-list.ts'

const behind = (
  settings: Record<string, string>,
  of = access.catalogue as typeof access.catalogue | typeof access.operate,
) => guarded(countingEndpoint({ access: of }).endpoint, addressList(GuardSettings.parse(settings)))

describe('only listed addresses are let in:', () => {
  const ALLOWED_ADDRESSES = '203.0.113.7, 10.0.0.0/8,2001:db8::/32'
  test.each([
    ['203.0.113.7', 200],
    ['203.0.113.8', 403],
    ['10.255.0.1', 200],
    ['11.0.0.1', 403],
    ['2001:db8:ffff::1', 200],
    ['2001:db9::1', 403],
    [undefined, 403],
  ])('%s is answered %d', async (address, status) => {
    expect((await behind({ ALLOWED_ADDRESSES })(address === undefined ? {} : { address })).status).toBe(status)
  })
})

test('no list lets everyone in', async () => {
  expect((await behind({})({})).status).toBe(200)
})

test('routes of operators have a list of their own besides', async () => {
  const settings = { ALLOWED_ADDRESSES: '10.0.0.0/8', ADMIN_ALLOWED_ADDRESSES: '10.1.0.0/16,192.168.0.1' }
  const statuses = (of: Parameters<typeof behind>[1]) =>
    Promise.all(
      ['10.1.2.3', '10.2.0.1', '192.168.0.1'].map(async address => (await behind(settings, of)({ address })).status),
    )
  expect(await statuses(access.catalogue)).toEqual([200, 200, 403])
  expect(await statuses(access.operate)).toEqual([200, 403, 403])
})

test('what only operators, administrators or privacy may is theirs, what readers and writers may is not', () => {
  const all = Object.entries(access).filter(([, of]) => isAdministrative(of))
  expect(all.map(([name]) => name)).toEqual(['operate', 'administer', 'privacy'])
})

test.each(['10.0.0.0/33', '10.0.0', 'example.com', '2001:db8::/129', '10.0.0.0/8;10.1.1.1'])(
  '%s is named at start',
  text => {
    const outcome = GuardSettings.safeParse({ ALLOWED_ADDRESSES: `10.0.0.1,${text}` })
    expect(outcome.error?.issues).toEqual([
      expect.objectContaining({ path: ['ALLOWED_ADDRESSES'], message: expect.stringContaining(`${text} is none`) }),
    ])
  },
)
