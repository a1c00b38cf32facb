import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import { roles } from '../../shared/schemas/identity.ts'

const root = join(import.meta.dirname, '../..')
const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

const freshTenant = `case "$*" in
  'ad app create '*) echo new-client ;;
  'account show '*) echo ann@shop.example ;;
  'group exists '*) echo false ;;
esac`
const withVault = (secrets: string) => `case "$*" in
  'group exists '*) echo true ;;
  'keyvault list '*) echo /subscriptions/s/vaults/kv ;;
  'rest --method GET '*) ${secrets} ;;
esac`
const known = { SIDECART_API_CLIENT_ID: 'client', SIDECART_CONTACT_EMAILS: 'ann@shop.example' }

/** Runs a hook as azd does, with stand-ins for the commands it calls: what was called, in order, and how it ended. */
function run(hook: string, az: string, environment: Readonly<Record<string, string>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'sidecart-hooks-'))
  folders.push(folder)
  const log = join(folder, 'calls')
  for (const [name, answer] of Object.entries({ az, azd: '', npm: '' })) {
    writeFileSync(join(folder, name), `#!/bin/sh\necho ${name} "$@" >> ${log}\n${answer}\n`)
    chmodSync(join(folder, name), 0o755)
  }
  const { status } = spawnSync('sh', [join(root, hook)], {
    cwd: root,
    env: {
      PATH: [folder, ...(process.env.PATH ?? '').split(delimiter)].join(delimiter),
      ...{ AZURE_ENV_NAME: 'shop', AZURE_SUBSCRIPTION_ID: 's', AZURE_RESOURCE_GROUP: 'rg-shop' },
      ...environment,
    },
  })
  const calls = existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : []
  const made = calls.flatMap(
    call => /^azd env set ((?:PSEUDONYM|SHOPPER_TOKEN)_KEY) (.+)$/.exec(call)?.slice(1, 3) ?? [],
  )
  return { status, calls, made }
}
const beforeProvision = (az: string, environment?: Readonly<Record<string, string>>) =>
  run('infra/deploy/before-provision.sh', az, environment)

test('a first deployment registers the API, tells who deploys, and makes two secrets of 48 random bytes', () => {
  const { status, calls, made } = beforeProvision(freshTenant)
  expect(status).toBe(0)
  expect(calls).toContain('azd env set SIDECART_API_CLIENT_ID new-client')
  expect(calls).toContain('azd env set SIDECART_CONTACT_EMAILS ann@shop.example')
  expect(calls.find(call => call.startsWith('az ad app create'))).toContain('app-roles.json')
  const [first, pseudonymKey = '', second, shopperTokenKey = ''] = made
  expect([first, second]).toEqual(['PSEUDONYM_KEY', 'SHOPPER_TOKEN_KEY'])
  expect([pseudonymKey, shopperTokenKey].map(key => Buffer.from(key, 'base64').length)).toEqual([48, 48])
  expect(pseudonymKey).not.toBe(shopperTokenKey)
})

test('a registration that is there is taken, and gets roles that are new', () => {
  const { calls } = beforeProvision(`case "$*" in
  'ad app list '*) echo client-of-before ;;
  'account show '*) echo ann@shop.example ;;
esac`)
  expect(calls).toContain('azd env set SIDECART_API_CLIENT_ID client-of-before')
  const changes = calls.filter(call => /^az (ad|rest) /.test(call) && !call.startsWith('az ad app list'))
  expect(changes).toEqual([
    expect.stringMatching(/^az ad app update --id client-of-before --app-roles @.*app-roles\.json$/),
  ])
})

test('secrets that the vault has are never made anew', () => {
  const { status, made } = beforeProvision(withVault('printf "SHOPPER-TOKEN-KEY\\nPSEUDONYM-KEY\\n"'), known)
  expect({ status, made }).toEqual({ status: 0, made: [] })
})

test('a secret that the vault lacks is made, and only that', () => {
  expect(beforeProvision(withVault('echo PSEUDONYM-KEY'), known).made[0]).toBe('SHOPPER_TOKEN_KEY')
})

test('a vault that does not tell what it has ends the deployment, and makes nothing', () => {
  const { status, made } = beforeProvision(withVault('exit 3'), known)
  expect(status).not.toBe(0)
  expect(made).toEqual([])
})

test('a secret that is given is taken, as after a deployment that broke off', () => {
  const given = { ...known, PSEUDONYM_KEY: 'given', SHOPPER_TOKEN_KEY: 'given too' }
  expect(beforeProvision(freshTenant, given).made).toEqual([])
})

test('the worker gets the package before the API does, and starter has none', () => {
  const { calls } = run('infra/deploy/before-deploy.sh', '', { WORKER_NAME: 'func-worker-1' })
  expect(calls.slice(0, 2)).toEqual(['npm ci', 'npm run package -- --out dist/sidecart.zip'])
  expect(calls[2]).toMatch(/^az functionapp deployment .*--resource-group rg-shop --name func-worker-1 /)
  expect(run('infra/deploy/before-deploy.sh', '').calls).toHaveLength(2)
})

test('Entra’s app roles are the API’s', () => {
  const AppRole = z.strictObject({
    value: z.string(),
    id: z.uuidv4(),
    displayName: z.string().min(1),
    description: z.string().min(1),
    allowedMemberTypes: z.array(z.enum(['User', 'Application'])).length(2),
    isEnabled: z.literal(true),
  })
  const given = z.array(AppRole).parse(JSON.parse(readFileSync(join(root, 'infra/entra/app-roles.json'), 'utf8')))
  expect(given.map(({ value }) => value)).toEqual(roles)
  expect(new Set(given.map(({ id }) => id)).size).toBe(roles.length)
})
