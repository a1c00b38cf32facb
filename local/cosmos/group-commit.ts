import type { DatabaseSync } from 'node:sqlite'

/** Without a write for so long the server is at rest. */
const restMs = 2_000

/**
 * Gathers the writes of one event-loop turn into one transaction and acknowledges them only when it is committed.
 * Reads wait for the open transaction too, so nobody is shown what a crash could take back.
 */
export class GroupCommit {
  readonly #database: DatabaseSync
  readonly #hooks: { beforeCommit(): void; afterRollback(): void }
  #open: Promise<Error | undefined> | undefined
  /** At rest the log that is written ahead goes into the file, and with it what was deleted or replaced. */
  readonly #rest = setTimeout(() => this.#truncate(), restMs).unref()

  constructor(database: DatabaseSync, hooks: { beforeCommit(): void; afterRollback(): void }) {
    this.#database = database
    this.#hooks = hooks
  }

  /** Does `work`, which must leave nothing behind when it throws, and resolves when its transaction is on disk. */
  async write<T>(work: () => T): Promise<T> {
    this.#open ??= this.#begin()
    const open = this.#open
    let failure: Error | undefined
    let result: T
    try {
      result = work()
    } finally {
      failure = await open
    }
    if (failure) throw failure
    return result
  }

  async settled(): Promise<void> {
    if (this.#open) await this.#open
  }

  /** Does `work` within the open transaction, undoing all of it when it throws. */
  atomically<T>(work: () => T): T {
    this.#database.exec('SAVEPOINT batch')
    try {
      const result = work()
      this.#database.exec('RELEASE batch')
      return result
    } catch (error) {
      this.#database.exec('ROLLBACK TO batch; RELEASE batch')
      throw error
    }
  }

  close(): void {
    clearTimeout(this.#rest)
  }

  #truncate(): void {
    if (this.#open === undefined && this.#database.isOpen) this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  }

  #begin(): Promise<Error | undefined> {
    this.#database.exec('BEGIN IMMEDIATE')
    return new Promise(resolve => setImmediate(() => resolve(this.#commit())))
  }

  #commit(): Error | undefined {
    this.#open = undefined
    try {
      this.#hooks.beforeCommit()
      this.#database.exec('COMMIT')
      this.#rest.refresh()
      return undefined
    } catch (cause) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      this.#hooks.afterRollback()
      return new Error('The transaction could not be committed', { cause })
    }
  }
}
