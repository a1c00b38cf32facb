import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'

export interface SigningKey {
  kid: string
  private: CryptoKey
  public: JWK
}

/** The key that a file keeps; a new one where there is none. */
export async function keptKey(file: string): Promise<SigningKey> {
  return existsSync(file) ? signingKey(JSON.parse(readFileSync(file, 'utf8'))) : newKey(file)
}

/** Makes a key, which the file keeps from then on. */
export async function newKey(file: string): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  const jwk = await exportJWK(privateKey)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify(jwk), { mode: 0o600 })
  return signingKey(jwk)
}

async function signingKey(jwk: JWK): Promise<SigningKey> {
  const kid = await calculateJwkThumbprint(jwk)
  const imported = await importJWK(jwk, 'RS256')
  if (imported instanceof Uint8Array) throw new TypeError(`The key is no RSA key: kty is ${jwk.kty}`)
  const { kty, n, e } = jwk
  return { kid, private: imported, public: { kid, use: 'sig', alg: 'RS256', ...{ kty, n, e } } as JWK }
}
