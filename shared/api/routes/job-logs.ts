import { z } from 'zod'
import type { Ports } from '../../ports.ts'
import { runLogPath } from '../../runs/run-log.ts'
import { JobPath } from '../../schemas/requests.ts'
import { JobLogsQuery, LogLevel } from '../../schemas/service.ts'
import { access } from '../access.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { knownRun } from './jobs.ts'

export const jobLogs = ({ ports }: { ports: Ports }): Endpoint =>
  endpoint({
    name: 'batch-logs',
    method: 'GET',
    path: '/api/batch/logs/{job}',
    access: access.operate,
    group: 'jobs',
    summary:
      'A job’s log: one JSON object a line, oldest first; from a level on, the last lines alone, or to be kept as a file',
    input: { path: JobPath, query: JobLogsQuery },
    output: z.string(),
    mediaType: 'application/x-ndjson',
    headers: ['content-disposition'],
    refuses: ['unknown_job'],
    run: async ({ path: { job }, query }) => {
      await knownRun(job, ports)
      const bytes = await ports.blobs.read(runLogPath(job))
      const name = { 'content-disposition': `attachment; filename="${job}.ndjson"` }
      return {
        headers: {
          'content-type': 'application/x-ndjson; charset=utf-8',
          ...(query.download === '1' ? name : {}),
        },
        body: bytes ? linesOf(new TextDecoder().decode(bytes), query) : '',
      }
    },
  })

const Line = z.object({ level: LogLevel.default('info') })

function linesOf(text: string, { level, tail }: JobLogsQuery): string {
  if (level === undefined && tail === undefined) return text
  const wanted = LogLevel.options.slice(level === undefined ? 0 : LogLevel.options.indexOf(level))
  const lines = text
    .split('\n')
    .filter(line => line !== '' && (level === undefined || wanted.includes(Line.parse(JSON.parse(line)).level)))
  return lines
    .slice(-(tail ?? lines.length))
    .map(line => `${line}\n`)
    .join('')
}
