import { DatabaseSync } from 'node:sqlite'

const tables = `
  create table if not exists hubs (
    name text primary key collate nocase, created_ms integer not null, partitions integer not null
  );
  create table if not exists consumer_groups (
    hub text not null collate nocase, name text not null collate nocase, primary key (hub, name)
  );
  create table if not exists logs (
    log integer primary key, hub text not null collate nocase, partition integer not null,
    begin_sequence integer not null, next_sequence integer not null, next_offset integer not null,
    last_offset integer not null, last_enqueued_ms integer not null, unique (hub, partition)
  );
  create table if not exists events (
    place integer primary key, offset integer not null, enqueued_ms integer not null, message blob not null
  );
  create table if not exists publishers (
    log integer not null, producer integer not null, epoch integer not null, last_sequence integer not null,
    batches text not null, primary key (log, producer)
  );
`

/**
 * Opens the store for this process alone. With a write-ahead log and synchronous = normal a committed event outlives
 * the death of the process; only a power cut can take the last commits.
 * @throws Error when another process holds the store.
 */
export function openStore(file: string): DatabaseSync {
  const store = new DatabaseSync(file)
  try {
    store.exec('pragma locking_mode = exclusive; pragma journal_mode = wal; pragma synchronous = normal')
    store.exec('pragma cache_size = -8000; pragma journal_size_limit = 16777216')
    // Events that retention has removed are overwritten: nobody finds them in the file.
    store.exec('pragma secure_delete = on')
    store.exec(`begin immediate; ${tables} commit`)
  } catch (cause) {
    store.close()
    throw new Error(`Cannot open the Event Hubs store ${file}: is another broker using it?`, { cause })
  }
  return store
}
