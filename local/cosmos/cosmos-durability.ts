import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ChangeFeedStartFrom, type Container } from '@azure/cosmos'
import { DurabilityWriter, type StoredItem } from './durability-writer.ts'
import { startKillable } from './killable-server.ts'

const WRITERS = 16

/** What the rounds found: writes acknowledged, items without their acknowledged state, items the change feed lacks. */
export interface DurabilityCount {
  rounds: number
  acknowledged: number
  lost: number
  gaps: number
}

/**
 * Kills a server with kill -9 while 16 writers write in every way there is, and starts it again on the same state, `rounds` times.
 * After each kill every item must have the state last acknowledged, or that of the one write in flight; a batch is whole or
 * absent; the change feed, read on from where the round before ended, has the latest version of all that changed, in growing
 * order.
 */
export async function cosmosDurability(options: {
  rounds: number
  onRound?: (count: DurabilityCount) => void
}): Promise<DurabilityCount> {
  const stateDir = await mkdtemp(join(tmpdir(), 'cosmos-kill-'))
  const writers = Array.from({ length: WRITERS }, (_, writer) => new DurabilityWriter(`w${writer}`))
  const feed = new FeedReader()
  const count: DurabilityCount = { rounds: 0, acknowledged: 0, lost: 0, gaps: 0 }
  try {
    for (let round = 1; round <= options.rounds; round++) {
      count.acknowledged += await killUnderLoad(stateDir, writers, 100 + 37 * (round % 5))
      await checkAfterKill(stateDir, writers, feed, count)
      count.rounds = round
      options.onRound?.({ ...count })
    }
  } finally {
    await rm(stateDir, { recursive: true })
  }
  return count
}

/** Resolves, with the number of acknowledged writes, when the killed server is gone and no writer waits any more. */
async function killUnderLoad(
  stateDir: string,
  writers: readonly DurabilityWriter[],
  acknowledgedBeforeKill: number,
): Promise<number> {
  const server = await startKillable(stateDir)
  let acknowledged = 0
  const writing = writers.map(async writer => {
    for (;;) {
      if (!(await writer.write(server.container, server.isAlive))) return
      acknowledged += 1
      if (acknowledged === acknowledgedBeforeKill) server.kill()
    }
  })
  await Promise.all(writing)
  await server.ended
  return acknowledged
}

async function checkAfterKill(
  stateDir: string,
  writers: readonly DurabilityWriter[],
  feed: FeedReader,
  count: DurabilityCount,
): Promise<void> {
  const server = await startKillable(stateDir)
  const { resources } = await server.container.items.query<StoredItem>('SELECT * FROM c').fetchAll()
  for (const writer of writers) {
    const own = resources.filter(item => item.writer === writer.name)
    count.lost += writer.settle(new Map(own.map(item => [item.id, item])))
  }
  count.gaps += await feed.gaps(server.container, resources)
  server.kill()
  await server.ended
}

/** Reads the change feed on from the last round's end and compares it with what is stored. */
class FeedReader {
  #continuation: string | undefined
  #etags = new Map<string, string>()
  readonly #lastLsns = new Map<string, number>()

  /** How many items the feed lacks in their latest version, or has out of order. */
  async gaps(container: Container, stored: readonly StoredItem[]): Promise<number> {
    const { etags: seen, disorder } = await this.#readOn(container)
    const now = new Map(stored.map(item => [`${item.writer}/${item.id}`, item._etag]))
    const changed = [...now].filter(([name, etag]) => this.#etags.get(name) !== etag)
    this.#etags = now
    return disorder + changed.filter(([name, etag]) => seen.get(name) !== etag).length
  }

  async #readOn(container: Container): Promise<{ etags: Map<string, string>; disorder: number }> {
    const changeFeedStartFrom = this.#continuation
      ? ChangeFeedStartFrom.Continuation(this.#continuation)
      : ChangeFeedStartFrom.Beginning()
    const iterator = container.items.getChangeFeedIterator<StoredItem>({ maxItemCount: 500, changeFeedStartFrom })
    const etags = new Map<string, string>()
    let disorder = 0
    for (;;) {
      const page = await iterator.readNext()
      this.#continuation = page.continuationToken
      if (page.statusCode === 304) return { etags, disorder }
      for (const item of page.result) {
        etags.set(`${item.writer}/${item.id}`, item._etag)
        // A writer has one partition key, and the changes of one key come in their order.
        if (item._lsn <= (this.#lastLsns.get(item.writer) ?? 0)) disorder += 1
        this.#lastLsns.set(item.writer, item._lsn)
      }
    }
  }
}
