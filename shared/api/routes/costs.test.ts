import fc from 'fast-check'
import { expect, test } from 'vitest'
import { answeringShop, apiOver } from '../../../tests/api-by-hand.ts'
import { anEvent } from '../../../tests/events.ts'
import { noUsage } from '../../operations/cost/usage.ts'
import { collections } from '../../schemas/collections.ts'
import type { BudgetLevel, BudgetState } from '../../schemas/usage.ts'
import { budgetLevels } from '../../schemas/usage.ts'

const budget = (level: BudgetLevel): BudgetState => ({
  ...{ id: 'budget', level, since: '2026-01-01T00:00:00.000Z', looked_at: '2026-01-01T00:00:00.000Z' },
  ...{ budget_dollars: 15, month_dollars: 1, forecast_dollars: 16 },
})

test('the month’s costs are told line by line, with the price of a thousand lists', async () => {
  const of = await answeringShop()
  const usage = { ...noUsage(), executions: { http: 2_000_000 }, lists: 2_000_000 }
  await of.ports.documents.upsert(collections.usageDays, { id: '2026-01-01', usage, writers: {} })
  of.ports.advance(12 * 3_600_000)
  const { call } = apiOver(of)
  const answer = await call('costs')
  expect(answer.status).toBe(200)
  expect(answer.json).toMatchObject({
    ...{ profile: 'starter', since: '2026-01-01T00:00:00.000Z', lists: 2_000_000 },
    budget: { dollars: 15, is_slowed: false, refresh_every_hours: null, explores: true, since: null },
  })
  const {
    month_to_date: month,
    forecast,
    dollars_per_thousand_lists: each,
  } = answer.checked() as {
    month_to_date: { dollars: number; lines: { unit: string; dollars: number }[] }
    forecast: { dollars: number }
    dollars_per_thousand_lists: number
  }
  expect(month.lines.find(({ unit }) => unit === 'million executions')?.dollars).toBeCloseTo(1.75 * 0.4, 9)
  expect(month.lines.reduce((sum, { dollars }) => sum + dollars, 0)).toBeCloseTo(month.dollars, 9)
  // Thirteen hours count for a whole day, and there are so many days left.
  const days = 1 + 31 - 13 / 24
  expect(each).toBeCloseTo((forecast.dollars / (2_000_000 * days)) * 1000, 9)
})

test('while the budget is being used up too fast, the costs say so', async () => {
  const of = await answeringShop()
  await of.ports.documents.upsert(collections.budgetStates, budget(2))
  expect((await apiOver(of).call('costs')).json).toMatchObject({
    budget: { is_slowed: true, refresh_every_hours: 24, explores: false, since: '2026-01-01T00:00:00.000Z' },
  })
})

test('whatever the budget’s state, what lists, takes in and erases answers the same', async () => {
  const asked = [
    ['recommend-user', { path: { id: 'anna' }, query: { limit: '5' } }],
    ['recommend-item', { path: { id: 'pen' } }],
    ['trending', {}],
    ['interactions', { body: anEvent(1) }],
    ['erasure-request', { body: { user_id: 'anna' } }],
  ] as const
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...asked), fc.constantFrom(...budgetLevels), async ([name, sent], level) => {
      const answers = await Promise.all(
        [undefined, level].map(async each => {
          const of = await answeringShop()
          if (each !== undefined) await of.ports.documents.upsert(collections.budgetStates, budget(each))
          const { status, json } = await apiOver(of).call(name, sent)
          return { status, json }
        }),
      )
      expect(answers[0]).toEqual(answers[1])
      expect(answers[0]?.status).toBeLessThan(300)
    }),
    { numRuns: 15 },
  )
})
