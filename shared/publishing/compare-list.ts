import type { StageContext } from '../runs/stage.ts'
import { listLines } from '../training/lists.ts'
import { Digest, markOf } from './digest.ts'

/** What a comparison of list files with a digest found. */
export interface Comparison {
  /** Lines, as bytes, whose value is not what the digest holds, with whether the digest knows their id. */
  changed: { line: Uint8Array; known: boolean }[]
  values: number
  /** A digest of every line. */
  digest: Digest
}

/** Compares the lines of list files with a digest of what documents hold; without one, every value counts as changed. */
export async function compareList(
  files: readonly string[],
  base: Digest | undefined,
  context: Pick<StageContext, 'runId' | 'ports'>,
): Promise<Comparison> {
  const changed: Comparison['changed'] = []
  const digest = new Digest()
  let values = 0
  for (const file of files) {
    for (const line of await listLines(context, file)) {
      const mark = markOf(line, idEnd(line))
      const known = base?.knows(mark) ?? 'unknown'
      if (known !== 'same') changed.push({ line, known: known === 'changed' })
      digest.set(mark)
      values += 1
    }
  }
  return { changed, values, digest }
}

const [quote, backslash] = [0x22, 0x5c]

/** Where the id of a line `["id",value]` ends: a list is most often compared only, and not parsed. */
function idEnd(line: Uint8Array): number {
  let end = 2
  while (line[end] !== quote && end < line.length) end += line[end] === backslash ? 2 : 1
  return end + 1
}
