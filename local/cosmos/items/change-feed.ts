import type { Container } from '../containers/container.ts'
import { badRequest } from '../errors.ts'
import type { Call, Reply } from '../http.ts'
import { pageRows } from '../page-rows.ts'
import { isWithin, type ReadScope, readScope } from '../partitions/read-scope.ts'
import { checkSession } from '../partitions/session.ts'
import { feedCharge } from '../ru.ts'
import type { Store } from '../store.ts'
import { nowSeconds } from '../store.ts'
import { isExpired } from './ttl.ts'

const MAX_PAGE_BYTES = 4 * 1024 * 1024

/**
 * The latest version of each item changed since the etag of the last page, in the order of the changes of one partition.
 * 304 when there is nothing new; the etag then stands at the last change that was looked at.
 */
export async function changeFeed(call: Call, store: Store, container: Container): Promise<Reply> {
  await store.commits.settled()
  const mode = call.header('a-im') ?? ''
  if (mode.toLowerCase() !== 'incremental feed') {
    throw badRequest(
      `The change feed mode '${mode}' is not supported by the local server: it must be Incremental feed, the latest version.`,
    )
  }
  const scope = readScope(call, container)
  if (!scope) {
    throw badRequest(
      'A change feed request must name x-ms-documentdb-partitionkeyrangeid or x-ms-documentdb-partitionkey: ' +
        'each partition has a feed of its own.',
    )
  }
  const { partition } = scope
  checkSession(call, partition)
  const page = readPage(call, container, scope)
  const etag = `"${page.lsn}"`
  if (page.bodies.length === 0) return { status: 304, charge: feedCharge(0, 0), etag, container, partition }
  return {
    status: 200,
    charge: feedCharge(page.bytes, page.bodies.length),
    body: `{"_rid":"${container.rid}","Documents":[${page.bodies.join()}],"_count":${page.bodies.length}}`,
    etag,
    container,
    partition,
    headers: { 'x-ms-item-count': page.bodies.length },
  }
}

interface Page {
  lsn: number
  bodies: string[]
  bytes: number
}

function readPage(call: Call, container: Container, scope: ReadScope): Page {
  const { defaultTtl } = container
  const { partition, keys, epk } = scope
  const most = pageRows(call)
  const { after, sinceSeconds } = startOf(call, partition.lsn)
  const now = nowSeconds()
  const page: Page = { lsn: after, bodies: [], bytes: 0 }
  for (const item of container.items.changesAfter(after, partition, keys)) {
    if (page.bodies.length > 0 && (page.bodies.length === most || page.bytes + item.body.length > MAX_PAGE_BYTES)) {
      return page
    }
    page.lsn = partition.lsnOf(item.lsn)
    if (item.ts < sinceSeconds || isExpired(item, defaultTtl, now) || !isWithin(epk, item, container)) continue
    page.bodies.push(`${item.body.slice(0, -1)},"_lsn":${page.lsn}}`)
    page.bytes += item.body.length
  }
  page.lsn = Math.max(page.lsn, partition.lsn)
  return page
}

// An etag wins over a time; '*' is the moment of the request.
function startOf(call: Call, lsn: number): { after: number; sinceSeconds: number } {
  const etag = call.header('if-none-match')
  if (etag === '*') return { after: lsn, sinceSeconds: 0 }
  if (etag !== undefined) {
    const match = /^"?(\d+)"?$/.exec(etag)
    if (!match) throw badRequest(`The change feed continuation '${etag}' is not an etag of this feed.`)
    return { after: Number(match[1]), sinceSeconds: 0 }
  }
  const since = call.header('if-modified-since')
  if (since === undefined) return { after: 0, sinceSeconds: 0 }
  const time = Date.parse(since)
  if (Number.isNaN(time)) throw badRequest(`The header if-modified-since is not a time: it is '${since}'.`)
  return { after: 0, sinceSeconds: Math.ceil(time / 1000) }
}
