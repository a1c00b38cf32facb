import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import type { Api } from '../api-client.ts'

/** What became of a batch: `accepted` + `rejected.length` is what was sent; `index` counts from 0 within the batch. */
export type BatchOutcome = { accepted: number; rejected: Rejection[] }

type Rejection = { index: number; reason: string }

const Found = z.object({ index: z.number().optional(), field: z.string().optional(), reason: z.string() })
const Accepted = z.object({ accepted: z.number(), rejected: z.array(Found) })
const Problem = z.object({
  detail: z.string().optional(),
  title: z.string().optional(),
  errors: z.array(Found).optional(),
})

const ATTEMPTS = 6

/**
 * Posts events to `POST /api/interactions` as a JSON array. 400 means that nothing of the batch is acceptable
 * and is told as rejections; 429 and 503 are tried again after the time the answer names, six times in all. Sending
 * twice is harmless: an event is known by its `event_id`.
 * @throws Error when the API cannot be reached, answers anything else or its counts do not add up
 */
export async function postBatch(api: Api, events: readonly unknown[]): Promise<BatchOutcome> {
  const url = new URL('/api/interactions', api.url)
  const body = JSON.stringify(events)
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${api.token}` },
      body,
    }).catch((cause: unknown) => {
      throw new Error(`Cannot reach ${url.href}: is the app running there?`, { cause })
    })
    const answer = await response.text()
    if ((response.status === 429 || response.status === 503) && attempt < ATTEMPTS) {
      await delay(retryAfterMs(response, attempt))
      continue
    }
    if (response.status === 202) return accepted(answer, { url, sent: events.length })
    if (response.status === 400) return allRejected(answer, events.length)
    throw new Error(`${url.href} answered ${response.status}: ${answer.slice(0, 300)}`)
  }
}

function accepted(answer: string, { url, sent }: { url: URL; sent: number }): BatchOutcome {
  const parsed = Accepted.safeParse(json(answer))
  if (!parsed.success) throw new Error(`${url.href} answered 202 with an unexpected body: ${answer.slice(0, 300)}`)
  const { accepted: count, rejected } = parsed.data
  if (count + rejected.length !== sent) {
    throw new Error(`${url.href} was sent ${sent} events: it accepted ${count} and rejected ${rejected.length}`)
  }
  return { accepted: count, rejected: rejected.map(rejection) }
}

function allRejected(answer: string, sent: number): BatchOutcome {
  const parsed = Problem.safeParse(json(answer))
  const problem = parsed.success ? parsed.data : {}
  const byIndex = new Map((problem.errors ?? []).map(rejection).map(({ index, reason }) => [index, reason]))
  const otherwise = problem.detail ?? problem.title ?? answer.slice(0, 300)
  const rejected = Array.from({ length: sent }, (_, index) => ({ index, reason: byIndex.get(index) ?? otherwise }))
  return { accepted: 0, rejected }
}

function rejection({ index = 0, field, reason }: z.infer<typeof Found>): Rejection {
  return { index, reason: field === undefined ? reason : `${field} ${reason}` }
}

function retryAfterMs(response: Response, attempt: number): number {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  return Number.isFinite(seconds) ? 1000 * Math.min(seconds, 30) : 100 * 2 ** attempt
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // An answer that is not JSON fails the schema that reads it, with the text in the message.
    return undefined
  }
}
