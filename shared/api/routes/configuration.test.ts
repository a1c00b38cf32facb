import { expect, test } from 'vitest'
import { answeringShop, apiOver, environment } from '../../../tests/api-by-hand.ts'
import { ConfigurationAnswer } from '../../schemas/configuration.ts'
import { settingNames } from '../../schemas/settings.ts'

const named = (json: unknown, name: string) => ConfigurationAnswer.parse(json).items.find(item => item.name === name)

test('every setting is told with where it comes from, and of secrets only that they are set', async () => {
  const { call } = apiOver(await answeringShop())
  const { json } = await call('configuration')
  expect(ConfigurationAnswer.parse(json).items.map(({ name }) => name)).toEqual(settingNames)
  const rest = { is_set: true, is_secret: false, is_run_time: false }
  expect(named(json, 'ALS_FACTORS')).toEqual({ ...rest, name: 'ALS_FACTORS', value: 32, source: 'default' })
  expect(named(json, 'COSMOS_ENDPOINT')).toMatchObject({ value: environment.COSMOS_ENDPOINT, source: 'environment' })
  expect(named(json, 'COSMOS_KEY')).toMatchObject({ value: null, is_set: true, is_secret: true })
  expect(named(json, 'REFRESH_SCHEDULE')).toMatchObject({ value: { cron: '0 0 */6 * * *' } })
  expect(JSON.stringify(json)).not.toContain('canary')
})

test('what is set at run time goes before the environment until it is reset, one by one or all', async () => {
  const { call } = apiOver(await answeringShop())
  const settings = { ACTIVE_LISTS: 'all', CHUNK_SECONDS: 30, SHOPPER_REQUESTS_PER_SECOND: 0 }
  const set = await call('configuration-set', { body: { settings } })
  for (const [name, value] of Object.entries(settings)) {
    expect(named(set.json, name)).toMatchObject({ value, source: 'run_time', is_run_time: true })
  }
  const reset = await call('configuration-reset', { path: { name: 'CHUNK_SECONDS' } })
  expect(named(reset.json, 'CHUNK_SECONDS')).toMatchObject({ value: 60, source: 'default' })
  expect(named(reset.json, 'ACTIVE_LISTS')).toMatchObject({ value: 'all', source: 'run_time' })
  const { json } = await call('configuration-set', { body: { settings: {} } })
  expect(named(json, 'ACTIVE_LISTS')).toMatchObject({ value: 'strong', source: 'default' })
})

test('is in force in another instance within seconds, and stays there while Cosmos is away', async () => {
  const of = await answeringShop()
  const [here, there] = [apiOver(of), apiOver(of)]
  await here.call('configuration-set', { body: { settings: { EXPORT_LIMIT: 50 } } })
  expect(there.configuration.settings.EXPORT_LIMIT).toBe(10)
  there.configuration.runTime.keepFresh()
  await expect.poll(() => there.configuration.settings.EXPORT_LIMIT).toBe(50)
  await here.call('configuration-reset', { path: { name: 'EXPORT_LIMIT' } })
  there.configuration.runTime.keepFresh()
  await new Promise(setImmediate)
  expect(there.configuration.settings.EXPORT_LIMIT).toBe(50)
  of.ports.advance(5_000)
  there.configuration.runTime.keepFresh()
  await expect.poll(() => there.configuration.settings.EXPORT_LIMIT).toBe(10)
})

test('a change that names an older version is refused', async () => {
  const { call } = apiOver(await answeringShop())
  const { headers } = await call('configuration')
  const request = { body: { settings: { EXPORT_LIMIT: 50 } }, headers: { 'if-match': headers.etag ?? '' } }
  expect((await call('configuration-set', request)).status).toBe(200)
  expect(await call('configuration-set', request)).toMatchObject({ status: 412, json: { code: 'precondition_failed' } })
})

test.each([
  [{ EXPORT_LIMIT: 101 }, 'settings.EXPORT_LIMIT', 'must be 100 or less'],
  [{ EXPORT_LIMIT: '20' }, 'settings.EXPORT_LIMIT', 'must be a whole number'],
  [{ ACTIVE_LISTS: 'some' }, 'settings.ACTIVE_LISTS', 'must be off, strong or all'],
  [{ CHUNK_SECONDS: 0 }, 'settings.CHUNK_SECONDS', 'must be more than 0'],
  // What runs are repeatable by, and what opens doors, is not for run time.
  [{ ALS_FACTORS: 8 }, 'settings.ALS_FACTORS', 'is not known here'],
  [{ COSMOS_KEY: 'mine' }, 'settings.COSMOS_KEY', 'is not known here'],
])('%j is refused, naming the field', async (settings, field, reason) => {
  const { call } = apiOver(await answeringShop())
  const { status, json } = await call('configuration-set', { body: { settings } })
  expect(status).toBe(400)
  expect(json).toMatchObject({ errors: [{ field, reason: expect.stringContaining(reason) }] })
})

test('a setting that cannot be set at run time cannot be reset either', async () => {
  const { call } = apiOver(await answeringShop())
  const { status, json } = await call('configuration-reset', { path: { name: 'COSMOS_KEY' } })
  expect([status, json]).toMatchObject([400, { errors: [{ field: 'name', value: 'COSMOS_KEY' }] }])
})
