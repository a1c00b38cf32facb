import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SecretClient } from '@azure/keyvault-secrets'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startKeyVault, type KeyVault as VaultServer } from '../../../local/stand-ins/key-vault.ts'
import { keyVault } from './key-vault.ts'

const token = 'token-of-the-managed-identity'
const program = join(import.meta.dirname, '../../../functions/read-secrets.ts')
const folder = mkdtempSync(join(tmpdir(), 'key-vault-'))
/** Hands out tokens as an app's managed identity finds them in Azure. */
const identity = createServer((_, response) => {
  const expires = Math.floor(Date.now() / 1000) + 3600
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ access_token: token, expires_on: String(expires), token_type: 'Bearer' }))
})
let server: VaultServer
let client: SecretClient

beforeAll(async () => {
  server = await startKeyVault({ token })
  const certificate = join(folder, 'certificate.pem')
  writeFileSync(certificate, server.certificate)
  await new Promise<void>(listening => identity.listen(0, '127.0.0.1', listening))
  vi.stubEnv('NODE_EXTRA_CA_CERTS', certificate)
  vi.stubEnv('IDENTITY_ENDPOINT', `http://127.0.0.1:${(identity.address() as AddressInfo).port}/msi/token`)
  vi.stubEnv('IDENTITY_HEADER', 'a secret of the platform')
  vi.stubEnv('AZURE_TOKEN_CREDENTIALS', 'ManagedIdentityCredential')
  const credential = { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) }
  const tlsOptions = { ca: server.certificate }
  client = new SecretClient(server.url, credential, { tlsOptions, disableChallengeResourceVerification: true })
  await client.setSecret('COSMOS-KEY', 'of before')
  await client.setSecret('COSMOS-KEY', 'key "of" the vault\n')
})
afterAll(async () => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
  await Promise.all([server.close(), new Promise(closed => identity.close(closed))])
})

test('a vault is read as the managed identity: newest versions, and nothing for what it does not have', async () => {
  await expect(keyVault(server.url, program).read(['COSMOS-KEY', 'PSEUDONYM-KEY'])).resolves.toEqual({
    'COSMOS-KEY': 'key "of" the vault\n',
  })
}, 20_000)

test('a vault that cannot be read says why, and tells no secret', async () => {
  await client.setSecret('LOCKED', 'not to be told', { enabled: false })
  const read = keyVault(server.url, program).read(['COSMOS-KEY', 'LOCKED'])
  await expect(read).rejects.toThrow(`Cannot read secrets of ${server.url}: `)
  await expect(read).rejects.not.toThrow(/key "of" the vault|not to be told/)
}, 20_000)
