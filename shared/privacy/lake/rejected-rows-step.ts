import { z } from 'zod'
import { landingPrefix } from '../../ingest/landing/landing-kinds.ts'
import type { EraseStep } from '../erasure/erase-step.ts'
import { mentionsOf } from './mentions.ts'
import { rewriteLines } from './rewrite-lines.ts'

const Rejected = z.object({ row: z.unknown() })

/** Rows of landing files that could not be read: what they said goes, and that there was such a row stays. */
export const rejectedRowsStep: EraseStep = {
  store: 'rejected-rows',
  about: 'rows of files that could not be read, as they were',
  erase: async (person, { ports }) => {
    const mentions = mentionsOf(person)
    const rule = (line: string) => {
      if (!mentions(line)) return line
      return JSON.stringify({ row: Rejected.parse(JSON.parse(line)).row, reason: 'erased' })
    }
    const lines = await rewriteLines(`quarantine/${landingPrefix}`, rule, ports.blobs)
    return { found: lines, removed: lines }
  },
}
