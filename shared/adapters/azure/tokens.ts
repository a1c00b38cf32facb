import { hash } from 'node:crypto'
import type { JWTPayload } from 'jose'
import { z } from 'zod'
import type { Clock, Tokens } from '../../ports.ts'
import { AppError } from '../../schemas/errors.ts'
import { type Identity, Role } from '../../schemas/identity.ts'
import { UserId } from '../../schemas/ids.ts'
import { SessionId } from '../../schemas/requests.ts'
import type { IdentitySettings } from '../../schemas/settings/identity.ts'
import { KeySet, type KeySetNeed } from './key-set.ts'
import { once } from './once.ts'
import { VerifiedTokens } from './verified-tokens.ts'

/** Entra's own stay below 4 KB, but for people of very many groups. */
const tokenLengthMax = 16_384
/** Clocks of issuer and app may be apart by this. */
const clockTolerance = 60
const shopperTokenSecondsMax = 86_400
/** `iss` and `aud` of shoppers' tokens, whoever signs them: docs/security.md. */
const shopperIssuer = 'sidecart-shop'
const shopperAudience = 'sidecart-shopper'

/** Of what Entra says of a token's holder, what this API goes by. Source: learn.microsoft.com/entra/identity-platform/access-token-claims-reference */
const ServiceClaims = z.object({
  exp: z.number(),
  sub: z.string().min(1),
  oid: z.string().optional(),
  name: z.string().optional(),
  azp: z.string().optional(),
  roles: z.array(z.unknown()).default([]),
})
const ShopperClaims = z.object({ exp: z.number(), iat: z.number(), sub: UserId, sid: SessionId.optional() })

export type TokensNeed = Omit<KeySetNeed, 'settings' | 'jose'> & { settings: IdentitySettings; clock: Clock }

/**
 * Tokens by jose. The algorithm a token claims only decides which of the two it may be: each is verified by its own key,
 * algorithm, issuer and audience, and nothing that its header brings along is looked at.
 */
export function joseTokens(need: TokensNeed): Tokens {
  const { settings, clock } = need
  const jose = once(() => import('jose'))
  const keySet = new KeySet({ ...need, jose })
  const verified = new VerifiedTokens(clock)
  const key = (text: string) => new TextEncoder().encode(text)
  // Read whenever they are used, as they rotate while the app runs.
  const shopperKeys = () =>
    [settings.SHOPPER_TOKEN_KEY, settings.SHOPPER_TOKEN_KEY_BEFORE].filter(text => text !== undefined).map(key)

  const serviceOf = async (token: string) => {
    const { jwtVerify } = await jose()
    const { payload } = await jwtVerify(token, (header, jws) => keySet.key(header, jws), {
      ...{ algorithms: ['RS256'], issuer: settings.AUTH_ISSUER, audience: settings.AUTH_AUDIENCE },
      ...{ requiredClaims: ['exp', 'sub'], clockTolerance, currentDate: new Date(clock()) },
    })
    return service(payload)
  }
  const shopperOf = async (token: string) => {
    const { jwtVerify, errors } = await jose()
    const options = {
      ...{ algorithms: ['HS256'], issuer: shopperIssuer, audience: shopperAudience },
      ...{ requiredClaims: ['exp', 'iat', 'sub'], maxTokenAge: shopperTokenSecondsMax },
      ...{ clockTolerance, currentDate: new Date(clock()) },
    }
    const keys = shopperKeys()
    for (const [index, each] of keys.entries()) {
      try {
        return shopper((await jwtVerify(token, each, options)).payload)
      } catch (cause) {
        const isOfAnotherKey = cause instanceof errors.JWSSignatureVerificationFailed
        if (!isOfAnotherKey || index === keys.length - 1) throw cause
      }
    }
    throw refused()
  }

  return {
    verify: async token => {
      if (token.length > tokenLengthMax) throw refused()
      const digest = hash('sha256', token, 'base64')
      const known = verified.get(digest)
      if (known) return known
      const { errors } = await jose()
      try {
        const { identity, exp } = algorithmOf(token) === 'HS256' ? await shopperOf(token) : await serviceOf(token)
        verified.set(digest, identity, exp * 1000)
        return identity
      } catch (cause) {
        if (cause instanceof errors.JOSEError || cause instanceof z.ZodError) throw refused()
        throw cause
      }
    },
    signShopper: async ({ userId, sessionId }, seconds) => {
      const { SignJWT } = await jose()
      const now = Math.floor(clock() / 1000)
      return new SignJWT({ ...(sessionId === undefined ? {} : { sid: sessionId }) })
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .setIssuer(shopperIssuer)
        .setAudience(shopperAudience)
        .setSubject(userId)
        .setIssuedAt(now)
        .setExpirationTime(now + seconds)
        .sign(key(settings.SHOPPER_TOKEN_KEY))
    },
  }
}

function service(payload: JWTPayload): { identity: Identity; exp: number } {
  const { exp, sub, oid = sub, name, azp, roles } = ServiceClaims.parse(payload)
  const known = roles.map(role => Role.safeParse(role).data).filter(role => role !== undefined)
  return { identity: { kind: 'service', id: oid, name: name ?? azp ?? oid, roles: new Set(known) }, exp }
}

function shopper(payload: JWTPayload): { identity: Identity; exp: number } {
  const { exp, iat, sub: userId, sid: sessionId } = ShopperClaims.parse(payload)
  if (exp - iat > shopperTokenSecondsMax) throw refused()
  return { identity: { kind: 'shopper', userId, sessionId }, exp }
}

/** As the token itself says, unproven. @throws AppError `unauthenticated` for what is no token */
function algorithmOf(token: string): unknown {
  const [header = ''] = token.split('.', 1)
  try {
    return z.object({ alg: z.string() }).parse(JSON.parse(Buffer.from(header, 'base64url').toString())).alg
  } catch {
    throw refused()
  }
}

/** The same for all tokens: what is wrong with one helps nobody who comes by it honestly. */
function refused(): AppError {
  return new AppError('unauthenticated', 'The token is not valid: it may have ended, or be of another issuer')
}
