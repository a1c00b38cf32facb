import { afterAll, beforeAll, describe, expect } from 'vitest'
import { contract } from '../../contract.ts'
import type { Cors } from '../http/cors.ts'
import { startTestApp, type TestAppHost } from '../test-app-host.ts'
import { rawRequest } from './raw-request.ts'

const rule = contract({
  site: 'https://learn.microsoft.com/azure/app-service/app-service-web-tutorial-rest-api#enable-cors',
  coreTools: 'https://learn.microsoft.com/azure/azure-functions/functions-develop-local#local-settings-file',
  service: 'https://github.com/dotnet/aspnetcore/blob/main/src/Middleware/CORS/src/Infrastructure/CorsService.cs',
  fetch: 'https://fetch.spec.whatwg.org/#http-cors-protocol',
})
const shop = 'https://shop.example'

/** A host with such a setting, for the checks below. */
function hostWith(cors: Cors | undefined) {
  let host: TestAppHost
  beforeAll(async () => {
    host = await startTestApp({}, { cors })
  })
  afterAll(() => host.drain())
  const ask = async (method: string, headers: Record<string, string>) => {
    const { status, headers: answered } = await rawRequest(host.url, { method, path: '/api/inspect', headers })
    const ofCors = Object.entries(answered).filter(([name]) => name.startsWith('access-control') || name === 'vary')
    return { status, of: Object.fromEntries(ofCors.map(([name, values]) => [name, values?.join()])), headers: answered }
  }
  return {
    get: (headers: Record<string, string> = {}) => ask('GET', headers),
    options: (headers: Record<string, string>) => ask('OPTIONS', headers),
    preflight: (origin: string, headers: Record<string, string> = {}) =>
      ask('OPTIONS', { origin, 'access-control-request-method': 'PUT', ...headers }),
  }
}

describe('with origins', () => {
  const { get, options, preflight } = hostWith({ origins: ['https://other.example', shop], credentials: true })
  rule('site', 'a page of a listed origin may read answers, with cookies where that is set', async () => {
    const { status, of } = await get({ origin: shop })
    expect([status, of]).toEqual([
      200,
      { 'access-control-allow-origin': shop, 'access-control-allow-credentials': 'true', vary: 'Origin' },
    ])
  })
  rule('fetch', 'an origin is another one with another scheme, port or case', async () => {
    for (const origin of [
      'http://shop.example',
      `${shop}:8443`,
      'https://SHOP.example',
      'null',
      `${shop}.evil.example`,
    ]) {
      expect((await get({ origin })).of).toEqual({})
    }
  })
  rule(
    'service',
    'a request from elsewhere reaches the function all the same: it is the browser that does not tell',
    async () => {
      expect((await get({ origin: 'https://evil.example' })).headers['x-method']).toEqual(['GET'])
      expect((await get()).of).toEqual({})
    },
  )
  rule(
    'service',
    'a preflight is answered by the host, with the method and the headers that were asked for',
    async () => {
      const { status, of, headers } = await preflight(shop, {
        'access-control-request-headers': 'authorization,if-match',
      })
      expect([status, of]).toEqual([
        204,
        {
          'access-control-allow-origin': shop,
          'access-control-allow-credentials': 'true',
          'access-control-allow-methods': 'PUT',
          'access-control-allow-headers': 'authorization,if-match',
          vary: 'Origin',
        },
      ])
      expect(headers).not.toHaveProperty('x-method')
    },
  )
  rule('service', 'a preflight from elsewhere is answered without leave', async () => {
    expect(await preflight('https://evil.example')).toMatchObject({ status: 204, of: {} })
  })
  rule('fetch', 'an OPTIONS request that is no preflight is the function’s', async () => {
    expect((await options({ origin: shop })).headers['x-method']).toEqual(['OPTIONS'])
  })
})

describe('with *', () => {
  const { get, preflight } = hostWith({ origins: ['*'], credentials: false })
  rule('coreTools', 'every page may read answers, without cookies', async () => {
    expect((await get({ origin: shop })).of).toEqual({ 'access-control-allow-origin': '*' })
    expect((await preflight(shop)).of).toEqual({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'PUT',
    })
  })
})

describe('without origins', () => {
  const { get, preflight } = hostWith(undefined)
  rule('site', 'no page of another origin may', async () => {
    expect((await get({ origin: shop })).of).toEqual({})
    expect((await preflight(shop)).headers['x-method']).toEqual(['OPTIONS'])
  })
})
