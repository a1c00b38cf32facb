import type { Add, Remove } from './actions.ts'

/** The action that takes a file out of a table. */
export function removal(
  { path, partitionValues, size }: Add,
  atMs: number,
  { dataChange }: { dataChange: boolean } = { dataChange: true },
): Remove {
  return { path, deletionTimestamp: atMs, dataChange, extendedFileMetadata: true, partitionValues, size }
}
