import { type Container, ErrorResponse, type OperationInput } from '@azure/cosmos'

export interface StoredItem {
  id: string
  writer: string
  version: number
  _etag: string
  _lsn: number
}

interface Write {
  /** The version each item is to have; undefined for one that is to be gone. */
  states: ReadonlyMap<string, number | undefined>
  send(container: Container): Promise<unknown>
}

const BATCH = ['batch-a', 'batch-b', 'batch-c']
const MOST_ITEMS = 40

/** Writes items under a partition key of its own, one write at a time, and knows what each must look like. */
export class DurabilityWriter {
  readonly name: string
  readonly #acknowledged = new Map<string, number>()
  #pending: Write['states'] | undefined
  #version = 0

  constructor(name: string) {
    this.name = name
  }

  /**
   * Does the next write; false when the server died over it.
   * @throws what the server refused while it was alive: every write here must be accepted
   */
  async write(container: Container, isAlive: () => boolean): Promise<boolean> {
    this.#version += 1
    const { states, send } = this.#next(this.#version)
    this.#pending = states
    try {
      await send(container)
    } catch (error) {
      if (isAlive() || (error instanceof ErrorResponse && typeof error.code === 'number')) throw error
      return false
    }
    this.#keep(states)
    this.#pending = undefined
    return true
  }

  /** Takes what is stored as the state from now on; says how many items have neither an acknowledged state nor the pending one. */
  settle(stored: ReadonlyMap<string, StoredItem>): number {
    const version = (id: string): number | undefined => stored.get(id)?.version
    const pending = this.#pending ?? new Map<string, number | undefined>()
    // The write in flight was either done as a whole or not at all.
    const done = [...pending].every(([id, state]) => version(id) === state)
    if (done) this.#keep(pending)
    const ids = new Set([...this.#acknowledged.keys(), ...stored.keys()])
    const lost = [...ids].filter(id => version(id) !== this.#acknowledged.get(id))
    for (const id of lost) this.#keep(new Map([[id, version(id)]]))
    this.#pending = undefined
    return lost.length
  }

  #keep(states: Write['states']): void {
    for (const [id, version] of states) {
      // The map is in the order of the writes.
      this.#acknowledged.delete(id)
      if (version !== undefined) this.#acknowledged.set(id, version)
    }
  }

  // All kinds in turn, each on the item that was written longest ago.
  #next(version: number): Write {
    const [oldest] = this.#acknowledged.keys()
    const full = this.#acknowledged.size >= MOST_ITEMS
    const single = (id: string, send: Write['send']): Write => ({ states: new Map([[id, version]]), send })
    const body = (id: string) => ({ id, writer: this.name, version, text: 'x'.repeat(200) })
    const fresh = `${version}`
    switch (version % 6) {
      case 1:
        return single(`up-${version % 5}`, ({ items }) => items.upsert(body(`up-${version % 5}`)))
      case 2:
        if (oldest === undefined) break
        return single(oldest, container => container.item(oldest, this.name).replace(body(oldest)))
      case 3:
        if (oldest === undefined) break
        return single(oldest, container =>
          container.item(oldest, this.name).patch([{ op: 'set', path: '/version', value: version }]),
        )
      case 4:
        return { states: new Map(BATCH.map(id => [id, version])), send: container => this.#batch(container, body) }
      case 5:
        if (oldest === undefined || !full) break
        return { states: new Map([[oldest, undefined]]), send: container => container.item(oldest, this.name).delete() }
    }
    return single(fresh, ({ items }) => items.create(body(fresh)))
  }

  async #batch(container: Container, body: (id: string) => object): Promise<void> {
    const operations = BATCH.map(id => ({ operationType: 'Upsert', resourceBody: body(id) }) as OperationInput)
    const { code } = await container.items.batch(operations, this.name)
    if (code !== 200) throw new Error(`A batch of writer '${this.name}' was answered ${code}`)
  }
}
