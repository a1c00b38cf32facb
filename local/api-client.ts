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

export type Json = Record<string, unknown>

/** What an answer of the API says. @throws Error with the problem's own words when it is not a success */
export async function getJson(url: string, init?: RequestInit): Promise<Json> {
  const response = await fetch(url, init)
  const body = z.record(z.string(), z.unknown()).parse(await response.json())
  if (!response.ok) throw new Error(`${init?.method ?? 'GET'} ${url} answered ${response.status}: ${body.detail}`)
  return body
}

/**
 * Starts a job and waits for its end, telling how it goes; one that an earlier process left at work is waited for first.
 * @throws Error with the job's error when it fails
 */
export async function runJob(apiUrl: string, kind: string, watch: JobWatch = {}): Promise<Job> {
  const { onProgress, pollMs = 150, refit } = watch
  const body = JSON.stringify({ job: kind, refit })
  for (;;) {
    const response = await fetch(`${apiUrl}/api/batch/trigger`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    })
    if (response.status === 409) {
      await ended(`${apiUrl}/api/batch/status?kind=${kind}`, { onProgress, pollMs })
      continue
    }
    const answer = z.record(z.string(), z.unknown()).parse(await response.json())
    if (!response.ok) throw new Error(`The job ${kind} was not started: ${answer.detail}`)
    const { job: id } = Triggered.parse(answer)
    const job = await ended(`${apiUrl}/api/batch/status?job=${id}`, { onProgress, pollMs })
    if (job.status === 'failed') throw new Error(`The job ${id} failed: ${job.error}`)
    return job
  }
}

async function ended(statusUrl: string, { onProgress, pollMs }: JobWatch): Promise<Job> {
  for (;;) {
    const job = Job.parse(await getJson(statusUrl))
    onProgress?.(job)
    if (job.status !== 'running') return job
    await new Promise(resolve => setTimeout(resolve, pollMs))
  }
}
