import { randomUUID } from 'node:crypto'
import { SecretClient } from '@azure/keyvault-secrets'
import { afterAll, beforeAll, expect } from 'vitest'
import { contract } from '../../contract.ts'
import { startKeyVault } from '../key-vault.ts'

const rule = contract({
  errors: 'https://learn.microsoft.com/azure/key-vault/general/rest-error-codes',
  authentication: 'https://learn.microsoft.com/azure/key-vault/general/authentication-requests-and-responses',
  about: 'https://learn.microsoft.com/azure/key-vault/secrets/about-secrets',
  get: 'https://learn.microsoft.com/rest/api/keyvault/secrets/get-secret/get-secret',
  set: 'https://learn.microsoft.com/rest/api/keyvault/secrets/set-secret/set-secret',
  versions: 'https://learn.microsoft.com/rest/api/keyvault/secrets/get-secret-versions/get-secret-versions',
  list: 'https://learn.microsoft.com/rest/api/keyvault/secrets/get-secrets/get-secrets',
  softDelete: 'https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview',
  disabled: 'https://github.com/Azure/azure-sdk-for-js/issues/24756',
})

/** A real vault by its address and a token for https://vault.azure.net that may get, list, set, delete, recover and purge. */
const real = { url: process.env.SIDECART_CONTRACT_KEY_VAULT_URL, token: process.env.SIDECART_CONTRACT_KEY_VAULT_TOKEN }
const token = real.token ?? 'token-of-the-stand-in'
const made: string[] = []
const scopes: string[] = []
let vault: { url: string; certificate?: string; close?: () => Promise<void> }
let client: SecretClient
beforeAll(async () => {
  vault = real.url === undefined ? await startKeyVault({ token }) : { url: real.url }
  client = clientOf(token)
})
afterAll(async () => {
  for (const name of made) {
    await (await client.beginDeleteSecret(name, { intervalInMs: 100 })).pollUntilDone()
    await client.purgeDeletedSecret(name)
  }
  await vault.close?.()
})

function clientOf(bearer: string): SecretClient {
  const credential = {
    getToken: async (scope: string | string[]) => {
      scopes.push(...[scope].flat())
      return { token: bearer, expiresOnTimestamp: Date.now() + 3_600_000 }
    },
  }
  const local = { tlsOptions: { ca: vault.certificate ?? '' }, disableChallengeResourceVerification: true }
  return new SecretClient(vault.url, credential, vault.certificate === undefined ? {} : local)
}

/** The name of a new secret, removed at the end. */
function newName(): string {
  const name = `contract-${randomUUID()}`
  made.push(name)
  return name
}

async function call(path: string, headers: Record<string, string> = {}) {
  // The SDK always authenticates and always asks for a version: what it never does goes over plain https.
  const { get } = await import('node:https')
  const { text } = await import('node:stream/consumers')
  const url = new URL(path, vault.url)
  return new Promise<{ status: number | undefined; challenge: string | undefined; body: string }>((resolve, reject) => {
    const options = vault.certificate === undefined ? { headers } : { headers, ca: vault.certificate }
    get(url, options, async response => {
      const challenge = response.headers['www-authenticate']
      resolve({ status: response.statusCode, challenge, body: await text(response) })
    }).on('error', reject)
  })
}

rule(
  'authentication',
  'a request without a token is 401, with a challenge that names authority and resource',
  async () => {
    const { status, challenge, body } = await call('/secrets/any?api-version=7.4')
    expect(status).toBe(401)
    expect(challenge).toMatch(
      /^Bearer authorization="https:\/\/[^"]+\/[0-9a-f-]{36}", resource="https:\/\/vault\.azure\.net"/,
    )
    expect(JSON.parse(body)).toMatchObject({ error: { code: 'Unauthorized' } })
  },
)

rule('authentication', 'the client asks for a token of the scope that the challenge names', async () => {
  await client.setSecret(newName(), 'value')
  expect(scopes).toContain('https://vault.azure.net/.default')
})

rule('errors', 'a token that is not good for the vault is 401', async () => {
  await expect(clientOf('wrong').getSecret('any')).rejects.toMatchObject({ statusCode: 401 })
})

rule('errors', 'a request without api-version is 400', async () => {
  const { status, body } = await call('/secrets/any', { authorization: `Bearer ${token}` })
  expect([status, JSON.parse(body)]).toMatchObject([400, { error: { code: 'BadParameter' } }])
})

rule('errors', 'an api-version that there never was is 400', async () => {
  const { status } = await call('/secrets/any?api-version=1999-01-01', { authorization: `Bearer ${token}` })
  expect(status).toBe(400)
})

rule('get', 'a secret that is there is got by its name, with its identifier and attributes', async () => {
  const name = newName()
  await client.setSecret(name, 'value', { contentType: 'text/plain', tags: { shop: 'one' } })
  const { value, properties } = await client.getSecret(name)
  expect(value).toBe('value')
  expect(properties).toMatchObject({ name, enabled: true, contentType: 'text/plain', tags: { shop: 'one' } })
  expect(properties.version).toMatch(/^[0-9a-f]{32}$/)
  expect(properties.createdOn).toBeInstanceOf(Date)
})

rule('get', 'a secret that is not there is SecretNotFound', async () => {
  const none = client.getSecret(`contract-${randomUUID()}`)
  await expect(none).rejects.toMatchObject({ statusCode: 404, code: 'SecretNotFound' })
})

rule('set', 'setting a secret again adds a version: the name gives the newest, the older one stays', async () => {
  const name = newName()
  const first = await client.setSecret(name, 'one')
  await client.setSecret(name, 'two')
  expect((await client.getSecret(name)).value).toBe('two')
  const version = first.properties.version ?? ''
  expect((await client.getSecret(name, { version })).value).toBe('one')
})

rule('set', 'a name of anything but letters, digits and hyphens is 400', async () => {
  await expect(client.setSecret('no_underscore', 'x')).rejects.toMatchObject({ statusCode: 400, code: 'BadParameter' })
})

rule('versions', 'the versions of a secret are listed without their values, in pages', async () => {
  const name = newName()
  for (const value of ['1', '2', '3']) await client.setSecret(name, value)
  const pages: number[] = []
  for await (const page of client.listPropertiesOfSecretVersions(name).byPage({ maxPageSize: 2 })) {
    pages.push(page.length)
    for (const item of page) expect(item).not.toHaveProperty('value')
  }
  expect(pages).toEqual([2, 1])
})

rule('list', 'the secrets of the vault are listed by name, each once', async () => {
  const name = newName()
  await client.setSecret(name, '1')
  await client.setSecret(name, '2')
  const names = await Array.fromAsync(client.listPropertiesOfSecrets(), secret => secret.name)
  expect(names.filter(one => one === name)).toHaveLength(1)
})

rule('disabled', 'a disabled secret is 403 SecretDisabled, until it is enabled again', async () => {
  const name = newName()
  const { properties } = await client.setSecret(name, 'value', { enabled: false })
  const refusal = await client.getSecret(name).then(
    () => undefined,
    error => error,
  )
  expect(refusal).toMatchObject({ statusCode: 403, code: 'Forbidden' })
  expect(JSON.stringify(refusal.details)).toContain('SecretDisabled')
  await client.updateSecretProperties(name, properties.version ?? '', { enabled: true })
  expect((await client.getSecret(name)).value).toBe('value')
})

rule('about', 'an expired secret, and one that is not valid yet, are handed out: their dates inform only', async () => {
  const [expired, early] = [newName(), newName()]
  await client.setSecret(expired, 'old', { expiresOn: new Date('2001-01-01T00:00:00Z') })
  await client.setSecret(early, 'new', { notBefore: new Date('2101-01-01T00:00:00Z') })
  const { value, properties } = await client.getSecret(expired)
  expect([value, properties.expiresOn]).toEqual(['old', new Date('2001-01-01T00:00:00Z')])
  expect((await client.getSecret(early)).value).toBe('new')
})

rule('about', 'a value holds up to 25 KB', async () => {
  const name = newName()
  await client.setSecret(name, 'x'.repeat(25_000))
  await expect(client.setSecret(name, 'x'.repeat(25_601))).rejects.toMatchObject({ statusCode: 400 })
})

rule('softDelete', 'a deleted secret is gone, keeps its name, and comes back when it is recovered', async () => {
  const name = newName()
  await client.setSecret(name, 'value')
  const deleted = await (await client.beginDeleteSecret(name, { intervalInMs: 100 })).pollUntilDone()
  expect(deleted.scheduledPurgeDate?.getTime()).toBeGreaterThan(Date.now())
  await expect(client.getSecret(name)).rejects.toMatchObject({ statusCode: 404, code: 'SecretNotFound' })
  await expect(client.setSecret(name, 'other')).rejects.toMatchObject({ statusCode: 409, code: 'Conflict' })
  await (await client.beginRecoverDeletedSecret(name, { intervalInMs: 100 })).pollUntilDone()
  expect((await client.getSecret(name)).value).toBe('value')
})
