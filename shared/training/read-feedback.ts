import type { Blobs } from '../ports.ts'
import { eventTypes } from '../schemas/interaction.ts'
import { interactionLine, orderLine } from './bronze-line.ts'
import { type FeedbackColumns, type FeedbackLine, feedbackWriter } from './feedback-columns.ts'
import { quickInteractionLine, quickOrderLine } from './quick-line.ts'

const impression = eventTypes.indexOf('impression')

/** Files on their way while one is read: small ones take their time to come, not to be read. */
const filesAhead = 8

/** Reads bronze files of interactions and order lines into columns; `progress` is told the share of files read. */
export async function readFeedback(
  paths: readonly string[],
  blobs: Pick<Blobs, 'read'>,
  progress: (fraction: number) => Promise<void> = async () => undefined,
): Promise<FeedbackColumns> {
  let read = 0
  const writer = feedbackWriter()
  for await (const { path, text } of texts(paths, blobs)) {
    const toLine = path.startsWith('bronze/orders/') ? anyOrderLine : anyInteractionLine
    for (let from = 0; from < text.length; ) {
      const newline = text.indexOf('\n', from)
      const to = newline < 0 ? text.length : newline
      if (to > from) {
        const line = toLine(JSON.parse(text.slice(from, to)))
        // That an item was shown to someone teaches nothing of what they want.
        if (line.type !== impression) writer.add(line)
      }
      from = to + 1
    }
    read += 1
    await progress(read / paths.length)
  }
  return writer.columns()
}

const decoder = new TextDecoder()
const anyOrderLine = (raw: unknown): FeedbackLine => quickOrderLine(raw) ?? orderLine(raw)
const anyInteractionLine = (raw: unknown): FeedbackLine => quickInteractionLine(raw) ?? interactionLine(raw)

async function* texts(
  paths: readonly string[],
  blobs: Pick<Blobs, 'read'>,
): AsyncIterable<{ path: string; text: string }> {
  const coming: { path: string; bytes: Promise<Uint8Array | undefined> }[] = []
  const ask = (path: string | undefined) => {
    if (path === undefined) return
    const bytes = blobs.read(path)
    // Who awaits it sees the failure; until then it is not unhandled.
    bytes.catch(() => undefined)
    coming.push({ path, bytes })
  }
  for (const path of paths.slice(0, filesAhead)) ask(path)
  for (let read = 0; read < paths.length; read++) {
    const next = coming.shift()
    const bytes = await next?.bytes
    if (!next || !bytes) throw new Error(`Cannot read ${paths[read]}: it was listed and is gone`)
    ask(paths[read + filesAhead])
    yield { path: next.path, text: decoder.decode(bytes) }
  }
}
