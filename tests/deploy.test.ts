import { execFile } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { strToU8, zipSync } from 'fflate'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'

const scripts = join(import.meta.dirname, '../infra/deploy')

function run(file: string, args: readonly string[], env: Record<string, string> = {}) {
  const path = `${dirname(process.execPath)}${delimiter}${process.env.PATH}`
  const all = { ...process.env, PATH: path, ...env }
  const [bin, ...rest] = file.endsWith('.mjs') ? [process.execPath, file, ...args] : [file, ...args]
  return new Promise<{ code: number; said: string }>(resolve => {
    execFile(bin ?? '', rest, { env: all }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, said: stdout + stderr }),
    )
  })
}

/** Stands in for the Azure CLI: containers are folders, and an app runs what was put on it last. */
const az = `#!/usr/bin/env bash
set -eu
echo "$*" >>"$CLOUD/calls"
option() { local name=$1; shift; while [ $# -gt 0 ]; do if [ "$1" = "$name" ]; then echo "$2"; return; fi; shift; done; }
case "$1 $2 $3" in
  'storage blob exists') [ -f "$CLOUD/$(option --container-name "$@")/$(option --name "$@")" ] && echo true || echo false ;;
  'storage blob download') cp "$CLOUD/$(option --container-name "$@")/$(option --name "$@")" "$(option --file "$@")" ;;
  'functionapp deployment source')
    [ "$(option --name "$@")" != "\${AWAY:-}" ] || { echo 'no such app' >&2; exit 3; }
    container=deployments-$(option --name "$@" | cut -d- -f2)
    mkdir -p "$CLOUD/$container"
    cp "$(option --src "$@")" "$CLOUD/$container/released-package.zip" ;;
  'deployment sub show')
    case "$(option --query "$@")" in
      *AZURE_RESOURCE_GROUP*) echo rg ;;
      *STORAGE_ACCOUNT*) echo st ;;
      *API_URL*) echo "$API_URL" ;;
      *WORKER_NAME*) echo func-worker-1 ;;
      *API_NAME*) echo func-api-1 ;;
    esac ;;
  'account get-access-token --scope') [ "$4" = api://the-api/.default ] && echo 'a token' ;;
  *) echo "unknown: $*" >&2; exit 2 ;;
esac
`

describe('deploy.sh', () => {
  let cloud: string
  let server: Server
  beforeAll(() => {
    // The app of the API: it is what was put on it, and a package of version 2.0.0 does not serve.
    server = createServer((request, response) => {
      const version = versionOf('api')
      const path = request.url?.split('?')[0]
      const wellStatus = path === '/api/trending' ? 401 : 200
      const status = version === '2.0.0' && path === '/health/ready' ? 503 : wellStatus
      const body = { version, dependencies: {}, items: [{ item_id: 'pen' }], recommendation_id: 'r' }
      response.writeHead(status).end(JSON.stringify(body))
    })
    return new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  })
  afterAll(() => {
    server.close()
  })
  beforeEach(() => {
    cloud = mkdtempSync(join(tmpdir(), 'sidecart-deploy-'))
    mkdirSync(join(cloud, 'bin'))
    writeFileSync(join(cloud, 'bin/az'), az)
    chmodSync(join(cloud, 'bin/az'), 0o755)
  })
  afterEach(() => rmSync(cloud, { recursive: true, force: true }))

  const versionOf = (app: string) => {
    const file = join(cloud, `deployments-${app}/released-package.zip`)
    return existsSync(file) ? (/"version":"([\d.]+)"/.exec(readFileSync(file, 'latin1'))?.[1] ?? 'unread') : 'none'
  }
  const deploy = (version: string, more: Record<string, string> = {}, script = 'deploy.sh') => {
    const file = join(cloud, `${version}.zip`)
    // Stored, not packed: the stand-in for the app reads its version from the bytes.
    writeFileSync(file, zipSync({ 'package.json': strToU8(JSON.stringify({ version })) }, { level: 0 }))
    return run(join(scripts, script), [file], {
      ...{ CLOUD: cloud, PATH: [join(cloud, 'bin'), dirname(process.execPath), process.env.PATH].join(delimiter) },
      ...{ RESOURCE_GROUP: 'rg', STORAGE_ACCOUNT: 'st', SIDECART_TOKEN: 'a token', SMOKE: '--wait 0' },
      URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      APPS: 'func-worker-1 deployments-worker\nfunc-api-1 deployments-api\n',
      ...more,
    })
  }

  test('puts the package on every app, the first first, and leaves what serves', async () => {
    const { code, said } = await deploy('1.0.0')
    expect([code, said]).toEqual([0, expect.stringMatching(/func-worker-1 has no package yet[\s\S]*deployed\n$/)])
    expect(['worker', 'api'].map(versionOf)).toEqual(['1.0.0', '1.0.0'])
    const put = readFileSync(join(cloud, 'calls'), 'utf8').match(/--name func-\w+-1 --src/g)
    expect(put).toEqual(['--name func-worker-1 --src', '--name func-api-1 --src'])
  })

  test('returns to the packages of before when the new one does not serve, and fails', async () => {
    expect((await deploy('1.0.0')).code).toBe(0)
    const { code, said } = await deploy('2.0.0')
    expect([code, said]).toEqual([1, expect.stringMatching(/NO {2}ready[\s\S]*is put back[\s\S]*yes recommends/)])
    expect(['worker', 'api'].map(versionOf)).toEqual(['1.0.0', '1.0.0'])
  })

  test('is given by release.sh what the deployment put out, and a token of the API', async () => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const asked = { RESOURCE_GROUP: '', STORAGE_ACCOUNT: '', SIDECART_TOKEN: '', URL: '', APPS: '' }
    const of = { AZURE_ENV_NAME: 'shop', SIDECART_API_CLIENT_ID: 'the-api', API_URL: url, GITHUB_ACTIONS: 'true' }
    const { code, said } = await deploy('1.0.0', { ...asked, ...of }, 'release.sh')
    expect([code, said]).toEqual([0, expect.stringMatching(/^::add-mask::a token\n[\s\S]*deployed\n$/)])
    expect(['worker', 'api'].map(versionOf)).toEqual(['1.0.0', '1.0.0'])
    expect(readFileSync(join(cloud, 'calls'), 'utf8')).toContain('deployment sub show --name sidecart-shop')
  })

  test('returns, too, when only one of the apps took the package', async () => {
    expect((await deploy('1.0.0')).code).toBe(0)
    const { code } = await deploy('1.1.0', { AWAY: 'func-api-1' })
    expect(code).not.toBe(0)
    expect(versionOf('worker')).toBe('1.0.0')
  })
})

describe('parameters.mjs', () => {
  const needed = { AZURE_ENV_NAME: 'shop', AZURE_LOCATION: 'westeurope', SIDECART_CONTACT_EMAILS: 'ada@shop.example' }

  test('fills in what the environment and the workflow’s variables say, and defaults', async () => {
    const SIDECART_VARIABLES = JSON.stringify({ SIDECART_API_CLIENT_ID: 'id', SIDECART_WEB: 'true' })
    const { code, said } = await run(join(scripts, 'parameters.mjs'), [], { ...needed, SIDECART_VARIABLES })
    expect(code).toBe(0)
    expect(JSON.parse(said).parameters).toMatchObject({
      ...{ environmentName: { value: 'shop' }, apiClientId: { value: 'id' }, webEnabled: { value: true } },
      ...{ profile: { value: 'starter' }, cosmosFreeTier: { value: true }, pseudonymKey: { value: '' } },
    })
  })

  test('names what is not set', async () => {
    const { code, said } = await run(join(scripts, 'parameters.mjs'), [], { ...needed, SIDECART_CONTACT_EMAILS: '' })
    expect([code, said]).toEqual([1, 'Not set: SIDECART_API_CLIENT_ID, SIDECART_CONTACT_EMAILS\n'])
  })
})

describe('licences.mjs', () => {
  test('finds no licence that nobody has read among what runs in Azure', async () => {
    expect(await run(join(scripts, 'licences.mjs'), [])).toMatchObject({ code: 0 })
  })

  test('refuses one, and names the package', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'sidecart-lock-')), 'lock.json')
    const packages = {
      '': {},
      'node_modules/fine': { version: '1.0.0', license: '(MIT OR GPL-3.0)' },
      'node_modules/a/node_modules/odd': { version: '2.0.0', license: 'AGPL-3.0' },
      'node_modules/tool': { version: '3.0.0', license: 'AGPL-3.0', dev: true },
    }
    writeFileSync(file, JSON.stringify({ packages }))
    const { code, said } = await run(join(scripts, 'licences.mjs'), [file])
    rmSync(dirname(file), { recursive: true })
    expect([code, said]).toEqual([
      1,
      expect.stringMatching(/^2 packages, 1 refused\nodd@2\.0\.0: licence AGPL-3\.0 is not among/),
    ])
  })
})
