import { describe, expect, test } from 'vitest'
import { namespaceOptions } from './namespace-options.ts'
import { policiesByName, policyOption } from './policy.ts'

describe('policies', () => {
  test('NAME:KEY:RIGHT,... is one, the rights in any case', () => {
    expect(policyOption('till:secret:send')).toEqual({ name: 'till', key: 'secret', rights: ['Send'] })
    expect(policyOption('all:k:Manage,Send,LISTEN').rights).toEqual(['Manage', 'Send', 'Listen'])
  })

  test('text of another form is refused', () => {
    for (const text of [
      'till',
      'till:secret',
      ':secret:Send',
      'till::Send',
      'till:secret:Write',
      'till:a:Send:b',
      'till:a:',
    ]) {
      expect(() => policyOption(text)).toThrow(
        `--policy must be NAME:KEY:RIGHT,... with the rights Send, Listen, Manage: current value is ${text}`,
      )
    }
  })

  test('Manage without Send and Listen is refused, and a name that is given twice', () => {
    const manager = { name: 'm', key: 'k', rights: ['Manage', 'Send'] as const }
    expect(() => policiesByName([manager])).toThrow('Policy m has Manage and so must have Send and Listen too')
    const till = { name: 'till', key: 'k', rights: ['Send'] as const }
    expect(() => policiesByName([till, till])).toThrow('Policy till is given twice')
    expect(() => policiesByName([{ ...till, rights: [] }])).toThrow('Policy till must have at least one of the rights')
  })

  test('twelve are the most a namespace has', () => {
    const many = Array.from({ length: 13 }, (_, i) => ({ name: `p${i}`, key: 'k', rights: ['Send'] as const }))
    expect(() => policiesByName(many)).toThrow('A namespace has at most 12 policies: these are 13')
    expect(policiesByName(many.slice(1)).size).toBe(12)
  })
})

describe('namespaceOptions', () => {
  test('what is not said stays open', () => {
    expect(namespaceOptions({})).toEqual({})
  })

  test('tier, retention, throughput units and policies are read', () => {
    const texts = { tier: 'standard', 'retention-hours': '48', 'throughput-units': '2', policy: ['till:secret:Send'] }
    const policies = [{ name: 'till', key: 'secret', rights: ['Send'] }]
    expect(namespaceOptions(texts)).toEqual({ tier: 'standard', retentionHours: 48, throughputUnits: 2, policies })
  })

  test('an unknown tier is refused', () => {
    expect(() => namespaceOptions({ tier: 'gold' })).toThrow(
      'The tier must be basic or standard: current value is gold',
    )
  })
})
