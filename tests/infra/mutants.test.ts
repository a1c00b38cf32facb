import { beforeAll, describe, expect, test } from 'vitest'
import { loadBicepGrammar } from './bicep/syntax.ts'
import { mutantKinds, mutantsOf } from './mutants.ts'
import { allMutants, mutantText, plant, untoldMax } from './planted.ts'

beforeAll(loadBicepGrammar)

describe('faults planted in the templates', () => {
  test('are of every kind that a reader would make', () => {
    const text = `@secure()
param key string
resource a 'A/b@2025-01-01' = if (empty(key)) {
  name: 'one'
  properties: {
    on: true
    least: 2
    most: 3
    to: [a.id, 'x']
  }
}
`
    const made = mutantsOf(text, 'a.bicep')
    expect([...new Set(made.map(({ kind }) => kind))].sort()).toEqual([...mutantKinds].sort())
    expect(made.map(mutantText)).toContain('a.bicep:6: flip boolean: true -> false')
    expect(made.find(({ kind }) => kind === 'swap values')?.text).toContain('least: 3\n    most: 2')
    expect(made.every(mutant => mutant.text !== text)).toBe(true)
  })

  test('are told by policies, 95 of 100', () => {
    const { planted, survived } = plant(allMutants(8), 40)
    expect(planted).toBe(40)
    expect(survived.length, survived.map(mutantText).join('\n')).toBeLessThanOrEqual(planted * untoldMax)
  })
})
