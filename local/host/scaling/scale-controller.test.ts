import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type ScaledGroup, scaleController } from './scale-controller.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A group that has as many instances as it is told to. */
function fakeGroup(name: string, { takesTurn = false, min = 0 } = {}) {
  const at = { count: min, desired: 0 as number | undefined, busy: 0, broken: false }
  const scaled: string[] = []
  const group: ScaledGroup = {
    group: {
      name,
      count: () => at.count,
      running: () => Array(at.busy).fill(1),
      scaleTo: async count => {
        at.count = count
        scaled.push(`${name} ${count}`)
      },
    },
    limits: { min, max: 3, quietMs: 1_000 },
    desired: async () => {
      if (at.broken) throw new Error('no storage')
      return at.desired
    },
    takesTurn,
  }
  return { group, at, scaled }
}

function controllerOf(...groups: ScaledGroup[]) {
  const warnings: string[] = []
  const controller = scaleController({ groups, pollMs: 100, warn: message => warnings.push(message) })
  controller.start()
  return { controller, warnings }
}

describe('scaleController()', () => {
  test('scales out at the next look and in after the quiet time, and only on change', async () => {
    const { group, at, scaled } = fakeGroup('q')
    controllerOf(group)
    at.desired = 2
    await vi.advanceTimersByTimeAsync(150)
    expect(scaled).toEqual(['q 2'])
    at.desired = 0
    await vi.advanceTimersByTimeAsync(900)
    expect(scaled).toEqual(['q 2'])
    await vi.advanceTimersByTimeAsync(300)
    expect(scaled).toEqual(['q 2', 'q 0'])
  })
  test('changes nothing while it does not know what waits, and says so once', async () => {
    const { group, at, scaled } = fakeGroup('q')
    const { warnings } = controllerOf(group)
    at.desired = undefined
    await vi.advanceTimersByTimeAsync(2_000)
    at.broken = true
    await vi.advanceTimersByTimeAsync(2_000)
    expect(scaled).toEqual([])
    expect(warnings).toEqual(['Cannot tell what waits for q: no storage'])
  })
  test('starts the groups that take turns one after another', async () => {
    const [first, second] = [fakeGroup('a', { takesTurn: true }), fakeGroup('b', { takesTurn: true })]
    const listens = Promise.withResolvers<void>()
    first.group.group.scaleTo = () => listens.promise
    controllerOf(first.group, second.group)
    await vi.advanceTimersByTimeAsync(500)
    expect(second.scaled).toEqual([])
    listens.resolve()
    await vi.advanceTimersByTimeAsync(10)
    expect(second.scaled).toEqual(['b 1'])
  })
  test('keeps an instance while a start by hand uses it, and for the quiet time after', async () => {
    const { group, scaled } = fakeGroup('t')
    const { controller } = controllerOf(group)
    const used = Promise.withResolvers<string>()
    const taken = controller.need('t', () => used.promise)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(scaled).toEqual(['t 1'])
    used.resolve('taken')
    expect(await taken).toBe('taken')
    await vi.advanceTimersByTimeAsync(900)
    expect(scaled).toEqual(['t 1'])
    await vi.advanceTimersByTimeAsync(300)
    expect(scaled).toEqual(['t 1', 't 0'])
  })
  test('changes nothing while paused, and ends its looks when stopped', async () => {
    const { group, at, scaled } = fakeGroup('q')
    const { controller } = controllerOf(group)
    await vi.advanceTimersByTimeAsync(10)
    controller.pause()
    at.desired = 1
    await vi.advanceTimersByTimeAsync(500)
    expect(scaled).toEqual([])
    controller.goOn()
    await vi.advanceTimersByTimeAsync(150)
    expect(scaled).toEqual(['q 1'])
    await controller.stop()
    at.desired = 3
    await vi.advanceTimersByTimeAsync(500)
    expect(scaled).toEqual(['q 1'])
  })
})
