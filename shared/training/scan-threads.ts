/** Below as many scores a thread takes longer to start than to compute. */
const scoresWorthThreads = 2e8

/** How many threads score rows against all items. */
export function scanThreads(
  { rows, items }: { rows: number; items: number },
  { threads }: { threads: number },
): number {
  return rows * items < scoresWorthThreads ? 1 : threads
}
