import { z } from 'zod'
import type { Blobs, Documents } from '../ports.ts'
import { type Job, type Stage, stage } from '../runs/stage.ts'
import { type Collection, collections } from '../schemas/collections.ts'
import type { Run } from '../schemas/run.ts'
import type { PrivacySettings } from '../schemas/settings/privacy.ts'

const dayMs = 86_400_000

/** How many days something is kept, by what it is. */
export interface Periods {
  audit: number
  jobs: number
  certificates: number
}

export const periodsOf = (settings: PrivacySettings): Periods => ({
  audit: settings.AUDIT_RETENTION_DAYS,
  jobs: settings.JOB_RETENTION_DAYS,
  certificates: settings.CERTIFICATE_RETENTION_DAYS,
})

/** A job that each day, at its end, takes away what has been kept for its period. */
export const withPeriods = (job: Job, periods: Periods): Job => ({
  ...job,
  stages: [...job.stages, periodsStage(periods)],
})

function periodsStage(periods: Periods): Stage {
  return stage<string>({
    name: 'periods',
    weight: 1,
    parse: String,
    plan: async ({ scope }) => (scope === 'daily' ? ['all'] : []),
    run: async (_, { ports: { blobs, documents, clock } }) => {
      const before = (days: number) => clock() - days * dayMs
      return {
        audit_files_removed: await removeFiles('audit/', before(periods.audit), blobs),
        certificates_removed: await removeFiles('privacy/certificates/', before(periods.certificates), blobs),
        erasures_removed: await removeErasures(before(periods.certificates), documents),
        jobs_removed: await removeJobs(before(periods.jobs), documents),
      }
    },
  })
}

async function removeFiles(prefix: string, beforeMs: number, blobs: Pick<Blobs, 'list' | 'remove'>): Promise<number> {
  let removed = 0
  for await (const { path, modifiedMs } of blobs.list(prefix)) {
    if (modifiedMs >= beforeMs) continue
    await blobs.remove(path)
    removed += 1
  }
  return removed
}

async function removeErasures(beforeMs: number, documents: Documents): Promise<number> {
  let removed = 0
  const equal = { status: 'completed' } as const
  for await (const page of documents.query(collections.erasures, { partition: 'erasure', equal })) {
    for (const { id, completed_at: at = '' } of page) {
      if (!(Date.parse(at) < beforeMs)) continue
      if (await documents.remove(collections.erasures, { id, partition: 'erasure' })) removed += 1
    }
  }
  return removed
}

const LedgerKey = z.object({ id: z.string(), run_id: z.string() })
const ledger: Collection<z.infer<typeof LedgerKey>> = {
  ...{ container: 'runs', schema: LedgerKey, partitionedBy: 'run_id' },
  key: ({ id, run_id }) => ({ id, partition: run_id }),
}

/** Runs that ended before a moment with all that is kept of them; by the newest completed one of a kind the next is estimated. */
async function removeJobs(beforeMs: number, documents: Documents): Promise<number> {
  const runs: Run[] = []
  for await (const page of documents.query(collections.runs, { equal: { type: 'run' } })) runs.push(...page)
  const newest = new Map<string, Run>()
  for (const run of runs) {
    const other = newest.get(run.kind)
    if (run.status === 'completed' && (!other || other.created_at < run.created_at)) newest.set(run.kind, run)
  }
  const kept = new Set([...newest.values()].map(({ run_id }) => run_id))
  const old = runs.filter(({ run_id, completed_at: at = '' }) => Date.parse(at) < beforeMs && !kept.has(run_id))
  for (const { run_id: partition } of old) {
    const ids: string[] = []
    for await (const page of documents.query(ledger, { partition })) ids.push(...page.map(({ id }) => id))
    // The run goes last: one that is interrupted is found again.
    for (const id of ids.sort((a, b) => Number(a === 'run') - Number(b === 'run'))) {
      await documents.remove(ledger, { id, partition })
    }
  }
  return old.length
}
