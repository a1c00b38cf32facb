import type { Clock, Ports } from '../../ports.ts'
import { CatalogueChange } from '../../schemas/catalogue-change.ts'
import { type FieldError, fieldErrors } from '../../schemas/errors.ts'
import { clockError, InteractionEvent } from '../../schemas/interaction.ts'
import { interactionsHub } from '../accept-interactions.ts'
import { type DeadLetter, type DeadLetterFile, deadLetterFiles } from './dead-letters.ts'

export interface Replayed {
  path: string
  sent: number
  /** Why the others stay, as of now. */
  refused: FieldError[]
}

/**
 * Sends what was kept aside to its hub again, as far as its contract takes it by now; the others stay in their files. A
 * crash in between sends some twice: their event ids tell.
 */
export async function* replayDeadLetters(
  prefix: string,
  { blobs, eventLog, clock }: Pick<Ports, 'blobs' | 'eventLog' | 'clock'>,
): AsyncIterable<Replayed> {
  for await (const file of deadLetterFiles(blobs, prefix)) {
    const good: { key: string; body: unknown }[] = []
    const left: DeadLetter[] = []
    const refused: FieldError[] = []
    for (const letter of file.letters) {
      const checked = check(file, letter, clock)
      if ('key' in checked) good.push(checked)
      else {
        left.push(letter)
        refused.push(...checked.errors)
      }
    }
    if (good.length > 0) {
      await eventLog.append(file.hub, good)
      if (left.length === 0) await blobs.remove(file.path)
      else await blobs.write(file.path, Buffer.from(left.map(letter => `${JSON.stringify(letter)}\n`).join('')))
    }
    yield { path: file.path, sent: good.length, refused }
  }
}

function check(
  { hub }: Pick<DeadLetterFile, 'hub'>,
  { body }: DeadLetter,
  clock: Clock,
): { key: string; body: unknown } | { errors: FieldError[] } {
  if (hub === interactionsHub) {
    const event = InteractionEvent.safeParse(body)
    if (!event.success) return { errors: fieldErrors(event.error, body) }
    const ahead = clockError(event.data, clock())
    return ahead ? { errors: [ahead] } : { key: event.data.user_id, body }
  }
  const change = CatalogueChange.safeParse(body)
  return change.success ? { key: change.data.key, body } : { errors: fieldErrors(change.error, body) }
}
