import type { Container } from '../containers/container.ts'
import { type PartitionScope, partitionScope } from '../containers/partition-key.ts'
import { badRequest, CosmosError } from '../errors.ts'
import type { Call, Reply } from '../http.ts'
import { feedCharge } from '../ru.ts'
import type { Store } from '../store.ts'
import { nowSeconds } from '../store.ts'
import { isExpired } from './ttl.ts'

const DEFAULT_PAGE_ITEMS = 100
const MAX_PAGE_BYTES = 4 * 1024 * 1024

/**
 * The latest version of each item changed since the etag of the last page, in the order of the changes.
 * 304 with the same etag when there is nothing new.
 */
export async function changeFeed(call: Call, store: Store, container: Container): Promise<Reply> {
  await store.commits.settled()
  const mode = call.header('a-im') ?? ''
  if (mode.toLowerCase() !== 'incremental feed') {
    throw badRequest(
      `The change feed mode '${mode}' is not supported by the local server: it must be Incremental feed.`,
    )
  }
  const after = startOf(call, container)
  const page = readPage(call, container, after)
  const etag = `"${page.lsn}"`
  if (page.bodies.length === 0) return { status: 304, charge: feedCharge(0, 0), etag, container }
  return {
    status: 200,
    charge: feedCharge(page.bytes, page.bodies.length),
    body: `{"_rid":"${container.rid}","Documents":[${page.bodies.join()}],"_count":${page.bodies.length}}`,
    etag,
    container,
    headers: { 'x-ms-item-count': page.bodies.length },
  }
}

function startOf(call: Call, container: Container): number {
  const etag = call.header('if-none-match')
  if (etag === '*') return container.lsn
  if (etag === undefined) return 0
  const match = /^"?(\d+)"?$/.exec(etag)
  if (!match) throw badRequest(`The change feed continuation '${etag}' is not an etag of this feed.`)
  return Number(match[1])
}

function readPage(call: Call, container: Container, after: number): { lsn: number; bodies: string[]; bytes: number } {
  const { defaultTtl } = container
  const most = Number(call.header('x-ms-max-item-count') ?? DEFAULT_PAGE_ITEMS)
  const since = call.header('if-none-match') === undefined ? call.header('if-modified-since') : undefined
  const sinceSeconds = since === undefined ? 0 : Math.ceil(Date.parse(since) / 1000)
  const now = nowSeconds()
  const page = { lsn: after, bodies: [] as string[], bytes: 0 }
  for (const item of container.items.changesAfter(after, scopeOf(call, container))) {
    if (page.bodies.length > 0 && (page.bodies.length === most || page.bytes + item.body.length > MAX_PAGE_BYTES)) break
    page.lsn = item.lsn
    if (item.ts < sinceSeconds || isExpired(item, defaultTtl, now)) continue
    page.bodies.push(`${item.body.slice(0, -1)},"_lsn":${item.lsn}}`)
    page.bytes += item.body.length
  }
  return page
}

function scopeOf(call: Call, container: Container): PartitionScope | undefined {
  if (call.header('x-ms-start-epk') !== undefined) {
    throw badRequest('The change feed of a part of the key range is not supported by the local server.')
  }
  checkRange(call)
  const key = call.header('x-ms-documentdb-partitionkey')
  return key === undefined ? undefined : partitionScope(key, container.paths)
}

/** @throws CosmosError 410 with the substatus that makes an SDK read the ranges again */
export function checkRange(call: Call): void {
  const range = call.header('x-ms-documentdb-partitionkeyrangeid')
  const id = range?.split(',').at(-1)
  if (id !== undefined && id !== '0') throw new CosmosError(410, `The partition key range '${range}' is gone.`, 1002)
}
