import { createHmac } from 'node:crypto'
import type { Ports } from '../../ports.ts'
import type { AuditRecord } from '../../schemas/audit.ts'
import { AppError } from '../../schemas/errors.ts'
import { isAdministrative } from '../access.ts'
import type { Caller } from '../caller.ts'
import { type Endpoint, isSafe } from '../endpoint.ts'
import type { Guard } from '../handle.ts'
import { bodyLimitOf } from '../parse-request.ts'
import type { ApiRequest } from '../request.ts'
import { auditLog } from './audit-log.ts'
import { TokenBuckets } from './token-buckets.ts'

/** Refusals that are recorded one by one, of this instance: so many at once, and one a second. */
const refusalsAtOnce = 60

type Need = { ports: Pick<Ports, 'blobs' | 'clock' | 'log'>; secret: string }

export interface Audit {
  /** Records what is about to be done, then what came of it. What cannot be recorded is not done. */
  ofActions: Guard
  /** Records who was not let in, by the status of the refusal. */
  ofRefusals: (status: 401 | 403) => Guard
}

/** The record of all that operators, administrators and who looks after privacy do or were not let do; reading is not recorded. */
export function audit({ ports, secret }: Need): Audit {
  const write = auditLog(ports.blobs)
  const buckets = new TokenBuckets({ perSecond: 1, windowSeconds: refusalsAtOnce, bucketsMax: 1, clock: ports.clock })
  const digest = (of: string | Uint8Array) => createHmac('sha256', secret).update(of).digest('hex')
  const pseudonym = (text: string) => digest(text).slice(0, 32)
  let notRecorded = 0

  const recordOf = (type: AuditRecord['type'], endpoint: Endpoint, request: ApiRequest): AuditRecord => ({
    ...{ at: new Date(ports.clock()).toISOString(), type, request_id: request.id },
    ...{ endpoint: endpoint.name, method: endpoint.method, path: pathOf(endpoint, request, pseudonym) },
    caller: who(request.caller, pseudonym),
    address: request.address ?? null,
  })
  const writeAfter = async (record: AuditRecord) => {
    try {
      await write(record)
    } catch (cause) {
      // It has been answered for: the intent stands without an outcome, or the refusal is in the log alone.
      ports.log.error({ ...record, stage: 'audit', error: String(cause) })
    }
  }
  return {
    ofActions: (endpoint, next) => {
      if (!isAudited(endpoint)) return next
      return async request => {
        const body_digest = digest(await request.body(bodyLimitOf(endpoint.input)))
        await recorded(() => write({ ...recordOf('intent', endpoint, request), body_digest }), ports)
        const answer = await next(request)
        await writeAfter({ ...recordOf('outcome', endpoint, request), status: answer.status })
        return answer
      }
    },
    ofRefusals: status => (endpoint, next) => {
      if (!isAudited(endpoint)) return next
      return async request => {
        const answer = await next(request)
        if (answer.status !== status) return answer
        if (buckets.take('refusals').isSpent) notRecorded += 1
        else {
          const before = notRecorded === 0 ? {} : { not_recorded: notRecorded }
          notRecorded = 0
          await writeAfter({ ...recordOf('refused', endpoint, request), status, ...before })
        }
        return answer
      }
    },
  }
}

const isAudited = (endpoint: Endpoint): boolean => !isSafe(endpoint) && isAdministrative(endpoint.access)

/** Paths of these groups name people. */
const ofPeople: ReadonlySet<Endpoint['group']> = new Set(['users', 'privacy'])

function pathOf(
  { group }: Endpoint,
  { path }: ApiRequest,
  pseudonym: (text: string) => string,
): Readonly<Record<string, string>> {
  if (!ofPeople.has(group)) return path
  return Object.fromEntries(Object.entries(path).map(([name, value]) => [name, pseudonym(value)]))
}

function who(caller: Caller, pseudonym: (text: string) => string): AuditRecord['caller'] {
  switch (caller.kind) {
    case 'anonymous':
      return { kind: 'anonymous' }
    case 'service':
      return { kind: 'service', id: caller.id, name: caller.name }
    case 'shopper':
      return { kind: 'shopper', pseudonym: pseudonym(caller.userId) }
  }
}

async function recorded(write: () => Promise<void>, { log }: Pick<Ports, 'log'>): Promise<void> {
  try {
    await write()
  } catch (cause) {
    log.error({ stage: 'audit', error: String(cause) })
    throw new AppError('unavailable', 'Nothing was done, as it could not be recorded: try again', [], {
      ...{ retryAfterSeconds: 5, cause },
    })
  }
}
