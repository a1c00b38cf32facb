import { z } from 'zod'

const Job = z.object({
  job: z.string(),
  status: z.enum(['running', 'completed', 'failed']),
  stage: z.string().nullable(),
  percent: z.number(),
  seconds_elapsed: z.number(),
  seconds_left: z.number().nullable(),
  error: z.string().nullable(),
  request_units: z.number(),
  dollars: z.number(),
})
export type Job = z.infer<typeof Job>
const Triggered = z.object({ job: z.string() })

interface JobWatch {
  /** Asks a refresh to fit everything anew. */
  refit?: boolean
  onProgress?: ((job: Job) => void) | undefined
  pollMs?: number
}

/** A running API, and the bearer token to come with. */
export interface Api {
  url: string
  token: string
}

/** Asks the API for a path, with the token unless `init` brings a header of its own. */
export function ask({ url, token }: Api, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers)
  if (typeof init.body === 'string' && !headers.has('content-type')) headers.set('content-type', 'application/json')
  if (!headers.has('authorization')) headers.set('authorization', `Bearer ${token}`)
  return fetch(`${url}${path}`, { ...init, headers })
}

export type Json = Record<string, unknown>

/** What an answer of the API says. @throws Error with the problem's own words when it is not a success */
export async function getJson(api: Api, path: string, init?: RequestInit): Promise<Json> {
  const response = await ask(api, path, init)
  const body = z.record(z.string(), z.unknown()).parse(await response.json())
  if (!response.ok) throw new Error(`${init?.method ?? 'GET'} ${path} answered ${response.status}: ${body.detail}`)
  return body
}

/**
 * Starts a job and waits for its end, telling how it goes; one that an earlier process left at work is waited for first.
 * @throws Error with the job's error when it fails
 */
export async function runJob(api: Api, kind: string, watch: JobWatch = {}): Promise<Job> {
  const { onProgress, pollMs = 150, refit } = watch
  const body = JSON.stringify({ job: kind, refit })
  for (;;) {
    const response = await ask(api, '/api/batch/trigger', { method: 'POST', body })
    if (response.status === 409) {
      await ended(api, `/api/batch/status?kind=${kind}`, { onProgress, pollMs })
      continue
    }
    const answer = z.record(z.string(), z.unknown()).parse(await response.json())
    if (!response.ok) throw new Error(`The job ${kind} was not started: ${answer.detail}`)
    const { job: id } = Triggered.parse(answer)
    const job = await ended(api, `/api/batch/status?job=${id}`, { onProgress, pollMs })
    if (job.status === 'failed') throw new Error(`The job ${id} failed: ${job.error}`)
    return job
  }
}

async function ended(api: Api, statusPath: string, { onProgress, pollMs }: JobWatch): Promise<Job> {
  for (;;) {
    const job = Job.parse(await getJson(api, statusPath))
    onProgress?.(job)
    if (job.status !== 'running') return job
    await new Promise(resolve => setTimeout(resolve, pollMs))
  }
}
