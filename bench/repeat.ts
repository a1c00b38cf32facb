/**
 * Milliseconds of each of `runs` calls after `warmUps` untimed ones. What the last call gave is returned, so that the
 * work cannot be optimised away.
 */
export async function repeat<T>(
  work: () => T | Promise<T>,
  { runs = 10, warmUps = 2 }: { runs?: number; warmUps?: number } = {},
): Promise<{ ms: number[]; last: T }> {
  let last = await work()
  for (let run = 1; run < warmUps; run++) last = await work()
  const ms: number[] = []
  for (let run = 0; run < runs; run++) {
    const started = performance.now()
    last = await work()
    ms.push(performance.now() - started)
  }
  return { ms, last }
}
