import { readdirSync, readFileSync } from 'node:fs'

/** What a process and all its descendants hold. */
export interface TreeMemory {
  processes: number
  /** Proportional set size: a page that n processes share counts 1/n in each, so that the sum is what they take together. */
  pssMb: number
  /** Resident set size: shared pages count in each process. */
  rssMb: number
}

/** Reads /proc, so Linux only. A process that ends meanwhile counts nothing. */
export function treeMemory(root: number): TreeMemory {
  const sums = { processes: 0, pssMb: 0, rssMb: 0 }
  for (const pid of descendants(root)) {
    const rollup = procFile(pid, 'smaps_rollup')
    if (rollup === undefined) continue
    sums.processes += 1
    sums.pssMb += kilobytes(rollup, 'Pss') / 1024
    sums.rssMb += kilobytes(rollup, 'Rss') / 1024
  }
  return sums
}

function descendants(root: number): number[] {
  const children = new Map<number, number[]>()
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry)
    const stat = Number.isInteger(pid) ? procFile(pid, 'stat') : undefined
    if (stat === undefined) continue
    // The name in brackets may hold spaces: fields are counted behind it, state first and then the parent.
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
    children.set(parent, [...(children.get(parent) ?? []), pid])
  }
  const found = [root]
  for (const pid of found) found.push(...(children.get(pid) ?? []))
  return found
}

function procFile(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    // It has ended between the listing and the look.
    return undefined
  }
}

function kilobytes(rollup: string, field: 'Pss' | 'Rss'): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(rollup)?.[1] ?? 0)
}
