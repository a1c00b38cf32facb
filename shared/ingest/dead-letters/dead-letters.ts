import { z } from 'zod'
import type { Blobs } from '../../ports.ts'
import { interactionsHub } from '../accept-interactions.ts'
import { catalogChangesHub } from '../catalog-changes/catalog-changes-hub.ts'

/** Hubs whose events may be kept aside. */
const deadLetterHubs = [interactionsHub, catalogChangesHub] as const
type DeadLetterHub = (typeof deadLetterHubs)[number]

const DeadLetter = z.looseObject({
  rejected_at: z.iso.datetime(),
  reasons: z.array(z.looseObject({ field: z.string(), reason: z.string() })),
  body: z.unknown(),
})
export type DeadLetter = z.infer<typeof DeadLetter>

/** A file of events that were kept aside, oldest first. */
export interface DeadLetterFile {
  hub: DeadLetterHub
  path: string
  letters: DeadLetter[]
}

/** Events that were kept aside, file by file; with a prefix, of the files whose paths begin with it. */
export async function* deadLetterFiles(
  { read, list }: Pick<Blobs, 'read' | 'list'>,
  prefix = 'dead-letter/',
): AsyncIterable<DeadLetterFile> {
  for (const hub of deadLetterHubs) {
    for await (const { path } of list(`dead-letter/${hub}/`)) {
      if (!path.startsWith(prefix)) continue
      const bytes = await read(path)
      if (bytes) yield { hub, path, letters: lettersOf(Buffer.from(bytes).toString()) }
    }
  }
}

const lettersOf = (text: string): DeadLetter[] =>
  text
    .split('\n')
    .filter(line => line !== '')
    .map(line => DeadLetter.parse(JSON.parse(line)))
