/** The name that fewest changed, added or left out letters lead to, when they are at most a third of it; upper case counts as lower. */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  let nearest: { name: string; edits: number } | undefined
  for (const candidate of known) {
    const edits = editDistance(name.toLowerCase(), candidate.toLowerCase())
    if (edits <= Math.max(1, candidate.length / 3) && (!nearest || edits < nearest.edits)) {
      nearest = { name: candidate, edits }
    }
  }
  return nearest?.name
}

/** Source: Wagner, Fischer, "The string-to-string correction problem", JACM 1974; one row at a time. */
function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const line = [row]
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1] ? 0 : 1
      line.push(Math.min(line[column - 1]! + 1, above[column]! + 1, above[column - 1]! + same))
    }
    above = line
  }
  return above[b.length]!
}
