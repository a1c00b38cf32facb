/** Sorts the unsigned words from `from` to `to`. Source: Shell, CACM 1959, with Knuth's steps. */
export function sortAscending(from: usize, to: usize): void {
  const length = (to - from) >> 2
  let step: usize = 1
  while (step * 3 + 1 < length) step = step * 3 + 1
  for (; step > 0; step = (step - 1) / 3) {
    const bytes = step << 2
    for (let at = from + bytes; at < to; at += 4) {
      const word = load<u32>(at)
      let hole = at
      for (; hole >= from + bytes && load<u32>(hole - bytes) > word; hole -= bytes) {
        store<u32>(hole, load<u32>(hole - bytes))
      }
      store<u32>(hole, word)
    }
  }
}
