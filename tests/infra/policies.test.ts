import { beforeAll, describe, expect, test } from 'vitest'
import { loadBicepGrammar } from './bicep/syntax.ts'
import { type Infrastructure, infrastructure } from './infrastructure.ts'
import { policies } from './policies/policies.ts'

let all: Infrastructure
beforeAll(async () => {
  await loadBicepGrammar()
  all = infrastructure()
})

describe('what is deployed', () => {
  test.each(policies)('$sentence', ({ broken }) => {
    expect(broken(all)).toEqual([])
  })
})
