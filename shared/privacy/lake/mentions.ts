import { guestPrefix } from '../../schemas/ids.ts'
import type { ErasedPerson } from '../erasure/erase-step.ts'

/** Whether a text of some file gives the person away. */
export type Mentions = (text: string) => boolean

const wordCharacter = '[\\p{L}\\p{N}_-]'

/** Everything that stands for a person in files: ids, sessions and pseudonyms. */
export function namesOfPerson({ ids, pseudonyms }: Pick<ErasedPerson, 'ids' | 'pseudonyms'>): string[] {
  const sessions = ids.filter(id => id.startsWith(guestPrefix)).map(id => id.slice(guestPrefix.length))
  return [...new Set([...ids, ...sessions, ...pseudonyms])].filter(name => name !== '')
}

/** Finds a name that stands by itself, not within a longer word: `anna` is not in `joanna` nor in `anna-2`. */
export function mentionsOf(person: Pick<ErasedPerson, 'ids' | 'pseudonyms'>): Mentions {
  const names = namesOfPerson(person)
  // As JSON writes a name that has characters of its own kind in it.
  const written = [...new Set(names.flatMap(name => [name, JSON.stringify(name).slice(1, -1)]))]
  const any = new RegExp(`(?<!${wordCharacter})(?:${written.map(escaped).join('|')})(?!${wordCharacter})`, 'u')
  return text => any.test(text)
}

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
