import type { StageContext } from '../runs/stage.ts'
import { collections } from '../schemas/collections.ts'
import { ExportPlan } from '../schemas/export.ts'
import type { ExportOptions } from './export-options.ts'
import { keepExportUsers, keepSomeUsers } from './export-users.ts'

type Run = Pick<StageContext, 'runId' | 'ports'>

const planPath = (runId: string) => `runs/${runId}/export/plan.json`

/**
 * Keeps with the run whom it exports, and how, if a request names them; without one it exports everybody. The request goes
 * when that is done: its users are named by the run's own blobs alone, which go with the run.
 */
export async function takeUpRequest({ runId, ports }: Run): Promise<void> {
  const key = { id: 'request', partition: runId }
  const stored = await ports.documents.read(collections.exportRequests, key)
  if (!stored) return keepExportUsers({ runId, ports })
  const { users, placement, limit, wishes } = stored.document
  const plan: ExportPlan = { placement, limit, wishes }
  await ports.blobs.create(planPath(runId), Buffer.from(JSON.stringify(plan)))
  await keepSomeUsers(users, { runId, ports })
  await ports.documents.remove(collections.exportRequests, key)
}

/** What the lists of a run are made by: whoever names users wants all of them, also with what is popular. */
export async function plannedOptions(options: ExportOptions, { runId, ports }: Run): Promise<ExportOptions> {
  const bytes = await ports.blobs.read(planPath(runId))
  if (!bytes) return options
  const plan = ExportPlan.parse(JSON.parse(new TextDecoder().decode(bytes)))
  return { ...options, ...plan, includesPopular: true }
}
