import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Slots, valueAt, withValue } from './slots.ts'

const slot = (generation: number, value: string) => ({ generation, value })

test('a reader sees the newest value not above the live generation', () => {
  const document = { a: slot(4, 'tea'), b: slot(6, 'jam') }
  expect([3, 4, 5, 6, 7].map(generation => valueAt(document, generation))).toEqual([
    ...[undefined, 'tea', 'tea', 'jam', 'jam'],
  ])
  expect(valueAt({}, 5)).toBeUndefined()
})

test('the first value goes to slot a, the second to b, the third over the first', () => {
  const first = withValue<string, Slots<string>>({}, 'tea', { generation: 1, live: 0 })
  expect(first).toEqual({ a: slot(1, 'tea') })
  const second = withValue(first ?? {}, 'jam', { generation: 2, live: 1 })
  expect(second).toEqual({ a: slot(1, 'tea'), b: slot(2, 'jam') })
  const third = withValue(second ?? {}, 'pen', { generation: 3, live: 2 })
  expect(third).toEqual({ a: slot(3, 'pen'), b: slot(2, 'jam') })
})

test('an unchanged value is not written', () => {
  const document = { a: slot(1, 'tea') }
  expect(withValue<string, Slots<string>>(document, 'tea', { generation: 2, live: 1 })).toBeUndefined()
})

test('a generation that was given up leaves the live slot alone, and the next one writes over what it left', () => {
  const live = { a: slot(1, 'tea') }
  const givenUp = withValue<string, Slots<string>>(live, 'jam', { generation: 2, live: 1 })
  const next = withValue(givenUp ?? {}, 'pen', { generation: 3, live: 1 })
  expect(next).toEqual({ a: slot(1, 'tea'), b: slot(3, 'pen') })
  // Going back to what is live is a change for readers of generation 3, who would see what was given up.
  const back = withValue(givenUp ?? {}, 'tea', { generation: 3, live: 1 })
  expect(back).toEqual({ a: slot(1, 'tea'), b: slot(3, 'tea') })
})

test('a worker of an older generation that wakes up late does not write over a newer one', () => {
  // It read the pointer while 1 was live; since then 3 was published.
  const document = { a: slot(1, 'tea'), b: slot(3, 'pen') }
  expect(withValue<string, Slots<string>>(document, 'jam', { generation: 2, live: 1 })).toBeUndefined()
})

type Step = { type: 'publish' | 'give up'; values: string[]; reached: number } | { type: 'roll back' }

const values = fc.array(fc.constantFrom('tea', 'jam', 'pen'), { minLength: 4, maxLength: 4 })
const steps = fc.array(
  fc.oneof(
    fc.record({ type: fc.constantFrom('publish' as const, 'give up' as const), values, reached: fc.nat(4) }),
    fc.record({ type: fc.constant('roll back' as const) }),
  ),
  { maxLength: 20 },
)

test('readers see the live generation’s lists after every single write, whatever is published, given up, rolled back', () => {
  fc.assert(
    fc.property(steps, all => {
      const shop = new Publisher()
      for (const step of all) shop.take(step)
    }),
    { numRuns: 500 },
  )
})

/** The simple model, a whole copy of the lists for each generation, beside the two slots. */
class Publisher {
  readonly #documents: Slots<string>[] = Array.from({ length: 4 }, () => ({}))
  readonly #published = new Map<number, readonly (string | undefined)[]>([[0, Array(4).fill(undefined)]])
  #token = 0
  #live = 0
  #previous: number | undefined

  take(step: Step): void {
    switch (step.type) {
      case 'publish':
        this.#token += 1
        this.#write(step.values, { generation: this.#token, live: this.#live })
        this.#published.set(this.#token, step.values)
        this.#previous = this.#live
        this.#live = this.#token
        break
      case 'give up':
        this.#token += 1
        this.#write(step.values.slice(0, step.reached), { generation: this.#token, live: this.#live })
        break
      case 'roll back':
        // What was live before is gone as soon as the next generation is written.
        if (this.#previous === undefined || this.#live !== this.#token) break
        this.#live = this.#previous
        this.#previous = undefined
    }
    this.#check()
  }

  #write(lists: readonly string[], at: { generation: number; live: number }): void {
    for (const [place, value] of lists.entries()) {
      const before = this.#documents[place] ?? {}
      const after = withValue(before, value, at)
      if (after === undefined) continue
      expect(valueAt(before, at.generation)).not.toBe(value)
      this.#documents[place] = after
      this.#check()
    }
  }

  #check(): void {
    expect(this.#documents.map(document => valueAt(document, this.#live))).toEqual(this.#published.get(this.#live))
  }
}
