import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** Goes up with every change of the tables that an older server's state does not fit. */
const SCHEMA_VERSION = 2
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS databases (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, offer TEXT,
    ts INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS containers (number INTEGER PRIMARY KEY AUTOINCREMENT, database INTEGER NOT NULL, id TEXT NOT NULL,
    definition TEXT NOT NULL, offer TEXT, ts INTEGER NOT NULL, UNIQUE (database, id));
  CREATE TABLE IF NOT EXISTS partitions (container INTEGER, number INTEGER, min TEXT NOT NULL, max TEXT NOT NULL,
    lsn INTEGER NOT NULL, PRIMARY KEY (container, number)) WITHOUT ROWID;
  PRAGMA user_version = ${SCHEMA_VERSION};`

/**
 * The file of an account's state, with its tables.
 * @throws Error when it is of an older schema, or another server has it open
 */
export function openState(stateDir: string): DatabaseSync {
  mkdirSync(stateDir, { recursive: true })
  const sqlite = new DatabaseSync(join(stateDir, 'cosmos.sqlite'))
  // One process only: what it knows of databases and containers is in its memory.
  sqlite.exec('PRAGMA locking_mode = EXCLUSIVE')
  // NORMAL loses nothing to a killed process: what WAL has written is in the page cache of the system.
  sqlite.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -8000')
  // Some 16 MB of log before a checkpoint, which waits for the disk.
  sqlite.exec('PRAGMA wal_autocheckpoint = 4000')
  // What is deleted or replaced is overwritten: nobody finds it in the file.
  sqlite.exec('PRAGMA secure_delete = ON')
  createTables(sqlite)
  return sqlite
}

// A new file has version 0 and no tables; the first schema had version 0 as well.
function createTables(sqlite: DatabaseSync): void {
  const found = Number(sqlite.prepare('PRAGMA user_version').get()?.user_version)
  const isNew = sqlite.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'containers'").get() === undefined
  if (found === SCHEMA_VERSION || isNew) {
    sqlite.exec(SCHEMA)
    return
  }
  sqlite.close()
  throw new Error(
    `it is of schema ${found}, this server reads schema ${SCHEMA_VERSION}. ` +
      'Remove this folder, or start with --fresh, and load the data again',
  )
}
