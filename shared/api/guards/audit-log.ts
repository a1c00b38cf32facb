import type { Ports } from '../../ports.ts'
import type { AuditRecord } from '../../schemas/audit.ts'

/** The day's log, in UTC. */
export const auditPath = (day: string): string => `audit/${day.replaceAll('-', '/')}.ndjson`

/** The day of such a path; undefined of another. */
export function auditDay(path: string): string | undefined {
  const [, ...day] = /^audit\/(\d{4})\/(\d{2})\/(\d{2})\.ndjson$/.exec(path) ?? []
  return day.length === 0 ? undefined : day.join('-')
}

interface Batch {
  path: string
  lines: string[]
  written: Promise<void>
}

/**
 * Appends records to the log; resolves once the record is stored. What comes while an append is under way goes with the next
 * one: an append blob takes 50,000 appends, and a day is to fit.
 */
export function auditLog({ append }: Pick<Ports['blobs'], 'append'>): (record: AuditRecord) => Promise<void> {
  let waiting: Batch | undefined
  let last: Promise<unknown> = Promise.resolve()
  return record => {
    const path = auditPath(record.at.slice(0, 10))
    if (waiting?.path !== path) {
      const batch: Batch = { path, lines: [], written: Promise.resolve() }
      batch.written = last.then(() => {
        if (waiting === batch) waiting = undefined
        return append(path, batch.lines.join(''))
      })
      // Whoever waits for an append learns of its failure; the next append is another one.
      last = batch.written.catch(() => undefined)
      waiting = batch
    }
    waiting.lines.push(`${JSON.stringify(record)}\n`)
    return waiting.written
  }
}
