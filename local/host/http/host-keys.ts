import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Keys by name. */
export type Keys = Record<string, string>

export interface HostKeys {
  /** Opens everything. */
  master: string
  /** Each opens every function of level "function". */
  functionKeys: Keys
  /** Made for webhooks of extensions: they open no function. */
  systemKeys: Keys
  /** The keys of single functions, by name of the function in lower case. */
  functions: Record<string, Keys>
}

/**
 * The keys of this host as the file holds them: made up on first use, completed when the file is older than a part of them.
 * @throws Error naming the file and the field that is no key
 */
export function readHostKeys(path: string): HostKeys {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : undefined
  const keys = text === undefined ? completed({}, path) : completed(parsed(text, path), path)
  if (text !== fileText(keys)) writeHostKeys(path, keys)
  return keys
}

/** Replaces the file in one step, so that a reader never meets half of it. */
export function writeHostKeys(path: string, keys: HostKeys): void {
  mkdirSync(dirname(path), { recursive: true })
  const next = `${path}.${process.pid}`
  writeFileSync(next, fileText(keys), { mode: 0o600 })
  renameSync(next, path)
}

export function newKey(): string {
  return randomBytes(40).toString('base64url')
}

function fileText(keys: HostKeys): string {
  return `${JSON.stringify(keys, null, 2)}\n`
}

function parsed(text: string, path: string): Record<string, unknown> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw new Error(`${path} is not JSON: ${cause instanceof Error ? cause.message : cause}`, { cause })
  }
  if (!isObject(json)) throw new Error(`${path} must hold an object of keys: current value is ${text.trim()}`)
  return json
}

function completed(json: Record<string, unknown>, path: string): HostKeys {
  const { master = newKey(), functionKeys = { default: newKey() }, systemKeys = {}, functions = {} } = json
  if (!isObject(functions)) throw wrong(path, 'functions', 'an object of functions', functions)
  return {
    master: keyOf(master, path, 'master'),
    functionKeys: keysOf(functionKeys, path, 'functionKeys'),
    systemKeys: keysOf(systemKeys, path, 'systemKeys'),
    functions: Object.fromEntries(
      Object.entries(functions).map(([name, keys]) => [name, keysOf(keys, path, `functions.${name}`)]),
    ),
  }
}

function keysOf(value: unknown, path: string, field: string): Keys {
  if (!isObject(value)) throw wrong(path, field, 'an object of keys by name', value)
  return Object.fromEntries(Object.entries(value).map(([name, key]) => [name, keyOf(key, path, `${field}.${name}`)]))
}

function keyOf(value: unknown, path: string, field: string): string {
  if (typeof value !== 'string' || value === '') throw wrong(path, field, 'a text that is not empty', value)
  return value
}

function wrong(path: string, field: string, what: string, value: unknown): Error {
  return new Error(`${field} in ${path} must be ${what}: current value is ${JSON.stringify(value)}`)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
