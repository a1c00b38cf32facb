/** From when (included) to when (excluded) a rule of a placement holds; without either, for good. */
export interface Window {
  from?: string | undefined
  until?: string | undefined
}

/** Tells whether the window is open at a moment; its ends are read once. */
export function openWindow({ from, until }: Window): (nowMs: number) => boolean {
  const fromMs = from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(from)
  const untilMs = until === undefined ? Number.POSITIVE_INFINITY : Date.parse(until)
  return nowMs => fromMs <= nowMs && nowMs < untilMs
}

/** When one of the windows opens or closes next, after a moment; Infinity when none ever does. */
export function nextEdge(windows: readonly Window[], nowMs: number): number {
  const edges = windows.flatMap(({ from, until }) => [from, until]).flatMap(edge => edge ?? [])
  return Math.min(...edges.map(edge => Date.parse(edge)).filter(edgeMs => edgeMs > nowMs))
}
