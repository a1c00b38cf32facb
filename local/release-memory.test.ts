import { expect, test } from 'vitest'
import { releaseMemory } from './release-memory.ts'

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
