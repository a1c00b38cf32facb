import { z } from 'zod'
import type { Action, Add, CommitInfo } from './actions.ts'

/** Files that `eraseRows` wrote tell in whose place. */
export const erasedFromTag = 'erasedFrom'

const Erasure = z.object({ forgotten: z.array(z.string()) })

/** What an erasure's commit says it took out of the store for good; undefined for any other commit. */
export function erasureOf(info: CommitInfo | undefined): { forgotten: ReadonlySet<string> } | undefined {
  const { success, data } = Erasure.safeParse(info?.erasure)
  return success ? { forgotten: new Set(data.forgotten) } : undefined
}

/**
 * Files that came before an erasure, as they are after it: what it wrote anew stands in the place of what it removed.
 * Undefined when one of them is gone and nothing stands in its place.
 * @param removed files that went before it, of which whoever asks may want the rows
 */
export function afterErasure(
  of: { added: readonly Add[]; removed: readonly { path: string }[] },
  { forgotten }: { forgotten: ReadonlySet<string> },
  actions: readonly Action[],
): Add[] | undefined {
  if (of.removed.some(({ path }) => forgotten.has(path))) return undefined
  const inPlace = new Map<string, Add[]>()
  for (const { add, remove } of actions) {
    if (remove) inPlace.set(remove.path, inPlace.get(remove.path) ?? [])
    const from = add?.tags?.[erasedFromTag]
    if (add && typeof from === 'string') inPlace.set(from, [...(inPlace.get(from) ?? []), add])
  }
  const after: Add[] = []
  for (const file of of.added) {
    const replaced = inPlace.get(file.path)
    if (!replaced && forgotten.has(file.path)) return undefined
    after.push(...(replaced ?? [file]))
  }
  return after
}
