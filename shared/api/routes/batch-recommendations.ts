import type { z } from 'zod'
import type { Ports } from '../../ports.ts'
import type { Jobs } from '../../runs/stage.ts'
import { startRun } from '../../runs/start-run.ts'
import { BatchAnswer, BatchBody, type BatchLists, usersAtOnceMax } from '../../schemas/batch.ts'
import { collections } from '../../schemas/collections.ts'
import { AppError, type FieldError } from '../../schemas/errors.ts'
import { type ExportRequest, ListWishes } from '../../schemas/export.ts'
import { UserId } from '../../schemas/ids.ts'
import { oneMoment } from '../../serving/one-moment.ts'
import { unseen } from '../../serving/unseen.ts'
import { access } from '../access.ts'
import { type Answer, type Endpoint, endpoint } from '../endpoint.ts'
import { idempotencyKey } from '../idempotency-key.ts'
import { type ListNeed, listFrom, requestOf } from '../lists/list-from.ts'
import { sideBySide } from '../lists/side-by-side.ts'

type Need = ListNeed & { ports: Ports; jobs: Jobs }
type Body = z.output<typeof BatchBody>

/** 10,000 ids of up to 128 characters. */
const bodyLimitBytes = 2 * 1024 * 1024
/** A request whose job never came into being goes by itself; a job that failed at once can be restarted until then. */
const requestSeconds = 7 * 24 * 3600
/** Lists under way at once: what one request takes of an instance. */
const atOnce = 8

export const batchRecommendations = (need: Need): Endpoint =>
  endpoint({
    name: 'recommend-batch',
    method: 'POST',
    path: '/api/recommendations/batch',
    access: access.operate,
    group: 'recommendations',
    summary:
      'Lists of up to 100 users in the order sent, each its own or why there is none; of more, up to 10,000, or with async, a job that writes files. Nothing of them is left to chance, and none counts as shown',
    input: { body: BatchBody, bodyLimitBytes },
    output: BatchAnswer,
    alsoAnswers: [202],
    refuses: ['job_running'],
    run: async ({ body }, request) => {
      if (body.async || body.users.length > usersAtOnceMax) {
        return startExport(body, idempotencyKey(request), need)
      }
      return { body: await listsNow(body, need) }
    },
  })

/** All as of one moment, and so of one model. */
async function listsNow(body: Body, need: Need): Promise<z.input<typeof BatchLists>> {
  const { users, placement, ...wishes } = body
  const shop = oneMoment(await unseen(placement, need.shop))
  // A filter that is none is wrong for everybody.
  requestOf({ wishes, placed: { placement }, sent: 'invalid_body' }, '')
  const items = await sideBySide(users, { atOnce }, async user_id => {
    const userId = UserId.safeParse(user_id)
    if (!userId.success) {
      const detail = `The user id ${userId.error.issues[0]?.message}`
      return { user_id, list: null, error: { code: 'invalid_user_id', detail } }
    }
    const { body: list } = await listFrom(
      { ...need, shop, lists: undefined },
      { wishes, placed: { placement, userId: userId.data } },
    )
    return { user_id, list, error: null }
  })
  return { items, next_cursor: null }
}

async function startExport(
  { users: sent, placement, limit, ...wishes }: Body,
  key: string | undefined,
  { ports, jobs }: Need,
): Promise<Answer<z.input<typeof BatchAnswer>>> {
  const users = checkedUsers(sent)
  const { request } = requestOf({ wishes: { ...wishes, limit }, placed: { placement }, sent: 'invalid_body' }, '')
  const asked: Omit<ExportRequest, 'run_id'> = {
    id: 'request',
    ttl: requestSeconds,
    users,
    placement,
    limit,
    wishes: ListWishes.parse(request),
  }
  const prepare = async (runId: string): Promise<void> =>
    void (await ports.documents.create(collections.exportRequests, { ...asked, run_id: runId }))
  const { run, started } = await startRun('export', { trigger: 'http', idempotencyKey: key, prepare, jobs }, ports)
  const job = run.run_id
  const url = `/api/exports/${job}`
  return { status: 202, body: { job, started, status_url: url, logs_url: `/api/batch/logs/${job}`, download_url: url } }
}

/** A file has no place for what is wrong with an id. @throws AppError `invalid_body` naming each */
function checkedUsers(sent: readonly string[]): UserId[] {
  const users: UserId[] = []
  const errors: FieldError[] = []
  for (const [index, value] of sent.entries()) {
    const { data, error } = UserId.safeParse(value)
    if (data !== undefined) users.push(data)
    const reason = error?.issues[0]?.message
    if (reason !== undefined)
      errors.push({ code: 'invalid', field: `users[${index}]`, value: value.slice(0, 200), reason })
  }
  const [first] = errors
  if (!first) return users
  throw new AppError('invalid_body', `The body is not valid as ${first.field} ${first.reason}`, errors.slice(0, 100))
}
