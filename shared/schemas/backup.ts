import { z } from 'zod'

const count = z.int().nonnegative()

/** A blob as it was when it was copied: `etag` is the source's, by which a copy that was interrupted goes on. */
export const BackedUpBlob = z.object({ path: z.string(), etag: z.string(), bytes: count, sha256: z.string() })
export type BackedUpBlob = z.infer<typeof BackedUpBlob>

/** A file of a backup. */
const BackupFile = z.object({ path: z.string(), sha256: z.string() })
const DocumentPart = z.object({ ...BackupFile.shape, documents: count })
export type DocumentPart = z.infer<typeof DocumentPart>

/** Documents of a container: gzip of JSON lines. */
export const BackedUpDocuments = z.object({
  container: z.string(),
  documents: count,
  parts: z.array(DocumentPart),
})
export type BackedUpDocuments = z.infer<typeof BackedUpDocuments>

/** Blobs of a container; the index is gzip of a `BackedUpBlob` a line, in order of path. */
const BackedUpBlobs = z.object({ container: z.string(), blobs: count, bytes: count, index: BackupFile })
export type BackedUpBlobs = z.infer<typeof BackedUpBlobs>

/** When a backup was begun: it goes on under this name however often it is interrupted. */
export const BackupBegun = z.object({ id: z.string(), started_at: z.iso.datetime() })

/** What makes a folder a backup: written last. Paths are within the backup. */
export const BackupManifest = z.object({
  version: z.literal(1),
  ...BackupBegun.shape,
  completed_at: z.iso.datetime(),
  documents: z.array(BackedUpDocuments),
  blobs: z.array(BackedUpBlobs),
})
export type BackupManifest = z.infer<typeof BackupManifest>
