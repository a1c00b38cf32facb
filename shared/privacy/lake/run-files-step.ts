import { decodeNameList, type NameList, namesOf } from '../../algorithms/name-list.ts'
import { decodeFeedback } from '../../training/feedback-columns.ts'
import type { EraseStep } from '../erasure/erase-step.ts'
import { mentionsOf, namesOfPerson } from './mentions.ts'

/**
 * What runs left for their own stages. No other job is at work while people are erased, so that a file that names the person
 * goes as a whole: a run that failed cannot be taken up at that stage any more, and the next refresh reads anew what an
 * earlier one could have lent it.
 */
export const runFilesStep: EraseStep = {
  store: 'run-files',
  about: 'what jobs left for their own later stages: users by row, feedback, lists to be published or exported',
  erase: async (person, { ports, runId }) => {
    const names = new Set(namesOfPerson(person))
    const mentions = mentionsOf(person)
    let found = 0
    for await (const { path } of ports.blobs.list('runs/')) {
      if (path.startsWith(`runs/${runId}/`) || !isNamed.test(path)) continue
      const bytes = await ports.blobs.read(path)
      if (!bytes || !namesPerson(path, bytes, { names, mentions })) continue
      await ports.blobs.remove(path)
      found += 1
    }
    return { found, removed: found }
  },
}

/** The kinds of files that hold ids of users; matrices and vectors go by row. */
const isNamed = /\.(names|json|ndjson)$|\/feedback\/[^/]+\.bin$/

function namesPerson(
  path: string,
  bytes: Uint8Array,
  { names, mentions }: { names: ReadonlySet<string>; mentions: (text: string) => boolean },
): boolean {
  // Lists of an export begin each name with a digit that tells what there is of the user.
  const isIn = (list: NameList) => namesOf(list).some(name => names.has(name) || names.has(name.slice(1)))
  if (path.endsWith('.names')) return isIn(decodeNameList(bytes))
  if (path.endsWith('.bin')) return isIn(decodeFeedback(bytes).users)
  return mentions(Buffer.from(bytes).toString())
}
