import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { type PartitionKeyText, valueAt } from '../containers/partition-key.ts'
import { CosmosError } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import { canonical } from '../query/sql/values.ts'

/**
 * The values that the items of one container hold under its unique keys: each value once within a partition key.
 * Source: Microsoft, "Unique key constraints in Azure Cosmos DB": a missing value is null, which counts like any other.
 */
export class UniqueKeys {
  readonly #name: string
  readonly #items: string
  readonly #keys: readonly string[][][]
  readonly #database: DatabaseSync
  #prepared: { find: StatementSync; hold: StatementSync; release: StatementSync } | undefined

  constructor(database: DatabaseSync, container: number, keys: readonly string[][][]) {
    this.#database = database
    this.#name = `unique_${container}`
    this.#items = `items_${container}`
    this.#keys = keys
  }

  get count(): number {
    return this.#keys.length
  }

  create(): void {
    this.#database.exec(`
      CREATE TABLE ${this.#name} (pk TEXT NOT NULL, key INTEGER NOT NULL, value TEXT NOT NULL, rid INTEGER NOT NULL,
        PRIMARY KEY (pk, key, value)) WITHOUT ROWID;
      CREATE INDEX ${this.#name}_rid ON ${this.#name} (rid);`)
  }

  drop(): void {
    this.#prepared = undefined
    this.#database.exec(`DROP TABLE ${this.#name}`)
  }

  /**
   * Holds a document's values for item `rid` in place of those it held before.
   * @param gone whether the item that holds a value has outlived its time, so that the value is free
   * @throws CosmosError 409 when another item holds one of the values; nothing is changed then
   */
  hold(pk: PartitionKeyText, rid: number, document: JsonObject, gone: (rid: number) => boolean): void {
    const { find, hold, release } = this.#statements()
    const values = this.#keys.map(paths => paths.map(path => canonical(valueAt(document, path) ?? null)).join())
    const expired: number[] = []
    for (const [key, value] of values.entries()) {
      const found = find.get(pk, key, value)
      if (!found || found.rid === rid) continue
      if (!gone(Number(found.rid))) throw duplicate(this.#keys[key] ?? [])
      expired.push(Number(found.rid))
    }
    for (const each of [...expired, rid]) release.run(each)
    for (const [key, value] of values.entries()) hold.run(pk, key, value, rid)
  }

  release(rid: number): void {
    this.#statements().release.run(rid)
  }

  /** Frees the values of items that are there no more. */
  purge(): void {
    this.#database.exec(`DELETE FROM ${this.#name} WHERE rid NOT IN (SELECT rid FROM ${this.#items})`)
  }

  // Prepared when first needed: the table is made after this object.
  #statements() {
    this.#prepared ??= {
      find: this.#database.prepare(`SELECT rid FROM ${this.#name} WHERE pk = ? AND key = ? AND value = ?`),
      hold: this.#database.prepare(`INSERT INTO ${this.#name} VALUES (?, ?, ?, ?)`),
      release: this.#database.prepare(`DELETE FROM ${this.#name} WHERE rid = ?`),
    }
    return this.#prepared
  }
}

function duplicate(paths: readonly string[][]): CosmosError {
  const names = paths.map(path => `/${path.join('/')}`).join(', ')
  return new CosmosError(
    409,
    `Unique index constraint violation: another item of this partition key has the same ${names}.`,
  )
}
