/** The known name that a misspelt one is nearest to, where one is near enough to be meant: a third of it apart, at most. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  let nearest: string | undefined
  let least = Math.max(2, Math.floor(name.length / 3)) + 1
  // What is far longer than every name is nobody's slip, and would cost its length to compare.
  for (const one of known.filter(({ length }) => Math.abs(length - name.length) < least)) {
    const edits = editDistance(name.toLowerCase(), one.toLowerCase())
    if (edits >= least) continue
    least = edits
    nearest = one
  }
  return nearest
}

/** Insertions, removals and replacements that lead from one text to the other. Source: Wagner, Fischer, J. ACM 21, 1974. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
