import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { treeMemory } from './process-memory.ts'

test.skipIf(!existsSync('/proc/self/smaps_rollup'))(
  'treeMemory() adds a child to its parent, and shared pages count once (needs /proc of Linux)',
  async () => {
    const alone = treeMemory(process.pid)
    const child = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => undefined, 1000)'])
    await once(child.stdout, 'data')
    const both = treeMemory(process.pid)
    const of = treeMemory(child.pid ?? 0)
    child.kill()
    await once(child, 'exit')
    expect(both.processes).toBe(alone.processes + 1)
    expect(of.pssMb).toBeGreaterThan(5)
    expect(of.pssMb).toBeLessThan(of.rssMb)
    expect(both.rssMb).toBeGreaterThan(alone.rssMb + 10)
  },
)
