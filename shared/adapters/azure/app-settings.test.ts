import { describe, expect, test } from 'vitest'
import { misspelt } from '../../schemas/settings/misspelt.ts'
import { memoryPorts } from '../memory/ports.ts'
import { AppSettings } from './app-settings.ts'
import type { Secrets } from './key-vault.ts'

const environment = {
  AzureWebJobsStorage: 'UseDevelopmentStorage=true',
  EventHubConnection: 'Endpoint=sb://shop/;SharedAccessKey=the-key-of-the-hub',
  COSMOS_ENDPOINT: 'https://shop.documents.azure.com',
  COSMOS_KEY: 'the key of the account',
  SWEEP_SCHEDULE: '0 * * * * *',
  PSEUDONYM_KEY: 'a key for tests only',
  AUTH_ISSUER: 'https://login.microsoftonline.com/shop/v2.0',
  AUTH_AUDIENCE: 'the shop’s API',
  SHOPPER_TOKEN_KEY: 'a key of 32 characters, for tests',
}

const uri = 'https://shop.vault.azure.net'
const noVault = () => {
  throw new Error('there is no vault to be read')
}

/** An app whose secrets are in the vault, and not in its environment; the test changes what the vault has, and the time. */
function inVault(first: Secrets) {
  const at = { now: 0, secrets: first as Secrets | 'away', reads: [] as (readonly string[])[] }
  const read = (names: readonly string[]): Secrets => {
    at.reads.push(names)
    if (at.secrets === 'away') throw new Error('the vault is away')
    return at.secrets
  }
  const vault = () => ({ uri, readNow: read, read: async (names: readonly string[]) => read(names) })
  const { COSMOS_KEY: _, PSEUDONYM_KEY: __, ...others } = environment
  const start = () => new AppSettings({ ...others, KEY_VAULT_URI: uri }, { vault, clock: () => at.now })
  return { at, start }
}
const held = { 'COSMOS-KEY': 'key of the vault', 'PSEUDONYM-KEY': 'pseudonyms of the vault' }

describe('settings without a vault', () => {
  test('are those of the environment', () => {
    const { settings, ofVault } = new AppSettings(environment, { vault: noVault })
    expect(settings).toMatchObject({ COSMOS_KEY: 'the key of the account', PSEUDONYM_KEY: 'a key for tests only' })
    expect(ofVault).toEqual([])
  })

  test('tell all that is wrong at once, also references that Azure could not resolve, and no secret', () => {
    const wrong = {
      ...environment,
      PSEUDONYM_KEY: 'too-short',
      COSMOS_KEY: '@Microsoft.KeyVault(SecretUri=https://shop.vault.azure.net/secrets/COSMOS-KEY)',
      ALS_FACTORS: 'many',
      SWEEP_SCHEDULE: '',
    }
    expect(() => new AppSettings(wrong, { vault: noVault })).toThrow(
      expect.objectContaining({
        name: 'SettingsError',
        message: expect.stringMatching(
          /- COSMOS_KEY is a reference to Key Vault that was not resolved: .*\n- SWEEP_SCHEDULE is not set: .*\n- ALS_FACTORS must be a whole number: current value is "many"\n- PSEUDONYM_KEY must have 16 characters or more: its value is secret$/,
        ),
      }),
    )
  })

  test('need the account’s key, unless an identity can open it over https', () => {
    const { COSMOS_KEY: _, ...others } = environment
    expect(new AppSettings(others, { vault: noVault }).settings.COSMOS_KEY).toBeUndefined()
    expect(() => new AppSettings({ ...others, COSMOS_ENDPOINT: 'http://127.0.0.1:8081' }, { vault: noVault })).toThrow(
      'COSMOS_KEY is not set: give the Cosmos DB account’s key',
    )
  })
})

describe('settings whose secrets are in Key Vault', () => {
  test('are read before anything else, and only those that the environment does not have', () => {
    const { at, start } = inVault(held)
    const { settings, ofVault } = start()
    expect(settings).toMatchObject({ COSMOS_KEY: 'key of the vault', PSEUDONYM_KEY: 'pseudonyms of the vault' })
    expect(ofVault).toEqual(['COSMOS_KEY', 'PSEUDONYM_KEY'])
    expect(at.reads[0]).toEqual(expect.arrayContaining(['COSMOS-KEY', 'PSEUDONYM-KEY']))
    expect(at.reads[0]).not.toContain('AzureWebJobsStorage')
  })

  test('that are missing or wrong end the start, all of them named and none told', () => {
    expect(inVault({ ...held, 'PSEUDONYM-KEY': 'tiny' }).start).toThrow(
      'PSEUDONYM_KEY must have 16 characters or more: its value is secret',
    )
    expect(inVault({}).start).toThrow('PSEUDONYM_KEY is not set: give a secret text of 16 characters or more')
  })

  test('are read again after five minutes, but for those that are kept for good', async () => {
    const { at, start } = inVault(held)
    const { log } = memoryPorts()
    const app = start()
    at.secrets = { 'COSMOS-KEY': 'the next key', 'PSEUDONYM-KEY': 'other pseudonyms altogether' }
    at.now = 5 * 60_000 - 1
    app.keepFresh(log)
    expect(at.reads).toHaveLength(1)
    at.now += 1
    app.keepFresh(log)
    app.keepFresh(log)
    await expect.poll(() => app.settings.COSMOS_KEY).toBe('the next key')
    expect(at.reads.slice(1)).toEqual([['COSMOS-KEY']])
    expect(app.settings.PSEUDONYM_KEY).toBe('pseudonyms of the vault')
    expect(app.redactor.redact('{"a":"the next key"}')).toBe('{"a":"***"}')
  })

  test.each([
    ['is away', 'away' as const, 'Error: the vault is away'],
    ['has lost them', {}, expect.stringContaining('COSMOS_KEY is not set')],
  ])('stay as they were while the vault %s, which is logged', async (_, secrets, error) => {
    const { at, start } = inVault(held)
    const { log, logged } = memoryPorts()
    const app = start()
    Object.assign(at, { secrets, now: 10 * 60_000 })
    app.keepFresh(log)
    await expect.poll(() => logged).toMatchObject([{ stage: 'settings', vault: uri, error }])
    expect(app.settings.COSMOS_KEY).toBe('key of the vault')
  })
})

test('settings that are almost one of ours are named, other programs’ are not', () => {
  const given = { ALS_FACTOR: '8', COSMOS_KYE: 'x', PATH: '/bin', LC_TIME: 'C', XDG_DATA_HOME: '/', ALS_FACTORS: '8' }
  expect(misspelt(given)).toEqual([
    { name: 'ALS_FACTOR', meant: 'ALS_FACTORS' },
    { name: 'COSMOS_KYE', meant: 'COSMOS_KEY' },
  ])
})
