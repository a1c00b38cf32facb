import { hash } from 'node:crypto'
import type { LogRecord, Ports } from '../../ports.ts'
import { duckDbSql } from '../duckdb/sql.ts'
import { type MemoryBlobs, memoryBlobs } from './blobs.ts'
import { type MemoryDocuments, memoryDocuments } from './documents.ts'
import { memoryTelemetry, type Told } from './telemetry.ts'
import { memoryTokens } from './tokens.ts'

export interface MemoryPorts extends Ports {
  /** Another shop that stands where this one does by now, for tests that begin at the same place time after time. */
  copy(): MemoryPorts
  /** Moves the clock. */
  advance(ms: number): void
  /** What was sent, oldest first; the test takes messages out itself. */
  sent: { queue: string; message: unknown }[]
  /** What was appended, oldest first. */
  appended: { hub: string; key: string; body: unknown }[]
  logged: LogRecord[]
  /** Figures and spans. */
  told: Told
}

/** One database for all memory ports of a process: a session sees nothing of another's. */
const sharedSql = duckDbSql({ memoryMb: 1024, threads: 2 })

/** All ports in memory, with a clock that stands still until it is advanced and ids that count up. */
export function memoryPorts(options: { now?: number } = {}): MemoryPorts {
  const moment = { now: options.now ?? Date.UTC(2026, 0, 1), ids: 0 }
  const clock = () => moment.now
  return portsOf({ moment, documents: memoryDocuments(clock), blobs: memoryBlobs(clock), sent: [], appended: [] })
}

interface State extends Pick<MemoryPorts, 'sent' | 'appended'> {
  moment: { now: number; ids: number }
  documents: MemoryDocuments
  blobs: MemoryBlobs
}

function portsOf({ moment, documents, blobs, sent, appended }: State): MemoryPorts {
  const logged: LogRecord[] = []
  const record = (level: string) => (entry: LogRecord) => void logged.push({ level, ...entry })
  return {
    documents,
    blobs,
    sql: sharedSql,
    queue: { send: async (queue, message) => void sent.push({ queue, message: structuredClone(message) }) },
    eventLog: {
      append: async (hub, records) =>
        void appended.push(...records.map(({ key, body }) => ({ hub, key, body: structuredClone(body) }))),
    },
    clock: () => moment.now,
    uuid: () => {
      moment.ids += 1
      return `${moment.ids.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`
    },
    sha256: text => hash('sha256', text),
    tokens: memoryTokens(() => moment.now),
    log: { info: record('info'), warn: record('warn'), error: record('error') },
    ...memoryTelemetry(),
    redact: text => text,
    advance: ms => {
      moment.now += ms
    },
    copy: () => {
      const other = { ...moment }
      const clock = () => other.now
      const stores = { documents: documents.copy(clock), blobs: blobs.copy(clock) }
      return portsOf({ ...stores, moment: other, sent: structuredClone(sent), appended: structuredClone(appended) })
    },
    sent,
    appended,
    logged,
  }
}
