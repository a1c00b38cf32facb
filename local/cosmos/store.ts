import type { DatabaseSync } from 'node:sqlite'
import { Container, type ContainerDefinition } from './containers/container.ts'
import { type Offer, requestUnits, type Throughput } from './containers/throughput.ts'
import { ThroughputCap } from './containers/throughput-cap.ts'
import { badRequest, conflict, notFound, ownerNotFound } from './errors.ts'
import { GroupCommit } from './group-commit.ts'
import { openState } from './open-state.ts'
import { PartitionTable } from './partitions/partition-table.ts'

// Azure lets so many containers share the throughput of one database.
const MAX_SHARING_CONTAINERS = 25

export interface DatabaseRecord {
  number: number
  id: string
  offer: Offer | undefined
  /** What its containers without a throughput of their own share. */
  cap: ThroughputCap | undefined
  ts: number
}

/** A database or a container that was created with a throughput. */
export type Provisioned = { offer: Offer } & (
  | { type: 'database'; of: DatabaseRecord }
  | { type: 'container'; of: Container }
)

interface DatabaseRow {
  number: number
  id: string
  offer: string | null
  ts: number
}

interface ContainerRow {
  number: number
  database: number
  id: string
  definition: string
  offer: string | null
  ts: number
}

/** All databases and containers of one account in one SQLite file; the definitions are kept in memory as well. */
export class Store {
  readonly commits: GroupCommit
  readonly #sqlite: DatabaseSync
  readonly #databases = new Map<string, DatabaseRecord>()
  readonly #containers = new Map<string, Container>()
  readonly #partitions: PartitionTable
  readonly #now: () => number

  /**
   * @param options.partitions how many physical partitions a container is created with
   * @param options.now milliseconds since 1970, by which throughput is counted
   */
  constructor(stateDir: string, options: { partitions: number; now?: () => number }) {
    this.#now = options.now ?? Date.now
    this.#sqlite = openState(stateDir)
    this.#partitions = new PartitionTable(this.#sqlite, options.partitions)
    this.commits = new GroupCommit(this.#sqlite, {
      beforeCommit: () => this.#saveLsns(),
      afterRollback: () => this.#load(),
    })
    this.#load()
  }

  close(): void {
    this.commits.close()
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

  createDatabase(id: string, throughput: Throughput | undefined): Promise<DatabaseRecord> {
    return this.commits.write(() => {
      if (this.#databases.has(id)) throw conflict(`database '${id}'`)
      const ts = nowSeconds()
      const offer = newOffer(throughput, ts)
      const { lastInsertRowid } = this.#sqlite
        .prepare('INSERT INTO databases (id, offer, ts) VALUES (?, ?, ?)')
        .run(id, offerText(offer), ts)
      const database = { number: Number(lastInsertRowid), id, offer, cap: this.#capOf(offer), ts }
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
    this.#ownerOf(databaseId)
    return this.allContainers().filter(container => container.database.id === databaseId)
  }

  container(databaseId: string, id: string): Container {
    const container = this.#containers.get(containerKey(databaseId, id))
    if (container) return container
    this.#ownerOf(databaseId)
    throw notFound(`container '${id}' of database '${databaseId}'`)
  }

  /** The container a request about something in it goes to. */
  ownerContainer(databaseId: string, id: string): Container {
    const container = this.#containers.get(containerKey(databaseId, id))
    if (!container) throw ownerNotFound(`container '${id}' of database '${databaseId}'`)
    return container
  }

  createContainer(
    databaseId: string,
    definition: ContainerDefinition,
    throughput: Throughput | undefined,
  ): Promise<Container> {
    return this.commits.write(() => {
      const database = this.#ownerOf(databaseId)
      const key = containerKey(databaseId, definition.id)
      if (this.#containers.has(key)) throw conflict(`container '${definition.id}'`)
      if (database.offer && !throughput) this.#checkSharing(database)
      const ts = nowSeconds()
      const offer = newOffer(throughput, ts)
      const insert = 'INSERT INTO containers (database, id, definition, offer, ts) VALUES (?, ?, ?, ?, ?)'
      const { lastInsertRowid } = this.#sqlite
        .prepare(insert)
        .run(database.number, definition.id, JSON.stringify(definition), offerText(offer), ts)
      const number = Number(lastInsertRowid)
      const ownCap = this.#capOf(offer)
      const partitions = this.#partitions.create(number, definition)
      const container = new Container({
        sqlite: this.#sqlite,
        database,
        number,
        definition,
        offer,
        ownCap,
        ts,
        partitions,
      })
      container.items.create()
      container.uniqueKeys?.create()
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

  /** Everything that has an offer: databases first, then containers. */
  provisioned(): Provisioned[] {
    const databases = this.databases().map(of => ({ type: 'database' as const, of, offer: of.offer }))
    const containers = this.allContainers().map(of => ({ type: 'container' as const, of, offer: of.offer }))
    return [...databases, ...containers].flatMap(({ offer, ...owner }) => (offer ? [{ ...owner, offer }] : []))
  }

  setOffer(owner: Provisioned, offer: Offer): Promise<void> {
    return this.commits.write(() => {
      const table = owner.type === 'database' ? 'databases' : 'containers'
      this.#sqlite.prepare(`UPDATE ${table} SET offer = ? WHERE number = ?`).run(offerText(offer), owner.of.number)
      owner.of.offer = offer
      const cap = owner.type === 'database' ? owner.of.cap : owner.of.ownCap
      if (cap) cap.requestUnitsPerSecond = requestUnits(offer.throughput)
    })
  }

  deleteContainer(container: Container): Promise<void> {
    return this.commits.write(() => this.#drop(container))
  }

  #drop(container: Container): void {
    container.items.drop()
    container.uniqueKeys?.drop()
    this.#partitions.drop(container.number)
    this.#sqlite.prepare('DELETE FROM containers WHERE number = ?').run(container.number)
    this.#containers.delete(containerKey(container.database.id, container.id))
  }

  #load(): void {
    this.#databases.clear()
    this.#containers.clear()
    const byNumber = new Map<number, DatabaseRecord>()
    for (const found of this.#sqlite.prepare('SELECT * FROM databases ORDER BY number').all()) {
      const row = found as unknown as DatabaseRow
      const offer = offerOf(row.offer)
      const database = { ...row, offer, cap: this.#capOf(offer) }
      this.#databases.set(database.id, database)
      byNumber.set(database.number, database)
    }
    for (const found of this.#sqlite.prepare('SELECT * FROM containers ORDER BY number').all()) {
      const row = found as unknown as ContainerRow
      const database = byNumber.get(row.database)
      if (!database) continue
      const definition: ContainerDefinition = JSON.parse(row.definition)
      const offer = offerOf(row.offer)
      const ownCap = this.#capOf(offer)
      const partitions = this.#partitions.load(row.number)
      const container = new Container({ ...row, sqlite: this.#sqlite, database, definition, offer, ownCap, partitions })
      this.#containers.set(containerKey(database.id, row.id), container)
    }
  }

  #ownerOf(databaseId: string): DatabaseRecord {
    const database = this.#databases.get(databaseId)
    if (!database) throw ownerNotFound(`database '${databaseId}'`)
    return database
  }

  #checkSharing(database: DatabaseRecord): void {
    const sharing = this.containers(database.id).filter(container => !container.offer)
    if (sharing.length < MAX_SHARING_CONTAINERS) return
    throw badRequest(
      `The database '${database.id}' has ${sharing.length} containers that share its throughput: the next one needs its own.`,
    )
  }

  #capOf(offer: Offer | undefined): ThroughputCap | undefined {
    return offer && new ThroughputCap(requestUnits(offer.throughput), this.#now)
  }

  // A deleted item takes its number with it, so the highest one given out is kept beside the items.
  #saveLsns(): void {
    for (const { number, partitions } of this.#containers.values()) this.#partitions.save(number, partitions.all)
  }
}

export function nowSeconds(): number {
  return Math.floor(Date.now() / 1000)
}

function newOffer(throughput: Throughput | undefined, ts: number): Offer | undefined {
  return throughput && { throughput, highest: requestUnits(throughput), ts }
}

function offerText(offer: Offer | undefined): string | null {
  return offer ? JSON.stringify(offer) : null
}

function offerOf(text: string | null): Offer | undefined {
  return text === null ? undefined : JSON.parse(text)
}

function containerKey(databaseId: string, id: string): string {
  return `${databaseId}/${id}`
}
