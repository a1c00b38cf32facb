import type { Ports } from '../../ports.ts'
import { Action } from './actions.ts'
import { commitPath } from './log-paths.ts'

/** What one commit did. */
export interface Commit {
  version: number
  actions: Action[]
}

/** The log has been cleaned up: what was asked for is there no longer. Whoever follows the table begins anew. */
export class LogCleanedError extends Error {
  override readonly name = 'LogCleanedError'
}

/** So many commits are asked for at once, at most. */
const aheadMax = 32

/**
 * The commits after a version, in order, until there is none: versions have no gaps, so each is asked for by name and
 * nothing is listed. One is asked for at first, and more at a time the more there are.
 */
export async function* commits(
  table: string,
  { after, upTo = Number.POSITIVE_INFINITY }: { after: number; upTo?: number },
  { blobs }: Pick<Ports, 'blobs'>,
): AsyncIterable<Commit> {
  let next = after + 1
  for (let ahead = 1; next <= upTo; ahead = Math.min(ahead * 4, aheadMax)) {
    const versions = Array.from({ length: Math.min(ahead, upTo - next + 1) }, (_, index) => next + index)
    const found = await Promise.all(versions.map(version => blobs.read(commitPath(table, version))))
    for (const bytes of found) {
      if (!bytes) return
      yield { version: next, actions: parseCommit(bytes) }
      next += 1
    }
  }
}

function parseCommit(bytes: Uint8Array): Action[] {
  const lines = new TextDecoder().decode(bytes).split('\n')
  return lines.filter(line => line.trim() !== '').map(line => Action.parse(JSON.parse(line)))
}
