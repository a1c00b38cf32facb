import { readSnapshot } from '../../shared/lake/delta/snapshot.ts'
import { trainingInteractions } from '../../shared/lake/tables/gold-tables.ts'
import { silverCustomers, silverProducts } from '../../shared/lake/tables/silver-tables.ts'
import type { Blobs, Ports } from '../../shared/ports.ts'
import type { TrainingOptions } from '../../shared/training/options.ts'

const path = 'gold/_pipeline.json'

/** Tables that gold's files say something of. */
const tables = [trainingInteractions, silverProducts, silverCustomers]

/** What gold's files are made of: versions of tables, and every option that changes them. */
export async function madeOf(
  { training, limit }: { training: TrainingOptions; limit: number },
  ports: Pick<Ports, 'blobs' | 'sql' | 'clock' | 'uuid'>,
): Promise<string> {
  const versions: Record<string, number | null> = {}
  for (const table of tables) versions[table.path] = (await readSnapshot(table.path, ports))?.version ?? null
  // The instance decides how long it takes, never what comes of it.
  const { instance: _, ...options } = training
  return JSON.stringify({ versions, options, limit })
}

/** Whether gold's files were made of just this. */
export async function wasMadeOf(inputs: string, blobs: Pick<Blobs, 'read'>): Promise<boolean> {
  const bytes = await blobs.read(path)
  return bytes !== undefined && new TextDecoder().decode(bytes) === inputs
}

/** Notes what gold's files were made of, once they are all there. */
export async function noteMadeOf(inputs: string, blobs: Pick<Blobs, 'write'>): Promise<void> {
  await blobs.write(path, Buffer.from(inputs))
}
