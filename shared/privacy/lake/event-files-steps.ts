import type { EraseStep } from '../erasure/erase-step.ts'
import { mentionsOf } from './mentions.ts'
import { rewriteLines } from './rewrite-lines.ts'

/** Files of events, a line an event: lines that mention the person go. */
export const eventFilesSteps: readonly EraseStep[] = [
  linesStep('segments', 'events and changes that wait to be folded into bronze', 'bronze/_segments/'),
  linesStep('dead-letters', 'events and changes that their contract refused, with what they held', 'dead-letter/'),
]

function linesStep(store: string, about: string, prefix: string): EraseStep {
  return {
    store,
    about,
    erase: async (person, { ports }) => {
      const mentions = mentionsOf(person)
      const lines = await rewriteLines(prefix, line => (mentions(line) ? undefined : line), ports.blobs)
      return { found: lines, removed: lines }
    },
  }
}
