import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { badParameter, KeyVaultError } from './key-vault-error.ts'
import { type LoopbackHttps, listenHttps } from './loopback-https.ts'
import { SecretSet, SecretUpdate, VaultSecrets } from './vault-secrets.ts'

export interface KeyVault extends LoopbackHttps {
  /** The bearer token it takes. */
  token: string
}

const resource = 'https://vault.azure.net'
const tenant = '00000000-0000-4000-8000-000000000001'
const pageItemsMax = 25
/** Versions of the interface that Azure serves; the newest is what the installed SDK asks for. */
const apiVersions = new Set(['7.4', '7.5', '7.6', '2025-07-01', '2026-04-01'])

/** The secrets of a key vault over https on loopback, for contract tests. */
export async function startKeyVault({ token }: { token: string }): Promise<KeyVault> {
  const secrets = new VaultSecrets(() => server.url)
  const server = await listenHttps((request, response) => {
    answer(request, { secrets, token, url: server.url }).then(
      body => send(response, body === undefined ? 204 : 200, body),
      (error: unknown) => refuse(response, error),
    )
  })
  return { ...server, token }
}

interface Vault {
  secrets: VaultSecrets
  token: string
  url: string
}

async function answer(request: IncomingMessage, { secrets, token, url }: Vault): Promise<object | undefined> {
  checkToken(request.headers.authorization, token)
  const { pathname, searchParams } = new URL(request.url ?? '/', url)
  checkVersion(searchParams.get('api-version'))
  const [collection = '', name, third] = pathname.split('/').filter(part => part !== '')
  const call = `${request.method} ${collection}${name === undefined ? '' : '/name'}${third ? `/${word(third)}` : ''}`
  switch (call) {
    case 'GET secrets':
      return page(secrets.list(), `${url}/secrets`, searchParams)
    case 'GET secrets/name/versions':
      return page(secrets.listVersions(name ?? ''), `${url}/secrets/${name}/versions`, searchParams)
    case 'GET secrets/name':
    case 'GET secrets/name/version':
      return secrets.get(name ?? '', third)
    case 'PUT secrets/name':
      return secrets.set(name ?? '', await body(request, SecretSet))
    case 'PATCH secrets/name':
    case 'PATCH secrets/name/version':
      return secrets.update(name ?? '', third, await body(request, SecretUpdate))
    case 'DELETE secrets/name':
      return secrets.delete(name ?? '')
    case 'GET deletedsecrets/name':
      return secrets.getDeleted(name ?? '')
    case 'POST deletedsecrets/name/recover':
      return secrets.recover(name ?? '')
    case 'DELETE deletedsecrets/name':
      secrets.purge(name ?? '')
      return undefined
    default:
      throw badParameter(`The stand-in does not serve ${request.method} ${pathname}`)
  }
}

function word(third: string): string {
  return third === 'versions' || third === 'recover' ? third : 'version'
}

function checkToken(authorization: string | undefined, token: string): void {
  if (authorization === `Bearer ${token}`) return
  const reason = authorization?.startsWith('Bearer ')
    ? 'AKV10032: Invalid issuer or signature of the token.'
    : 'AKV10000: Request is missing a Bearer or PoP token.'
  throw new KeyVaultError(401, 'Unauthorized', reason)
}

function checkVersion(version: string | null): void {
  if (version === null) throw badParameter('api-version must be specified')
  if (apiVersions.has(version)) return
  throw badParameter(
    `The specified version (${version}) is not recognized. Consider using the latest supported version.`,
  )
}

/** A page of a list; the place where the next one begins stands in its link. */
function page(items: object[], url: string, search: URLSearchParams): object {
  const size = Number(search.get('maxresults') ?? pageItemsMax)
  if (!Number.isInteger(size) || size < 1 || size > pageItemsMax) {
    throw badParameter(`maxresults must be from 1 to ${pageItemsMax}: current value is ${search.get('maxresults')}`)
  }
  const from = Number(search.get('$skiptoken') ?? 0)
  const next = new URLSearchParams(search)
  next.set('$skiptoken', String(from + size))
  return {
    value: items.slice(from, from + size),
    nextLink: from + size < items.length ? `${url}?${next}` : null,
  }
}

async function body<Output>(request: IncomingMessage, schema: z.ZodType<Output>): Promise<Output> {
  const parsed = schema.safeParse(JSON.parse((await text(request)) || '{}'))
  if (parsed.success) return parsed.data
  throw badParameter(z.prettifyError(parsed.error))
}

function refuse(response: ServerResponse, error: unknown): void {
  const refusal = error instanceof KeyVaultError ? error : new KeyVaultError(500, 'InternalError', String(error))
  if (refusal.status === 401) {
    const challenge = `Bearer authorization="https://login.windows.net/${tenant}", resource="${resource}"`
    response.setHeader('www-authenticate', challenge)
  }
  send(response, refusal.status, refusal.body)
}

function send(response: ServerResponse, status: number, body: object | undefined): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
  response.end(body === undefined ? undefined : JSON.stringify(body))
}
