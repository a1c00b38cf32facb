import type { Value } from '../../json.ts'
import { canonical } from './values.ts'

/** The first entry of each value, in their order. */
export function unique<Entry>(entries: readonly Entry[], of: (entry: Entry) => Value): Entry[] {
  const seen = new Set<string>()
  return entries.filter(entry => {
    const name = canonical(of(entry))
    if (seen.has(name)) return false
    seen.add(name)
    return true
  })
}
