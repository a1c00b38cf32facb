import type { Blobs } from '../../ports.ts'
import { runLogPath } from '../../runs/run-log.ts'
import type { EraseStep } from '../erasure/erase-step.ts'
import { mentionsOf } from './mentions.ts'
import { rewritten } from './rewrite-lines.ts'

const appendMax = 4 * 1024 * 1024

/** Logs of runs tell rejected rows with the value that was refused: such lines go. */
export const runLogsStep: EraseStep = {
  store: 'run-logs',
  about: 'values of rows that were refused',
  erase: async (person, { ports, runId }) => {
    const mentions = mentionsOf(person)
    let found = 0
    for await (const { path } of ports.blobs.list('logs/')) {
      // The run that erases writes on; it names nobody.
      const bytes = path === runLogPath(runId) ? undefined : await ports.blobs.read(path)
      if (!bytes) continue
      const { text, lines } = rewritten(Buffer.from(bytes).toString(), line => (mentions(line) ? undefined : line))
      if (lines === 0) continue
      await replaceLog(path, text, ports.blobs)
      found += lines
    }
    return { found, removed: found }
  },
}

/** A blob that is appended to cannot be written as a whole: it is made anew. A crash in between costs the log, not the erasure. */
async function replaceLog(path: string, text: string, blobs: Pick<Blobs, 'remove' | 'append'>): Promise<void> {
  await blobs.remove(path)
  let part = ''
  for (const line of text.split('\n').filter(Boolean)) {
    if (Buffer.byteLength(part) + Buffer.byteLength(line) >= appendMax) {
      await blobs.append(path, part)
      part = ''
    }
    part += `${line}\n`
  }
  if (part !== '') await blobs.append(path, part)
}
