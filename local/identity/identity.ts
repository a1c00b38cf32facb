import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { SignJWT } from 'jose'
import { answer, type Signer } from './answer.ts'
import { keptKey, newKey } from './signing-key.ts'

export interface LocalIdentity extends Signer {
  /** The app settings by which the app takes its tokens. */
  settings: Record<'AUTH_ISSUER' | 'AUTH_AUDIENCE' | 'SHOPPER_TOKEN_KEY', string>
  /** How often its public keys were asked for. */
  keySetReads(): number
  close(): Promise<void>
}

const lifetime = '12h'

/**
 * Gives tokens to whoever asks on this machine, as a tenant of Entra ID would to whom it knows. It listens on loopback alone,
 * and the app refuses such an issuer wherever Azure runs it.
 */
export async function startIdentity(options: {
  /** 0 takes any free one. */
  port: number
  stateDir: string
  audience: string
  shopperTokenKey: string
}): Promise<LocalIdentity> {
  const { audience, shopperTokenKey } = options
  const file = join(options.stateDir, 'signing-key.json')
  let key = await keptKey(file)
  let keySetReads = 0
  const server = createServer()
  await listening(server, options.port)
  // A TCP server's address is an object; only pipes have a text.
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const signed = (claims: Record<string, unknown>, subject: string) =>
    new SignJWT(claims).setSubject(subject).setIssuedAt().setNotBefore('0s').setExpirationTime(lifetime)

  const token: LocalIdentity['token'] = roles =>
    signed({ roles: [...roles], name: 'Developer', ver: '2.0' }, 'developer')
      .setIssuer(issuer)
      .setAudience(audience)
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: key.kid })
      .sign(key.private)
  const shopperToken: LocalIdentity['shopperToken'] = ({ user, session }) =>
    signed(session === undefined ? {} : { sid: session }, user ?? `session:${session}`)
      .setIssuer('sidecart-shop')
      .setAudience('sidecart-shopper')
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .sign(new TextEncoder().encode(shopperTokenKey))
  const rotate = async () => {
    key = await newKey(file)
  }
  const keys = () => {
    keySetReads += 1
    return JSON.stringify({ keys: [key.public] })
  }
  server.on('request', answering({ issuer, token, shopperToken, rotate, keys }))
  return {
    ...{ issuer, token, shopperToken, rotate },
    settings: { AUTH_ISSUER: issuer, AUTH_AUDIENCE: audience, SHOPPER_TOKEN_KEY: shopperTokenKey },
    keySetReads: () => keySetReads,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function answering(identity: Parameters<typeof answer>[2]): RequestListener {
  return async ({ method, url, headers }, response) => {
    const { status = 200, type = 'text/plain', body } = await answer(`${method} ${url}`, headers.host ?? '', identity)
    response.writeHead(status, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store' }).end(body)
  }
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
}
