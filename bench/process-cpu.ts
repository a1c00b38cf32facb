import { readFileSync } from 'node:fs'

// The kernel counts in ticks of USER_HZ, which is 100 on every platform Node runs on.
const msPerTick = 10

/** Milliseconds of processor time a process has taken so far, in user and in system mode. Reads /proc, so Linux only. */
export function processCpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name in brackets may hold spaces: fields are counted behind it, the state being the third of all.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * msPerTick
}
