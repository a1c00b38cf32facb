import type { Ports } from '../ports.ts'
import { findRun } from './ledger.ts'

const runsPrefix = 'runs/'

/**
 * Removes the files that ended runs left for their own stages, but for those of `keep`; resolves to their number. Logs,
 * models and the ledger stay.
 */
export async function removeEndedRuns(
  keep: string,
  { blobs, documents }: Pick<Ports, 'blobs' | 'documents'>,
): Promise<number> {
  const ended = new Map<string, boolean>()
  const hasEnded = async (runId: string): Promise<boolean> => {
    const known = ended.get(runId) ?? (await findRun(runId, documents))?.document.status !== 'running'
    ended.set(runId, known)
    return known
  }
  const paths: string[] = []
  for await (const { path } of blobs.list(runsPrefix)) {
    const [runId = ''] = path.slice(runsPrefix.length).split('/')
    if (runId !== keep && (await hasEnded(runId))) paths.push(path)
  }
  await Promise.all(paths.map(path => blobs.remove(path)))
  return paths.length
}
