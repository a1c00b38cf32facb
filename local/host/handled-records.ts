import { open } from 'node:fs/promises'
import { join } from 'node:path'

/** The names of what the functions of the test app have finished; each reading goes on where the last one ended. */
export function handledRecords(folder: string): { read(): Promise<ReadonlySet<string>> } {
  const handled = new Set<string>()
  const files = [
    { path: join(folder, 'work-done.jsonl'), offset: 0, idsOf: (record: Finished) => [record.message?.id] },
    {
      path: join(folder, 'events-done.jsonl'),
      offset: 0,
      idsOf: (record: Finished) => record.events?.map(({ id }) => id) ?? [],
    },
  ]
  const readOn = async () => {
    for (const file of files) {
      const text = await readFrom(file.path, file.offset)
      const end = text.lastIndexOf('\n') + 1
      file.offset += Buffer.byteLength(text.slice(0, end))
      for (const line of text.slice(0, end).split('\n')) {
        if (line === '') continue
        for (const id of file.idsOf(JSON.parse(line))) if (id !== undefined) handled.add(id)
      }
    }
    return handled
  }
  // Several may ask at a time: each reading goes on from where the one before it came to.
  let reading: Promise<ReadonlySet<string>> = Promise.resolve(handled)
  return {
    read: () => {
      reading = reading.then(readOn)
      return reading
    },
  }
}

interface Finished {
  message?: { id: string }
  events?: { id: string }[]
}

async function readFrom(path: string, offset: number): Promise<string> {
  const file = await open(path).catch(() => undefined)
  // No function has finished anything yet.
  if (file === undefined) return ''
  try {
    const { size } = await file.stat()
    const { buffer } = await file.read(Buffer.alloc(size - offset), 0, size - offset, offset)
    return buffer.toString('utf8')
  } finally {
    await file.close()
  }
}
