import { z } from 'zod'

/** The tables a run is trained on, as they were when it began (S17). */
export const TrainingManifest = z.object({
  tables: z.array(
    z.object({
      table: z.string(),
      version: z.int().nonnegative(),
      /** Of the paths of its data files in order, one a line: files never change, so equal hashes are equal rows. */
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      rows: z.int().nonnegative(),
      /** Of the columns and what they mean. */
      schemaVersion: z.int().positive(),
    }),
  ),
})
export type TrainingManifest = z.infer<typeof TrainingManifest>
