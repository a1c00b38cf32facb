import { readFileSync, writeFileSync } from 'node:fs'
import { releaseMemory } from '../local/release-memory.ts'

/**
 * The most megabytes that this process held resident while `work` ran, what it held before included. Linux forgets the
 * earlier peak on request.
 */
export async function peakMemoryMb<T>(work: () => T | Promise<T>): Promise<{ peakMemoryMb: number; result: T }> {
  releaseMemory()
  writeFileSync('/proc/self/clear_refs', '5')
  const result = await work()
  const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
  return { peakMemoryMb: Number(kilobytes) / 1024, result }
}
