import { describe, expect, test } from 'vitest'
import { decideRefit, type LiveModel } from './decide-refit.ts'

const hourMs = 3_600_000
const now = 1_000 * hourMs
const options = {
  ...{ afterMs: 168 * hourMs, refreshAllMs: 24 * hourMs },
  ...{ newInteractionsShare: 0.2, newItemsShare: 0.1, overlapMin: 0.5 },
}
const yesterday: LiveModel = {
  ...{ fittedAt: now - 30 * hourMs, allListsAt: now - 6 * hourMs, sameParameters: true, newestPublished: true },
  ...{ newInteractionsShare: 0.02, newItemsShare: 0.01, overlap: 0.9 },
}
const decided = (live: Partial<LiveModel>, asked = false) =>
  decideRefit({ asked, live: { ...yesterday, ...live }, now, options })

test('six hours after a refresh only what changed is made', () => {
  expect(decided({})).toEqual({ type: 'increment', scope: 'changed' })
  expect(decided({ overlap: undefined })).toEqual({ type: 'increment', scope: 'changed' })
})

describe('everything is fitted anew', () => {
  test('when nothing was fitted before', () => {
    expect(decideRefit({ asked: false, live: undefined, now, options })).toEqual({ type: 'refit', reason: 'first' })
  })

  test.for([
    ['parameters', { sameParameters: false }],
    ['age', { fittedAt: now - 168 * hourMs }],
    ['interactions', { newInteractionsShare: 0.21 }],
    ['items', { newItemsShare: 0.11 }],
    ['overlap', { overlap: 0.49 }],
  ] as const)('because of %s', ([reason, live]) => {
    expect(decided(live)).toEqual({ type: 'refit', reason })
  })

  test('because somebody asks for it', () => {
    expect(decided({}, true)).toEqual({ type: 'refit', reason: 'asked' })
  })
})

test('the lists of all users are made a day after they last were, as they carry a share of popularity', () => {
  expect(decided({ allListsAt: now - 24 * hourMs })).toEqual({ type: 'increment', scope: 'lists' })
})

test('everything is made when a run that never went live, or was taken back, may have left some of its own', () => {
  const scope = 'everything'
  expect(decided({ newestPublished: false })).toEqual({ type: 'increment', scope })
  expect(decided({ newestPublished: false, allListsAt: now - 24 * hourMs })).toEqual({ type: 'increment', scope })
})
