import type { Ports } from '../../ports.ts'
import { AuditList, AuditQuery, AuditRecord } from '../../schemas/audit.ts'
import { access } from '../access.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { auditDay, auditPath } from '../guards/audit-log.ts'

type Need = { ports: Pick<Ports, 'blobs'> }

export const listAudit = ({ ports }: Need): Endpoint =>
  endpoint({
    name: 'audit',
    method: 'GET',
    path: '/api/audit',
    access: access.administer,
    group: 'service',
    summary: 'What was done and refused on routes of operators, administrators and privacy: the newest first',
    input: { query: AuditQuery },
    output: AuditList,
    run: async ({ query: { from, to, limit, cursor } }) => {
      const span = { fromMs: Date.parse(from ?? '0000-01-01'), toMs: Date.parse(to ?? '9999-12-31') }
      const items: AuditRecord[] = []
      for await (const { record, place } of newestFirst({ span, cursor }, ports)) {
        items.push(record)
        if (items.length === limit) return { body: { items, next_cursor: place } }
      }
      return { body: { items, next_cursor: null } }
    },
  })

interface Span {
  fromMs: number
  toMs: number
}

/** Records and their places, DAY.LINE, before that of the cursor: what is appended later moves no line of before. */
async function* newestFirst(
  { span, cursor }: { span: Span; cursor: string | undefined },
  ports: Need['ports'],
): AsyncIterable<{ record: AuditRecord; place: string }> {
  const [lastDay = '9999-12-31', lastLine] = cursor?.split('.') ?? []
  for (const day of await daysOf(span, ports)) {
    if (day > lastDay) continue
    const lines = [...(await linesOf(day, ports)).entries()]
    const unseen = day === lastDay ? lines.slice(0, Number(lastLine)) : lines
    for (const [line, text] of unseen.reverse()) {
      const record = AuditRecord.parse(JSON.parse(text))
      const atMs = Date.parse(record.at)
      if (span.fromMs <= atMs && atMs <= span.toMs) yield { record, place: `${day}.${line}` }
    }
  }
}

/** Days with records, the newest first. */
async function daysOf(span: Span, { blobs }: Need['ports']): Promise<string[]> {
  const days: string[] = []
  for await (const { path } of blobs.list('audit/')) {
    const day = auditDay(path)
    if (day === undefined) continue
    const startMs = Date.parse(day)
    if (startMs <= span.toMs && startMs + 86_400_000 > span.fromMs) days.push(day)
  }
  return days.sort().reverse()
}

async function linesOf(day: string, { blobs }: Need['ports']): Promise<string[]> {
  const bytes = await blobs.read(auditPath(day))
  return bytes === undefined ? [] : new TextDecoder().decode(bytes).trimEnd().split('\n')
}
