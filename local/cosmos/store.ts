import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Container, type ContainerDefinition } from './containers/container.ts'
import { conflict, notFound } from './errors.ts'
import { GroupCommit } from './group-commit.ts'

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS databases (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, ts INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS containers (number INTEGER PRIMARY KEY AUTOINCREMENT, database INTEGER NOT NULL, id TEXT NOT NULL,
    definition TEXT NOT NULL, throughput INTEGER, ts INTEGER NOT NULL, lsn INTEGER NOT NULL, UNIQUE (database, id));`

export interface DatabaseRecord {
  number: number
  id: string
  ts: number
}

interface ContainerRow {
  number: number
  database: number
  id: string
  definition: string
  throughput: number | null
  ts: number
  lsn: number
}

/** All databases and containers of one account in one SQLite file; the definitions are kept in memory as well. */
export class Store {
  readonly commits: GroupCommit
  readonly #sqlite: DatabaseSync
  readonly #databases = new Map<string, DatabaseRecord>()
  readonly #containers = new Map<string, Container>()

  constructor(stateDir: string) {
    mkdirSync(stateDir, { recursive: true })
    this.#sqlite = new DatabaseSync(join(stateDir, 'cosmos.sqlite'))
    // One process only: what it knows of databases and containers is in its memory.
    this.#sqlite.exec('PRAGMA locking_mode = EXCLUSIVE')
    // NORMAL loses nothing to a killed process: what WAL has written is in the page cache of the system.
    this.#sqlite.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -8000')
    this.#sqlite.exec(SCHEMA)
    this.commits = new GroupCommit(this.#sqlite, {
      beforeCommit: () => this.#saveLsns(),
      afterRollback: () => this.#load(),
    })
    this.#load()
  }

  close(): void {
    this.#sqlite.close()
  }

  databases(): DatabaseRecord[] {
    return [...this.#databases.values()]
  }

  database(id: string): DatabaseRecord {
    const database = this.#databases.get(id)
    if (!database) throw notFound(`database '${id}'`)
    return database
  }

  createDatabase(id: string): Promise<DatabaseRecord> {
    return this.commits.write(() => {
      if (this.#databases.has(id)) throw conflict(`database '${id}'`)
      const ts = nowSeconds()
      const { lastInsertRowid } = this.#sqlite.prepare('INSERT INTO databases (id, ts) VALUES (?, ?)').run(id, ts)
      const database = { number: Number(lastInsertRowid), id, ts }
      this.#databases.set(id, database)
      return database
    })
  }

  deleteDatabase(id: string): Promise<void> {
    return this.commits.write(() => {
      const database = this.database(id)
      for (const container of this.containers(id)) this.#drop(container)
      this.#sqlite.prepare('DELETE FROM databases WHERE number = ?').run(database.number)
      this.#databases.delete(id)
    })
  }

  allContainers(): Container[] {
    return [...this.#containers.values()]
  }

  containers(databaseId: string): Container[] {
    this.database(databaseId)
    return this.allContainers().filter(container => container.database.id === databaseId)
  }

  container(databaseId: string, id: string): Container {
    const container = this.#containers.get(containerKey(databaseId, id))
    if (!container) throw notFound(`container '${id}' of database '${databaseId}'`)
    return container
  }

  createContainer(databaseId: string, definition: ContainerDefinition, throughput: number | null): Promise<Container> {
    return this.commits.write(() => {
      const database = this.database(databaseId)
      const key = containerKey(databaseId, definition.id)
      if (this.#containers.has(key)) throw conflict(`container '${definition.id}'`)
      const ts = nowSeconds()
      const insert = 'INSERT INTO containers (database, id, definition, throughput, ts, lsn) VALUES (?, ?, ?, ?, ?, 0)'
      const { lastInsertRowid } = this.#sqlite
        .prepare(insert)
        .run(database.number, definition.id, JSON.stringify(definition), throughput, ts)
      const number = Number(lastInsertRowid)
      const container = new Container({ sqlite: this.#sqlite, database, number, definition, throughput, ts, lsn: 0 })
      container.items.create()
      this.#containers.set(key, container)
      return container
    })
  }

  replaceContainer(container: Container, definition: ContainerDefinition): Promise<Container> {
    return this.commits.write(() => {
      container.redefine(definition, nowSeconds())
      this.#sqlite
        .prepare('UPDATE containers SET definition = ?, ts = ? WHERE number = ?')
        .run(JSON.stringify(definition), container.ts, container.number)
      return container
    })
  }

  setThroughput(container: Container, throughput: number): Promise<void> {
    return this.commits.write(() => {
      container.throughput = throughput
      this.#sqlite.prepare('UPDATE containers SET throughput = ? WHERE number = ?').run(throughput, container.number)
    })
  }

  deleteContainer(container: Container): Promise<void> {
    return this.commits.write(() => this.#drop(container))
  }

  #drop(container: Container): void {
    container.items.drop()
    this.#sqlite.prepare('DELETE FROM containers WHERE number = ?').run(container.number)
    this.#containers.delete(containerKey(container.database.id, container.id))
  }

  #load(): void {
    this.#databases.clear()
    this.#containers.clear()
    const byNumber = new Map<number, DatabaseRecord>()
    for (const found of this.#sqlite.prepare('SELECT * FROM databases ORDER BY number').all()) {
      const database = { ...found } as unknown as DatabaseRecord
      this.#databases.set(database.id, database)
      byNumber.set(database.number, database)
    }
    for (const found of this.#sqlite.prepare('SELECT * FROM containers ORDER BY number').all()) {
      const row = found as unknown as ContainerRow
      const database = byNumber.get(row.database)
      if (!database) continue
      const definition: ContainerDefinition = JSON.parse(row.definition)
      const container = new Container({ ...row, sqlite: this.#sqlite, database, definition })
      this.#containers.set(containerKey(database.id, row.id), container)
    }
  }

  // A deleted item takes its number with it, so the highest one given out is kept beside the items.
  #saveLsns(): void {
    for (const container of this.#containers.values()) {
      if (!container.lsnChanged) continue
      this.#sqlite.prepare('UPDATE containers SET lsn = ? WHERE number = ?').run(container.lsn, container.number)
      container.lsnChanged = false
    }
  }
}

export function nowSeconds(): number {
  return Math.floor(Date.now() / 1000)
}

function containerKey(databaseId: string, id: string): string {
  return `${databaseId}/${id}`
}
