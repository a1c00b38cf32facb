import { expect, test } from 'vitest'
import { putItem, shopByHand } from '../../tests/served-shop.ts'
import type { Candidate, ListRequest, Rung } from './candidate.ts'
import { fillList } from './fill-list.ts'

type Step = [rung: Rung, candidates: Record<string, number>]

/** The list as `rung item`, and the rungs that were asked for candidates. */
async function filled(request: Partial<ListRequest>, steps: Step[], excluded: string[] = []) {
  const { ports, shop } = await shopByHand()
  await putItem(ports.documents, 'egg', { category: 'Kitchen', inStock: false })
  const asked: Rung[] = []
  const ladder = steps.map(([rung, candidates]) => ({
    rung,
    candidates: async () => {
      asked.push(rung)
      return Object.entries(candidates).map(
        ([itemId, score]): Candidate => ({ itemId, score, reason: { code: 'trending', text: 'because' } }),
      )
    },
  }))
  const list = await fillList({ limit: 10, ...request }, ladder, {
    ...{ catalogue: await shop.catalogue(), excluded: new Set(excluded) },
  })
  return { list: list.map(({ rung, itemId }) => `${rung} ${itemId}`), asked }
}

test('a list is filled rung by rung, each item once, and no longer than asked for', async () => {
  const steps: Step[] = [
    ['personal', { pen: 1, cup: 0.5 }],
    ['trending', { cup: 1, tea: 0.9, jam: 0.8 }],
  ]
  expect((await filled({ limit: 3 }, steps)).list).toEqual(['personal pen', 'personal cup', 'trending tea'])
  expect((await filled({ limit: 1 }, steps)).list).toEqual(['personal pen'])
})

test('a later rung is not asked when an earlier one fills the list', async () => {
  const steps: Step[] = [
    ['personal', { pen: 1, cup: 0.5 }],
    ['recent', { ink: 1 }],
    ['trending', { tea: 1 }],
  ]
  expect((await filled({ limit: 2 }, steps)).asked).toEqual(['personal'])
  expect((await filled({ limit: 3 }, steps)).asked).toEqual(['personal', 'recent'])
})

test('an item of another category, below the score, out of stock, unknown or excluded is left out', async () => {
  const steps: Step[] = [['trending', { pen: 1, egg: 1, cup: 0.9, ghost: 0.8, tea: 0.5, jam: 0.2 }]]
  expect((await filled({}, steps)).list).toEqual(['trending pen', 'trending cup', 'trending tea', 'trending jam'])
  expect((await filled({ category: 'Kitchen' }, steps)).list).toEqual(['trending cup', 'trending tea', 'trending jam'])
  expect((await filled({ minScore: 0.5 }, steps)).list).toEqual(['trending pen', 'trending cup', 'trending tea'])
  expect((await filled({}, steps, ['pen', 'tea'])).list).toEqual(['trending cup', 'trending jam'])
  expect((await filled({ category: 'Garden' }, steps)).list).toEqual([])
})

test('an item that an earlier rung scored too low may still come from a later one', async () => {
  const steps: Step[] = [
    ['personal', { pen: 0.1 }],
    ['trending', { pen: 1 }],
  ]
  expect((await filled({ minScore: 0.5 }, steps)).list).toEqual(['trending pen'])
})
