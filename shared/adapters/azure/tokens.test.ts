import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exportJWK, exportSPKI, generateKeyPair, importJWK, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type LocalIdentity, startIdentity } from '../../../local/identity/identity.ts'
import { tokensContract } from '../../../tests/tokens-contract.ts'
import type { LogRecord } from '../../ports.ts'
import { joseTokens } from './tokens.ts'

const stateDir = mkdtempSync(join(tmpdir(), 'tokens-'))
const audience = 'an-app'
const shopperTokenKey = 'a secret of thirty-two characters'
let identity: LocalIdentity
beforeAll(async () => {
  identity = await startIdentity({ port: 0, stateDir, audience, shopperTokenKey })
})
afterAll(async () => {
  await identity.close()
  rmSync(stateDir, { recursive: true })
})

/** An app that takes the tokens of the local identity, with a clock that the test moves and an issuer that it can take away. */
function app(given: { shopperTokenKey?: string; shopperTokenKeyBefore?: string } = {}) {
  const at = { now: Date.now(), fetched: [] as string[], isAway: false, warned: [] as LogRecord[] }
  const fetchJson = async (url: string): Promise<unknown> => {
    at.fetched.push(new URL(url).pathname)
    if (at.isAway) throw new Error('the issuer is away')
    return (await fetch(url)).json()
  }
  const settings = {
    ...{ AUTH_ISSUER: identity.issuer, AUTH_AUDIENCE: audience, AUTH_JWKS_URI: undefined },
    SHOPPER_TOKEN_KEY: given.shopperTokenKey ?? shopperTokenKey,
    SHOPPER_TOKEN_KEY_BEFORE: given.shopperTokenKeyBefore,
  }
  const tokens = joseTokens({ settings, fetchJson, clock: () => at.now, log: { warn: each => at.warned.push(each) } })
  return { at, tokens }
}

const KeySet = z.object({ keys: z.tuple([z.looseObject({ kty: z.string(), kid: z.string() })]) })
const seconds = () => Math.floor(Date.now() / 1000)
const claims = (changed: Record<string, unknown> = {}): JWTPayload => ({
  ...{ iss: identity.issuer, aud: audience, sub: 'developer', exp: seconds() + 600, roles: ['admin'] },
  ...changed,
})
const signingKey = async () => {
  const { keys } = KeySet.parse(await (await fetch(`${identity.issuer}/keys`)).json())
  return keys[0]
}
/** By the issuer's own key, as the issuer would never do. */
async function forged(payload: JWTPayload, header: Record<string, unknown> = {}): Promise<string> {
  const own = await importJWK(JSON.parse(readFileSync(join(stateDir, 'signing-key.json'), 'utf8')), 'RS256')
  const { kid } = await signingKey()
  return new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid, ...header }).sign(own)
}
async function byAnotherKey(header: Record<string, unknown>): Promise<string> {
  const { privateKey } = await generateKeyPair('RS256')
  return new SignJWT(claims()).setProtectedHeader({ alg: 'RS256', ...header }).sign(privateKey)
}
const shopperToken = (payload: Record<string, unknown>, key = shopperTokenKey) =>
  new SignJWT({ iss: 'sidecart-shop', aud: 'sidecart-shopper', ...payload })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(key))
const changedPart = (token: string, part: number, change: (json: Record<string, unknown>) => unknown): string => {
  const parts = token.split('.')
  const json = JSON.parse(Buffer.from(parts[part] ?? '', 'base64url').toString())
  parts[part] = Buffer.from(JSON.stringify(change(json))).toString('base64url')
  return parts.join('.')
}

const refused = {
  code: 'unauthenticated',
  message: 'The token is not valid: it may have ended, or be of another issuer',
}

tokensContract('jose', () => {
  const { at, tokens } = app()
  return {
    tokens,
    advance: ms => {
      at.now += ms
    },
  }
})

describe('a token of the issuer', () => {
  test('says who holds it and which roles that has; roles of other apps are none here', async () => {
    const { tokens } = app()
    expect(await tokens.verify(await identity.token(['reader', 'privacy']))).toEqual({
      ...{ kind: 'service', id: 'developer', name: 'Developer', roles: new Set(['reader', 'privacy']) },
    })
    const odd = await forged(claims({ oid: 'an-object', azp: 'a-program', roles: ['admin', 'Task.Write', 7] }))
    expect(await tokens.verify(odd)).toEqual({
      ...{ kind: 'service', id: 'an-object', name: 'a-program', roles: new Set(['admin']) },
    })
  })

  test('opens nothing without roles', async () => {
    const { tokens } = app()
    expect(await tokens.verify(await forged(claims({ roles: undefined })))).toMatchObject({ roles: new Set() })
  })
})

describe('a hostile token is refused in the same words:', () => {
  const hostile: [string, () => Promise<string>][] = [
    ['no algorithm', async () => new UnsecuredJWT(claims()).encode()],
    [
      'its public key as a secret, by HS256',
      async () => {
        const key = await importJWK(await signingKey(), 'RS256', { extractable: true })
        if (key instanceof Uint8Array) throw new TypeError('The key is no RSA key')
        const spki = await exportSPKI(key)
        return new SignJWT(claims()).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(spki))
      },
    ],
    ['ended', () => forged(claims({ exp: seconds() - 61 }))],
    ['not yet begun', () => forged(claims({ nbf: seconds() + 120 }))],
    ['another issuer', () => forged(claims({ iss: 'https://login.microsoftonline.com/another/v2.0' }))],
    ['another audience', () => forged(claims({ aud: 'another-app' }))],
    ['without an end', () => forged(claims({ exp: undefined }))],
    ['without a subject', () => forged(claims({ sub: undefined }))],
    ['a key that is none of the issuer’s', () => byAnotherKey({ kid: 'mine' })],
    ['a key that calls itself the issuer’s', async () => byAnotherKey({ kid: (await signingKey()).kid })],
    ['cut short', async () => (await identity.token(['admin'])).slice(0, -20)],
    [
      'other roles than were signed',
      async () => changedPart(await identity.token(['reader']), 1, payload => ({ ...payload, roles: ['admin'] })),
    ],
    [
      'a key it brings along',
      async () => {
        const { privateKey, publicKey } = await generateKeyPair('RS256')
        return new SignJWT(claims())
          .setProtectedHeader({ alg: 'RS256', jwk: await exportJWK(publicKey) })
          .sign(privateKey)
      },
    ],
    ['an address of its keys', () => byAnotherKey({ jku: 'https://evil.example/keys', x5u: 'https://evil.example/c' })],
    [
      'a longer algorithm',
      async () => changedPart(await identity.token(['admin']), 0, header => ({ ...header, alg: 'RS512' })),
    ],
    ['two tokens', async () => `${await identity.token(['admin'])},${await identity.token(['admin'])}`],
    ['a space within', async () => (await identity.token(['admin'])).replace('.', '. ')],
    ['17 KB', async () => forged(claims({ name: 'x'.repeat(17_000) }))],
    ['no token at all', async () => 'x'],
    ['nothing', async () => ''],
    ['a header that is no object', async () => 'bnVsbA.e30.e30'],
  ]
  test.each(hostile)('%s', async (_, make) => {
    const { at, tokens } = app()
    await expect(tokens.verify(await make())).rejects.toMatchObject(refused)
    expect(at.fetched.filter(path => !path.startsWith('/keys') && !path.startsWith('/.well-known'))).toEqual([])
  })

  test('any bit of a good one changed', async () => {
    const { tokens } = app()
    const token = await identity.token(['admin'])
    for (let place = 0; place < token.length; place += 7) {
      const other = token[place] === 'A' ? 'B' : 'A'
      const changed = token.slice(0, place) + other + token.slice(place + 1)
      if (Buffer.from(changed, 'base64url').equals(Buffer.from(token, 'base64url'))) continue
      await expect(tokens.verify(changed)).rejects.toMatchObject({ code: 'unauthenticated' })
    }
  })
})

describe('keys of the issuer', () => {
  test('that are new are found by one fetch more, and those of before open nothing once it was made', async () => {
    const { at, tokens } = app()
    const before = await identity.token(['admin'])
    await tokens.verify(before)
    expect(at.fetched).toEqual(['/.well-known/openid-configuration', '/keys'])
    await identity.rotate()
    at.now += 31_000
    await expect(tokens.verify(await identity.token(['admin']))).resolves.toMatchObject({ kind: 'service' })
    expect(at.fetched).toHaveLength(3)
    // What was verified is remembered for five minutes.
    at.now += 300_000
    await expect(tokens.verify(before)).rejects.toMatchObject(refused)
  })

  test('that nobody has cost one fetch a cooldown, however many ask', async () => {
    const { at, tokens } = app()
    await tokens.verify(await identity.token(['admin']))
    at.fetched.length = 0
    const token = await identity.token(['admin'])
    for (let from = 0; from < 10_000; from += 500) {
      const asked = Array.from({ length: 500 }, (_, n) =>
        tokens.verify(changedPart(token, 0, header => ({ ...header, kid: `unknown-${from + n}` }))),
      )
      for (const { status } of await Promise.allSettled(asked)) expect(status).toBe('rejected')
    }
    expect(at.fetched.length).toBeLessThanOrEqual(1)
    at.now += 31_000
    const again = Array.from({ length: 100 }, (_, n) =>
      tokens.verify(changedPart(token, 0, header => ({ ...header, kid: `again-${n}` }))),
    )
    await Promise.allSettled(again)
    expect(at.fetched.length).toBeLessThanOrEqual(2)
  })

  test('serve on while the issuer is away; for others, whoever asks is to come back', async () => {
    const { at, tokens } = app()
    await tokens.verify(await identity.token(['reader']))
    at.isAway = true
    at.now += 2 * 3_600_000
    const known = await forged(claims({ exp: seconds() + 90_000 }))
    await expect(tokens.verify(known)).resolves.toMatchObject({ kind: 'service' })
    const unknown = changedPart(known, 0, header => ({ ...header, kid: 'of-tomorrow' }))
    await expect(tokens.verify(unknown)).rejects.toMatchObject({ code: 'unavailable' })
    expect(at.warned).not.toEqual([])
    at.now += 23 * 3_600_000
    await expect(tokens.verify(await forged(claims({ exp: seconds() + 99_999 })))).rejects.toMatchObject({
      code: 'unavailable',
    })
  })

  test('that cannot be had at first are asked for again after five seconds', async () => {
    const { at, tokens } = app()
    const token = await identity.token(['reader'])
    at.isAway = true
    for (let n = 0; n < 20; n++) await expect(tokens.verify(token)).rejects.toMatchObject({ code: 'unavailable' })
    expect(at.fetched).toHaveLength(1)
    at.isAway = false
    at.now += 5_000
    await expect(tokens.verify(token)).resolves.toMatchObject({ kind: 'service' })
  })
})

describe('a shopper’s token', () => {
  const at = () => ({ iat: seconds(), exp: seconds() + 600 })

  test('that the shop signs itself says who the shopper is', async () => {
    const { tokens } = app()
    expect(await tokens.verify(await shopperToken({ sub: 'anna', sid: 's1', ...at() }))).toEqual({
      ...{ kind: 'shopper', userId: 'anna', sessionId: 's1' },
    })
    expect(await tokens.verify(await identity.shopperToken({ session: 's1' }))).toMatchObject({ userId: 'session:s1' })
  })

  test.each<[string, () => Record<string, unknown>, string?]>([
    ['another key', at, 'another secret of thirty-two chars'],
    ['no subject', () => ({ ...at(), sub: undefined })],
    ['a subject that is no id', () => ({ ...at(), sub: 'a/b' })],
    ['a session that is no id', () => ({ ...at(), sid: 'a/b' })],
    ['no end', () => ({ iat: seconds() })],
    ['no beginning', () => ({ exp: seconds() + 600 })],
    ['more than a day', () => ({ iat: seconds(), exp: seconds() + 86_401 })],
    ['a beginning to come', () => ({ iat: seconds() + 600, exp: seconds() + 1200 })],
    ['an issuer of its own', () => ({ ...at(), iss: 'me' })],
    ['an audience of its own', () => ({ ...at(), aud: 'an-app' })],
  ])('with %s is refused', async (_, payload, key) => {
    const { tokens } = app()
    await expect(tokens.verify(await shopperToken({ sub: 'anna', ...payload() }, key))).rejects.toMatchObject(refused)
  })

  test('has no roles, whatever it says', async () => {
    const { tokens } = app()
    const token = await shopperToken({ sub: 'anna', roles: ['admin'], ...at() })
    expect(await tokens.verify(token)).toEqual({ kind: 'shopper', userId: 'anna', sessionId: undefined })
  })

  test('of the key before is good while that key is kept', async () => {
    const token = await app().tokens.signShopper({ userId: 'anna' }, 600)
    const next = { shopperTokenKey: 'the next secret, of 32 characters' }
    await expect(app(next).tokens.verify(token)).rejects.toMatchObject(refused)
    const both = app({ ...next, shopperTokenKeyBefore: shopperTokenKey })
    await expect(both.tokens.verify(token)).resolves.toMatchObject({ userId: 'anna' })
  })
})
