/**
 * Milliseconds of each of `runs` calls after `warmUps` untimed ones. What the last call gave is returned, so that the
 * work cannot be optimised away.
 */
export function repeat<T>(
  work: () => T,
  { runs = 10, warmUps = 2 }: { runs?: number; warmUps?: number } = {},
): { ms: number[]; last: T } {
  let last = work()
  for (let run = 1; run < warmUps; run++) last = work()
  const ms: number[] = []
  for (let run = 0; run < runs; run++) {
    const started = performance.now()
    last = work()
    ms.push(performance.now() - started)
  }
  return { ms, last }
}
