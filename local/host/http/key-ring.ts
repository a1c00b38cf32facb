import { timingSafeEqual } from 'node:crypto'
import { type Keys, newKey, readHostKeys, writeHostKeys } from './host-keys.ts'

/** What the key of a request entitles to; a level opens what asks for exactly that level, and "admin" opens everything. */
export type KeyLevel = 'admin' | 'function' | 'system' | 'anonymous'

/** Where named keys belong: to the host's functions, to its extensions, or to one function. */
export type KeyScope = 'functionKeys' | 'systemKeys' | { functionName: string }

export interface KeyRing {
  /** Of a key as the request gave it; the keys of a function count only for that function. */
  levelOf(key: string | undefined, functionName?: string): KeyLevel
  master(): string
  setMaster(value: string | undefined): string
  /** The keys of a scope; a function's default key is made when they are first asked for. */
  keys(scope: KeyScope): Keys
  /** Sets a key, to a new value of its own unless given one. */
  set(scope: KeyScope, name: string, value: string | undefined): { value: string; created: boolean }
  /** False when there was no such key. */
  remove(scope: KeyScope, name: string): boolean
}

/** The keys kept in a file; every change is in the file before it counts. */
export function openKeyRing(path: string): KeyRing {
  const kept = readHostKeys(path)
  const save = () => writeHostKeys(path, kept)

  function keysOf(scope: KeyScope): Keys {
    if (typeof scope === 'string') return kept[scope]
    const name = scope.functionName.toLowerCase()
    if (Object.hasOwn(kept.functions, name)) return kept.functions[name] ?? {}
    const keys = { default: newKey() }
    kept.functions[name] = keys
    save()
    return keys
  }

  function ofFunction(functionName = ''): Keys {
    const name = functionName.toLowerCase()
    return Object.hasOwn(kept.functions, name) ? (kept.functions[name] ?? {}) : {}
  }

  return {
    levelOf: (key, functionName) => {
      if (key === undefined || key === '') return 'anonymous'
      if (same(key, kept.master)) return 'admin'
      if (holds(kept.functionKeys, key) || holds(ofFunction(functionName), key)) return 'function'
      return holds(kept.systemKeys, key) ? 'system' : 'anonymous'
    },
    master: () => kept.master,
    setMaster: (value = newKey()) => {
      kept.master = value
      save()
      return value
    },
    keys: keysOf,
    set: (scope, name, value = newKey()) => {
      const keys = keysOf(scope)
      const known = knownName(keys, name)
      keys[known ?? name] = value
      save()
      return { value, created: known === undefined }
    },
    remove: (scope, name) => {
      const keys = keysOf(scope)
      const known = knownName(keys, name)
      if (known === undefined) return false
      delete keys[known]
      save()
      return true
    },
  }
}

/** Whether a request whose key has this level may call a function that asks for that level. */
export function opens(level: KeyLevel, asked: 'anonymous' | 'function' | 'admin'): boolean {
  return asked === 'anonymous' || level === 'admin' || level === asked
}

function knownName(keys: Keys, name: string): string | undefined {
  return Object.keys(keys).find(known => known.toLowerCase() === name.toLowerCase())
}

function holds(keys: Keys, key: string): boolean {
  return Object.values(keys).some(known => same(key, known))
}

function same(given: string, known: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(known)]
  return a.length === b.length && timingSafeEqual(a, b)
}
