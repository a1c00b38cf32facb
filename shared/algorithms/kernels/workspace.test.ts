import { describe, expect, test } from 'vitest'
import { Workspace } from './workspace.ts'

describe('Workspace', () => {
  test('lays out arrays one after the other, of zeros, also where memory must grow for them and where others were', () => {
    const workspace = new Workspace({ threads: 1 })
    const first = workspace.uint32(3)
    const mark = workspace.mark()
    const second = workspace.float64(100_000)
    expect(second.byteOffset).toBe(first.byteOffset + 64)
    expect(workspace.bytes).toBeGreaterThanOrEqual(first.byteOffset + 64 + 800_000)
    second.fill(7)
    workspace.free(mark)
    const third = workspace.float32(200_000)
    expect(third.byteOffset).toBe(second.byteOffset)
    expect(third.every(value => value === 0)).toBe(true)
  })

  test('refuses what no memory can hold and threads that are none', () => {
    expect(() => new Workspace({ threads: 0 })).toThrow('threads must be an integer ≥ 1: current value is 0')
    expect(() => new Workspace({ threads: 1 }).float32(2 ** 30)).toThrow('Cannot lay out 4294967296 bytes')
  })

  test('runs no kernel that there is not, on one thread or two', async () => {
    for (const threads of [1, 2]) {
      const workspace = new Workspace({ threads })
      await expect(workspace.run('none', { blocks: 2, parameters: [] })).rejects.toThrow('none')
      await workspace.close()
    }
  })
})
