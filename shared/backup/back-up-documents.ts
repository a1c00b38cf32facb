import type { Ports } from '../ports.ts'
import type { BackedUpDocuments, DocumentPart } from '../schemas/backup.ts'
import type { Collection } from '../schemas/collections.ts'
import type { StoredDocument } from './containers.ts'
import { type Place, writeLines } from './place.ts'

const partCharacters = 8_000_000

/** Copies all documents of a container, in parts that are held in memory one at a time. */
export async function backUpDocuments(
  collection: Collection<StoredDocument>,
  to: Place,
  { documents }: Pick<Ports, 'documents'>,
): Promise<BackedUpDocuments> {
  const { container } = collection
  const parts: DocumentPart[] = []
  let lines: string[] = []
  let characters = 0
  const flush = async () => {
    const path = `documents/${container}/${String(parts.length).padStart(5, '0')}.jsonl.gz`
    parts.push({ ...(await writeLines(path, lines, to)), documents: lines.length })
    lines = []
    characters = 0
  }
  for await (const page of documents.query(collection, {})) {
    for (const document of page) {
      const line = JSON.stringify(asWritten(document))
      lines.push(line)
      characters += line.length
      if (characters > partCharacters) await flush()
    }
  }
  if (lines.length > 0) await flush()
  return { container, documents: parts.reduce((sum, part) => sum + part.documents, 0), parts }
}

/** Without what Cosmos adds, but for the second of the last write. */
function asWritten({ _rid, _self, _etag, _attachments, ...document }: StoredDocument): StoredDocument {
  return document
}
