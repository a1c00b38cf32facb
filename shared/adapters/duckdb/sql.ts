import { mkdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import type { Sql, SqlColumns, SqlRow, SqlSession } from '../../ports.ts'
import { SqlError } from '../../schemas/errors.ts'

export interface DuckDbOptions {
  /** What all sessions together may take: beyond it they spill to files. */
  memoryMb: number
  threads: number
  /** Where sessions keep their files and what they spill; without it, the system's folder for temporary files. */
  folder?: string
}

/** DuckDB in this process: one database for all sessions, made when the first is opened. */
export function duckDbSql(options: DuckDbOptions): Sql {
  let instance: Promise<DuckDBInstance> | undefined
  return {
    open: async () => {
      // The library takes 70 MB and a tenth of a second: only what asks for tables loads it, and what turns its values into ours.
      instance ??= openInstance(options)
      const { plainColumn, plainValue } = await import('./plain-value.ts')
      const connection = await (await instance).connect()
      const folder = await mkdtemp(join(scratch(options.folder), 'sidecart-sql-'))
      const session = new DuckDbSession(connection, { folder, plain: { plainColumn, plainValue } })
      await session.run("set timezone = 'UTC'")
      return session
    },
  }
}

async function openInstance({ memoryMb, threads, folder }: DuckDbOptions): Promise<DuckDBInstance> {
  const { DuckDBInstance } = await import('@duckdb/node-api')
  return DuckDBInstance.create(':memory:', {
    memory_limit: `${memoryMb}MiB`,
    threads: String(threads),
    temp_directory: join(scratch(folder), `sidecart-spill-${process.pid}`),
    // Nothing is fetched from anywhere: what is not built in is not there.
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  })
}

function scratch(folder = tmpdir()): string {
  mkdirSync(folder, { recursive: true })
  return folder
}

type Plain = typeof import('./plain-value.ts')

class DuckDbSession implements SqlSession {
  readonly #connection: DuckDBConnection
  readonly #plain: Plain
  readonly folder: string
  /** Statements at work: the library does not live through a connection closed under one. */
  readonly #working = new Set<Promise<unknown>>()

  constructor(connection: DuckDBConnection, { folder, plain }: { folder: string; plain: Plain }) {
    this.#connection = connection
    this.folder = folder
    this.#plain = plain
  }

  async run(statements: string): Promise<void> {
    await this.#during(statements, () => this.#connection.run(statements))
  }

  async rows(query: string): Promise<SqlRow[]> {
    const reader = await this.#during(query, () => this.#connection.runAndReadAll(query))
    const names = reader.columnNames()
    return reader
      .getRows()
      .map(row => Object.fromEntries(row.map((value, index) => [names[index], this.#plain.plainValue(value)])))
  }

  async *columns(query: string): AsyncIterable<SqlColumns> {
    const result = await this.#during(query, () => this.#connection.stream(query))
    const names = result.columnNames()
    for (;;) {
      const chunk = await this.#during(query, () => result.fetchChunk())
      if (!chunk || chunk.rowCount === 0) return
      yield Object.fromEntries(
        names.map((name, index) => [name, this.#plain.plainColumn(chunk.getColumnVector(index), chunk.rowCount)]),
      )
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled(this.#working)
    this.#connection.closeSync()
    await rm(this.folder, { recursive: true, force: true })
  }

  async #during<T>(statement: string, run: () => Promise<T>): Promise<T> {
    const working = told(statement, run)
    this.#working.add(working)
    try {
      return await working
    } finally {
      this.#working.delete(working)
    }
  }
}

const toldMax = 2_000

async function told<T>(statement: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new SqlError(`${reason}\nin: ${statement.trim().slice(0, toldMax)}`, { cause })
  }
}
