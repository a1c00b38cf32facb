import { createHmac } from 'node:crypto'
import type { Ports } from '../../ports.ts'
import { collections } from '../../schemas/collections.ts'
import { AppError } from '../../schemas/errors.ts'
import { KeptAnswer, type KeptRequest, keptRequestSeconds } from '../../schemas/kept-request.ts'
import { takesIdempotencyKey } from '../endpoint.ts'
import { type Guard, refusal } from '../handle.ts'
import { idempotencyKey } from '../idempotency-key.ts'
import { bodyLimitOf } from '../parse-request.ts'
import type { ApiAnswer, ApiRequest } from '../request.ts'
import { sealed, unsealed } from './sealed-text.ts'

/** The platform cuts a request at 230 s: who claimed it and says nothing for longer is gone. */
const claimMs = 240_000
const retryAfterSeconds = 2
/** What fits a document of Cosmos once it is sealed. */
const answerCharactersMax = 1024 * 1024

type Need = { ports: Pick<Ports, 'documents' | 'clock' | 'log'>; secret: string }

/**
 * Lets a POST that carries an idempotency key change something once: its repeats get the same answer for a day. Only what
 * succeeded is kept; what was refused, or broke, may be tried again under the same key.
 */
export const idempotency =
  (need: Need): Guard =>
  (endpoint, next) => {
    if (!takesIdempotencyKey(endpoint)) return next
    return async request => {
      const key = idempotencyKey(request)
      if (key === undefined) return next(request)
      const named = namesOf({ key, route: endpoint.name, secret: need.secret })
      const digest = await digestOf(request, { bodyLimitBytes: bodyLimitOf(endpoint.input), key: named.seal })
      const claim = await reachable(() => claimed({ id: named.id, digest }, need.ports), need)
      if (claim.answer !== undefined) return replayed(claim.answer, named.seal)
      const answer = await next(request)
      const isShown = endpoint.showsSecret !== true && answer.body.length <= answerCharactersMax
      await concluded({ answer, isShown, claim, seal: named.seal }, need)
      return answer
    }
  }

interface Claim {
  document: KeptRequest
  etag: string
  /** Of an earlier request that is done; without it the work is ours. */
  answer?: string | undefined
}

/** @throws AppError `idempotency_key_reused`, `request_in_progress` */
async function claimed(
  { id, digest }: Pick<KeptRequest, 'id' | 'digest'>,
  { documents, clock }: Pick<Ports, 'documents' | 'clock'>,
): Promise<Claim> {
  const document = { id, digest, claimed_at: new Date(clock()).toISOString(), ttl: keptRequestSeconds }
  const created = await documents.create(collections.keptRequests, document)
  if (created) return { document, ...created }
  const stored = await documents.read(collections.keptRequests, { id, partition: id })
  if (stored) {
    const { digest: earlier, answer, claimed_at: since } = stored.document
    if (earlier !== digest) throw reused()
    if (answer !== undefined) return { ...stored, answer }
    const isLeft = clock() - Date.parse(since) > claimMs
    const taken = isLeft ? await documents.replace(collections.keptRequests, document, stored.etag) : undefined
    if (taken) return { document, ...taken }
  }
  const message = 'The first request with this idempotency key is still at work: its answer will be this one’s too'
  throw new AppError('request_in_progress', message, [], { retryAfterSeconds })
}

/** A claim that was lost meanwhile is another's to conclude. */
async function concluded(
  { answer, isShown, claim, seal }: { answer: ApiAnswer; isShown: boolean; claim: Claim; seal: Buffer },
  { ports: { documents, log } }: Need,
): Promise<void> {
  const { document, etag } = claim
  try {
    if (answer.status < 300) {
      const kept = keptAnswer(isShown ? answer : refusal(doneBefore()), seal)
      await documents.replace(collections.keptRequests, { ...document, answer: kept }, etag)
    } else await documents.remove(collections.keptRequests, { id: document.id, partition: document.id }, etag)
  } catch (cause) {
    // It is done, and the caller is to know: a repeat finds the claim left, and is done anew.
    log.error({ stage: 'idempotency', kept: false, error: String(cause) })
  }
}

function keptAnswer({ status, headers, body }: ApiAnswer, seal: Buffer): string {
  const kept: KeptAnswer = { status, headers, body: typeof body === 'string' ? body : Buffer.from(body).toString() }
  return sealed(JSON.stringify(kept), seal)
}

function replayed(answer: string, seal: Buffer): ApiAnswer {
  const { headers, ...rest } = KeptAnswer.parse(JSON.parse(unsealed(answer, seal)))
  return { ...rest, headers: { ...headers, 'idempotency-replayed': 'true' } }
}

/** Without the caller's own key and ours, neither whose request it was can be told from a document, nor what it answered. */
function namesOf({ key, route, secret }: { key: string; route: string; secret: string }): { id: string; seal: Buffer } {
  const named = (use: string) => createHmac('sha256', secret).update(`${use}\n${route}\n${key}`)
  return { id: named('id').digest('hex'), seal: named('answer').digest() }
}

async function digestOf(
  { path, query, body }: ApiRequest,
  { bodyLimitBytes, key }: { bodyLimitBytes: number; key: Buffer },
): Promise<string> {
  const about = JSON.stringify([Object.entries(path), Object.entries(query).sort(([a], [b]) => (a < b ? -1 : 1))])
  const bytes = await body(bodyLimitBytes)
  return createHmac('sha256', key).update(`${about}\n`).update(bytes).digest('hex')
}

/** What repeats of a request get whose answer shows a secret, or is too long to be kept. */
const doneBefore = (): AppError =>
  new AppError(
    'already_exists',
    'This was done by the first request with this idempotency key; its answer was not kept',
  )

function reused(): AppError {
  const field = { code: 'reused', field: 'idempotency-key', value: null, reason: 'came before with another request' }
  return new AppError('idempotency_key_reused', 'This idempotency key came before with another request', [field])
}

/** What cannot be promised is not begun. */
async function reachable<T>(ask: () => Promise<T>, { ports: { log } }: Need): Promise<T> {
  try {
    return await ask()
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    log.error({ stage: 'idempotency', error: String(cause) })
    const message = 'Nothing was done, as it cannot be told whether it was done before: try again'
    throw new AppError('unavailable', message, [], { retryAfterSeconds, cause })
  }
}
