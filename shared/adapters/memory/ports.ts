import { hash } from 'node:crypto'
import type { LogRecord, Ports } from '../../ports.ts'
import { duckDbSql } from '../duckdb/sql.ts'
import { memoryBlobs } from './blobs.ts'
import { memoryDocuments } from './documents.ts'

export interface MemoryPorts extends Ports {
  /** Moves the clock. */
  advance(ms: number): void
  /** What was sent, oldest first; the test takes messages out itself. */
  sent: { queue: string; message: unknown }[]
  /** What was appended, oldest first. */
  appended: { hub: string; key: string; body: unknown }[]
  logged: LogRecord[]
}

/** One database for all memory ports of a process: a session sees nothing of another's. */
const sharedSql = duckDbSql({ memoryMb: 1024, threads: 2 })

/** All ports in memory, with a clock that stands still until it is advanced and ids that count up. */
export function memoryPorts(options: { now?: number } = {}): MemoryPorts {
  let now = options.now ?? Date.UTC(2026, 0, 1)
  let ids = 0
  const clock = () => now
  const sent: MemoryPorts['sent'] = []
  const appended: MemoryPorts['appended'] = []
  const logged: LogRecord[] = []
  const record = (level: string) => (entry: LogRecord) => void logged.push({ level, ...entry })
  return {
    documents: memoryDocuments(clock),
    blobs: memoryBlobs(clock),
    sql: sharedSql,
    queue: { send: async (queue, message) => void sent.push({ queue, message: structuredClone(message) }) },
    eventLog: {
      append: async (hub, records) =>
        void appended.push(...records.map(({ key, body }) => ({ hub, key, body: structuredClone(body) }))),
    },
    clock,
    uuid: () => {
      ids += 1
      return `${ids.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`
    },
    sha256: text => hash('sha256', text),
    log: { info: record('info'), warn: record('warn'), error: record('error') },
    advance: ms => {
      now += ms
    },
    sent,
    appended,
    logged,
  }
}
