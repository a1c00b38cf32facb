import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readHostKeys } from './host-keys.ts'
import { openKeyRing, opens } from './key-ring.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'host-keys-'))
  path = join(folder, 'state', 'host-keys.json')
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('readHostKeys()', () => {
  test('makes keys on first use, for this user only, and finds the same again', () => {
    const keys = readHostKeys(path)
    expect(Object.keys(keys)).toEqual(['master', 'functionKeys', 'systemKeys', 'functions'])
    expect(Object.keys(keys.functionKeys)).toEqual(['default'])
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readHostKeys(path)).toEqual(keys)
  })
  test('completes a file that holds master and function keys only', () => {
    readHostKeys(path)
    writeFileSync(path, JSON.stringify({ master: 'm', functionKeys: { default: 'f' } }))
    const keys = { master: 'm', functionKeys: { default: 'f' }, systemKeys: {}, functions: {} }
    expect(readHostKeys(path)).toEqual(keys)
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(keys)
  })
  test.each([
    ['{', /host-keys\.json is not JSON/],
    ['[]', /host-keys\.json must hold an object of keys: current value is \[\]/],
    ['{"master": 5}', /master in .*host-keys\.json must be a text that is not empty: current value is 5/],
    ['{"functionKeys": {"default": ""}}', /functionKeys\.default in .*: current value is ""/],
    ['{"functions": {"pay": "x"}}', /functions\.pay in .* must be an object of keys by name: current value is "x"/],
  ])('refuses the file %s with file and field', (text, why) => {
    readHostKeys(path)
    writeFileSync(path, text)
    expect(() => readHostKeys(path)).toThrow(why)
  })
})

describe('openKeyRing()', () => {
  test('knows the level of a key, and the keys of a function only for that function', () => {
    const ring = openKeyRing(path)
    const pay = ring.set({ functionName: 'Pay' }, 'till', undefined).value
    const hook = ring.set('systemKeys', 'hook', 'h').value
    expect(ring.levelOf(ring.master(), 'pay')).toBe('admin')
    expect(ring.levelOf(ring.keys('functionKeys').default, 'pay')).toBe('function')
    expect([ring.levelOf(pay, 'pay'), ring.levelOf(pay, 'refund'), ring.levelOf(pay)]).toEqual([
      'function',
      'anonymous',
      'anonymous',
    ])
    expect([ring.levelOf(hook, 'pay'), ring.levelOf('', 'pay'), ring.levelOf(undefined)]).toEqual([
      'system',
      'anonymous',
      'anonymous',
    ])
  })
  test('keeps every change in the file', () => {
    const ring = openKeyRing(path)
    ring.setMaster('m')
    expect(ring.set('functionKeys', 'Default', 'f')).toEqual({ value: 'f', created: false })
    expect(ring.set('systemKeys', 'hook', 'h')).toEqual({ value: 'h', created: true })
    const { default: payKey } = ring.keys({ functionName: 'PAY' })
    expect([ring.remove('systemKeys', 'HOOK'), ring.remove('systemKeys', 'hook')]).toEqual([true, false])
    expect(readHostKeys(path)).toEqual({
      master: 'm',
      functionKeys: { default: 'f' },
      systemKeys: {},
      functions: { pay: { default: payKey } },
    })
  })
})

test.each([
  ['anonymous', 'anonymous', true],
  ['anonymous', 'function', false],
  ['system', 'function', false],
  ['function', 'function', true],
  ['function', 'admin', false],
  ['admin', 'function', true],
  ['admin', 'admin', true],
] as const)('opens(): a key of level %s on a function of level %s: %s', (level, asked, open) => {
  expect(opens(level, asked)).toBe(open)
})
