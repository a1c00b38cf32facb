import { describe, expect, test } from 'vitest'
import { cosmosFaults, eventHubsFaults } from './fault-plan.ts'

const unavailable = { type: 'status', status: 503 }

/** Which of `count` equal operations a rule applies to. */
function hits(rule: object, count = 200): number[] {
  const plan = cosmosFaults()
  plan.set([{ action: unavailable, ...rule }])
  return Array.from({ length: count }, (_, n) => n).filter(() => plan.take({}) !== undefined)
}

describe('a rule', () => {
  test('without more applies to every operation', () => {
    expect(hits({}, 3)).toEqual([0, 1, 2])
  })

  test('with a script applies to the operations of its failing steps, and to none after the last', () => {
    expect(hits({ script: [{ pass: 3 }, { fail: 1 }, { pass: 2 }, { fail: 2 }] })).toEqual([3, 6, 7])
  })

  test('with a rate applies to about that share, and with the same seed to the same ones', () => {
    const first = hits({ rate: 0.25, seed: 7 })
    expect(first.length).toBeGreaterThan(35)
    expect(first.length).toBeLessThan(65)
    expect(hits({ rate: 0.25, seed: 7 })).toEqual(first)
    expect(hits({ rate: 0.25, seed: 8 })).not.toEqual(first)
  })

  test('with times applies so often at most', () => {
    expect(hits({ times: 2 })).toEqual([0, 1])
    expect(hits({ rate: 0.25, seed: 7, times: 2 })).toEqual(hits({ rate: 0.25, seed: 7 }).slice(0, 2))
  })

  test('with a range of delays draws within it, and with the same seed the same ones', () => {
    const delays = (seed: number) => {
      const plan = cosmosFaults()
      plan.set([{ action: { type: 'delay', ms: [10, 12] }, seed }])
      return Array.from({ length: 50 }, () => plan.take({})?.delayMs ?? -1)
    }
    expect(new Set(delays(1))).toEqual(new Set([10, 11, 12]))
    expect(delays(1)).toEqual(delays(1))
    expect(delays(1)).not.toEqual(delays(2))
  })

  test('applies where every property it names is as it says, with * for anything and in either case', () => {
    const plan = cosmosFaults()
    plan.set([{ match: { container: 'pro*', operation: ['upsert', 'create'] }, action: unavailable }])
    const isHit = (operation: Record<string, string>) => plan.take(operation) !== undefined
    expect(isHit({ container: 'profiles', operation: 'create' })).toBe(true)
    expect(isHit({ container: 'Products', operation: 'UPSERT' })).toBe(true)
    expect(isHit({ container: 'profiles', operation: 'read' })).toBe(false)
    expect(isHit({ container: 'my-profiles', operation: 'create' })).toBe(false)
    expect(isHit({ operation: 'create' })).toBe(false)
  })

  test('takes what stands in its patterns as it is, but for *', () => {
    const plan = cosmosFaults()
    plan.set([{ match: { item: 'a.(b)' }, action: unavailable }])
    expect(plan.take({ item: 'a.(b)' })).toBeDefined()
    expect(plan.take({ item: 'ax(b)' })).toBeUndefined()
  })
})

describe('a plan', () => {
  test('shows the first rule that applies, and counts what each was asked', () => {
    const plan = cosmosFaults()
    plan.set([{ action: { type: 'drop' }, script: [{ pass: 1 }, { fail: 1 }] }])
    plan.add([{ match: { method: 'POST' }, action: unavailable }])
    const types = ['POST', 'POST', 'GET'].map(method => plan.take({ method })?.action.type)
    expect(types).toEqual(['status', 'drop', undefined])
    expect(plan.read()).toMatchObject([
      { matched: 3, applied: 1 },
      { matched: 1, applied: 1 },
    ])
  })

  test('asks rules that refuse about connections, and the others about operations', () => {
    const plan = cosmosFaults()
    plan.set([{ action: { type: 'refuse' }, times: 1 }])
    expect(plan.take({})).toBeUndefined()
    expect([plan.refuses(), plan.refuses()]).toEqual([true, false])
    plan.set([{ action: unavailable }])
    expect(plan.refuses()).toBe(false)
  })

  test('has the short names of conditions', () => {
    const plan = eventHubsFaults()
    plan.set([{ action: { type: 'error', condition: 'server-busy' } }])
    expect(plan.take({})?.action).toMatchObject({ condition: 'com.microsoft:server-busy' })
  })

  test.each([
    [{}, 'rules: Invalid input: expected array, received object: current value is {}'],
    [[{ action: { type: 'explode' } }], 'rules[0].action.type: must be of type delay'],
    [[{ action: { type: 'status', status: 200 } }], 'rules[0].action.status: Too small'],
    [
      [{ action: { type: 'delay', ms: -1 } }],
      'rules[0].action.ms: Too small: expected number to be >=0: current value is -1',
    ],
    [
      [{ action: { type: 'delay', ms: [5, 1] } }],
      'rules[0].action.ms: must name the least first: current value is [5,1]',
    ],
    [[{ action: unavailable, rate: 2 }], 'rules[0].rate: Too big: expected number to be <=1: current value is 2'],
    [[{ action: unavailable, rate: 0.5, script: [{ fail: 1 }] }], 'rules[0].rate: must not stand beside a script'],
    [[{ action: unavailable, script: [{ fail: 0 }] }], 'rules[0].script[0].fail: Too small'],
    [[{ action: unavailable, script: ['fail'] }], 'rules[0].script[0]: must be {pass: n} or {fail: n}'],
    [[{ action: { type: 'delay', ms: 'long' } }], 'rules[0].action.ms: must be milliseconds'],
    [[{ action: unavailable, times: 0 }], 'rules[0].times: Too small'],
    [[{ action: unavailable, tmies: 1 }], 'rules[0]: Unrecognized key: "tmies"'],
    [[{ match: { hub: 'x' }, action: unavailable }], 'rules[0].match.hub: must be of method, resource'],
    [[{ match: { method: 'GET' }, action: { type: 'refuse' } }], 'rules[0].match: must be empty for refuse'],
  ])('refuses %j, naming field and value, and keeps the rules it had', (rules, message) => {
    const plan = cosmosFaults()
    plan.set([{ action: unavailable }])
    expect(() => plan.set(rules)).toThrow(message)
    expect(plan.read()).toHaveLength(1)
  })

  test('of Event Hubs has conditions, not statuses', () => {
    const plan = eventHubsFaults()
    expect(() => plan.set([{ action: unavailable }])).toThrow('must be of type delay, refuse, drop or error')
    expect(() => plan.set([{ action: { type: 'error', condition: 'busy' } }])).toThrow(
      'rules[0].action.condition: must be server-busy, internal-error or a full condition: current value is "busy"',
    )
  })
})
