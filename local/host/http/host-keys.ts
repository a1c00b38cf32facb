import { randomBytes, timingSafeEqual } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface HostKeys {
  /** Opens everything. */
  master: string
  /** Open every function of level "function", by name of the key. */
  functionKeys: Record<string, string>
}

/** The keys of this host, kept in the state folder and made up on first use. */
export function hostKeys(stateDir: string): HostKeys {
  const path = join(stateDir, 'host-keys.json')
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as HostKeys
  const keys: HostKeys = { master: newKey(), functionKeys: { default: newKey() } }
  mkdirSync(stateDir, { recursive: true })
  writeFileSync(path, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 })
  return keys
}

/** Whether a request with this key may call a function of the given level. */
export function keyOpens(keys: HostKeys, level: 'anonymous' | 'function' | 'admin', key: string | undefined): boolean {
  if (level === 'anonymous') return true
  if (key === undefined) return false
  if (same(key, keys.master)) return true
  return level === 'function' && Object.values(keys.functionKeys).some(known => same(key, known))
}

function same(given: string, known: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(known)]
  return a.length === b.length && timingSafeEqual(a, b)
}

function newKey(): string {
  return randomBytes(40).toString('base64url')
}
