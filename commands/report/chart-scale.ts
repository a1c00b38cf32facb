/** Round numbers from 0 (or below the smallest value) to above the largest, about `count` of them. */
export function ticks(values: readonly number[], count = 5): number[] {
  const top = Math.max(0, ...values)
  const bottom = Math.min(0, ...values)
  const rough = (top - bottom) / count
  if (!(rough > 0)) return [0, 1]
  const magnitude = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 2.5, 5, 10].map(each => each * magnitude).find(each => each >= rough) ?? rough
  const first = Math.floor(bottom / step)
  const last = Math.ceil(top / step)
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)))
}

/** Which of `length` labels to show, so that about `count` stand along an axis; the first always does. */
export function shownLabels(length: number, count = 8): number[] {
  const every = Math.max(1, Math.ceil(length / count))
  return Array.from({ length: Math.ceil(length / every) }, (_, index) => index * every)
}
