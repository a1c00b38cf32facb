/** The known name that a misspelt one is nearest to, when there is one near enough to be meant: by default a third apart. */
export function nearestName(name: string, known: Iterable<string>, editsMax?: number): string | undefined {
  let nearest: string | undefined
  let least = Number.POSITIVE_INFINITY
  for (const one of known) {
    const edits = editDistance(name.toLowerCase(), one.toLowerCase())
    const enough = editsMax ?? Math.max(2, Math.max(name.length, one.length) * 0.35)
    if (edits >= least || edits > enough) continue
    nearest = one
    least = edits
  }
  return nearest
}

/** Insertions, removals, replacements and swaps of neighbours that lead from one text to the other (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      let edits = Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        edits = Math.min(edits, (before[j - 2] ?? 0) + 1)
      next.push(edits)
    }
    before = row
    row = next
  }
  return row[b.length] ?? 0
}
