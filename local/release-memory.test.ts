import { expect, test, vi } from 'vitest'
import { releaseMemory, releaseMemoryAtRest } from './release-memory.ts'

test('releaseMemory() gives back what a run took once nothing of it is needed any more', () => {
  let lines: { line: number; text: string }[] | undefined = Array.from({ length: 500_000 }, (_, line) => ({
    line,
    text: `order line ${line}`,
  }))
  const taken = process.memoryUsage.rss()
  expect(lines).toHaveLength(500_000)
  lines = undefined
  releaseMemory()
  expect(process.memoryUsage.rss()).toBeLessThan(taken - 20e6)
})

test('releaseMemoryAtRest() releases once each time the process comes to rest after work', () => {
  vi.useFakeTimers()
  let cpu = 0
  let released = 0
  releaseMemoryAtRest({
    lookMs: 1_000,
    cpuMs: () => cpu,
    release: () => {
      released += 1
      cpu += 60
    },
  })
  const second = (usedMs: number) => {
    cpu += usedMs
    vi.advanceTimersByTime(1_000)
    return released
  }
  expect([second(10), second(10), second(800), second(400), second(49), second(0), second(900), second(1)]).toEqual([
    1, 1, 1, 1, 2, 2, 2, 3,
  ])
  vi.useRealTimers()
})
