import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { PartitionScope } from '../containers/partition-key.ts'
import type { Partition } from '../partitions/partition.ts'

/** An item as stored: its whole document as text, system properties included, beside what is searched by. */
export interface ItemRow {
  /** The number of the change that created it. */
  rid: number
  pk: string
  id: string
  body: string
  etag: string
  /** The number of its last change. */
  lsn: number
  ts: number
  ttl: number | null
}

export interface ScanFilter {
  partition: Partition
  scope?: PartitionScope | undefined
  ids?: readonly string[] | undefined
  /** Only items changed at or after this second since 1970. */
  since?: number | undefined
}

/**
 * The items of one container: a table of its own, addressed by partition key and id, ordered by creation. Their numbers are
 * those of their partition, so that the items of a partition, and its changes, are read as one stretch.
 */
export class ItemTable {
  readonly #database: DatabaseSync
  readonly #name: string
  readonly #statements = new Map<string, StatementSync>()

  constructor(database: DatabaseSync, container: number) {
    this.#database = database
    this.#name = `items_${container}`
  }

  create(): void {
    this.#database.exec(`
      CREATE TABLE ${this.#name} (rid INTEGER PRIMARY KEY, pk TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
        etag TEXT NOT NULL, lsn INTEGER NOT NULL, ts INTEGER NOT NULL, ttl INTEGER, UNIQUE (pk, id));
      CREATE INDEX ${this.#name}_lsn ON ${this.#name} (lsn);
      CREATE INDEX ${this.#name}_ts ON ${this.#name} (ts);`)
  }

  drop(): void {
    this.#statements.clear()
    this.#database.exec(`DROP TABLE ${this.#name}`)
  }

  get(pk: string, id: string): ItemRow | undefined {
    return row(this.#statement(`SELECT * FROM ${this.#name} WHERE pk = ? AND id = ?`).get(pk, id))
  }

  byRid(rid: number): ItemRow | undefined {
    return row(this.#statement(`SELECT * FROM ${this.#name} WHERE rid = ?`).get(rid))
  }

  insert(item: ItemRow): void {
    this.#statement(`INSERT INTO ${this.#name} VALUES (?, ?, ?, ?, ?, ?, ?, ?)`).run(
      item.rid,
      item.pk,
      item.id,
      item.body,
      item.etag,
      item.lsn,
      item.ts,
      item.ttl,
    )
  }

  update(item: ItemRow): void {
    this.#statement(`UPDATE ${this.#name} SET body = ?, etag = ?, lsn = ?, ts = ?, ttl = ? WHERE rid = ?`).run(
      item.body,
      item.etag,
      item.lsn,
      item.ts,
      item.ttl,
      item.rid,
    )
  }

  delete(rid: number): void {
    this.#statement(`DELETE FROM ${this.#name} WHERE rid = ?`).run(rid)
  }

  /** The items of a partition in the order of their creation, from `fromRid` on. */
  *scan(filter: ScanFilter, fromRid: number): Generator<ItemRow> {
    const { partition, scope, ids, since } = filter
    const condition = scopeCondition(scope)
    const values: (string | number)[] = [...condition.values, Math.max(fromRid, partition.start), partition.end]
    // The + keeps SQLite from walking the whole table by rid when a partition key or a time narrows it.
    const rid = scope || since !== undefined ? '+rid' : 'rid'
    let where = `${condition.sql}${rid} >= ? AND ${rid} < ?`
    if (ids) {
      where += ' AND id IN (SELECT value FROM json_each(?))'
      values.push(JSON.stringify(ids))
    }
    if (since !== undefined) {
      where += ' AND ts >= ?'
      values.push(since)
    }
    const sql = `SELECT * FROM ${this.#name} WHERE ${where} ORDER BY ${rid}`
    for (const found of this.#database.prepare(sql).iterate(...values)) yield found as unknown as ItemRow
  }

  /** The items of a partition in the order of their last change, after its change `lsn`. */
  *changesAfter(lsn: number, partition: Partition, scope: PartitionScope | undefined): Generator<ItemRow> {
    const condition = scopeCondition(scope)
    const sql = `SELECT * FROM ${this.#name} WHERE ${condition.sql}lsn > ? AND lsn < ? ORDER BY lsn`
    const found = this.#database.prepare(sql).iterate(...condition.values, partition.start + lsn, partition.end)
    for (const item of found) yield item as unknown as ItemRow
  }

  /** Removes what has outlived its time to live; reads hide it before that already. */
  purgeExpired(defaultTtl: number, nowSeconds: number): void {
    this.#statement(`DELETE FROM ${this.#name} WHERE COALESCE(ttl, ?) <> -1 AND ts + COALESCE(ttl, ?) <= ?`).run(
      defaultTtl,
      defaultTtl,
      nowSeconds,
    )
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql)
    if (!statement) {
      statement = this.#database.prepare(sql)
      this.#statements.set(sql, statement)
    }
    return statement
  }
}

function scopeCondition(scope: PartitionScope | undefined): { sql: string; values: string[] } {
  if (!scope) return { sql: '', values: [] }
  if (scope.type === 'key') return { sql: 'pk = ? AND ', values: [scope.key] }
  return { sql: 'pk >= ? AND pk < ? AND ', values: [scope.from, scope.to] }
}

function row(found: unknown): ItemRow | undefined {
  return found as ItemRow | undefined
}
