import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { ContainerDefinition } from '../containers/container.ts'
import { Partition } from './partition.ts'
import { evenRanges, hashingOf } from './partitions.ts'

interface PartitionRow {
  number: number
  min: string
  max: string
  lsn: number
}

/** The physical partitions of all containers: the range of each and the number of its last change. */
export class PartitionTable {
  readonly #sqlite: DatabaseSync
  readonly #count: number
  readonly #saveLsn: StatementSync

  /** @param count how many a container is created with */
  constructor(sqlite: DatabaseSync, count: number) {
    this.#sqlite = sqlite
    this.#count = count
    this.#saveLsn = sqlite.prepare('UPDATE partitions SET lsn = ? WHERE container = ? AND number = ?')
  }

  create(container: number, definition: ContainerDefinition): Partition[] {
    const insert = this.#sqlite.prepare('INSERT INTO partitions VALUES (?, ?, ?, ?, 0)')
    return evenRanges(this.#count, hashingOf(definition.partitionKey)).map((range, index) => {
      insert.run(container, index, range.min, range.max)
      return new Partition({ index, range, lsn: 0 })
    })
  }

  load(container: number): Partition[] {
    const found = this.#sqlite.prepare('SELECT * FROM partitions WHERE container = ? ORDER BY number').all(container)
    return found.map(each => {
      const { number, min, max, lsn } = each as unknown as PartitionRow
      return new Partition({ index: number, range: { min, max }, lsn })
    })
  }

  /** Keeps the numbers that have gone up. */
  save(container: number, partitions: readonly Partition[]): void {
    for (const partition of partitions) {
      if (!partition.lsnChanged) continue
      this.#saveLsn.run(partition.lsn, container, partition.index)
      partition.lsnChanged = false
    }
  }

  drop(container: number): void {
    this.#sqlite.prepare('DELETE FROM partitions WHERE container = ?').run(container)
  }
}
