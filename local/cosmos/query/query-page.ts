import type { Container } from '../containers/container.ts'
import { badRequest } from '../errors.ts'
import type { Call } from '../http.ts'
import type { ItemRow, ScanFilter } from '../items/item-table.ts'
import { isExpired } from '../items/ttl.ts'
import { isObject, type Json } from '../json.ts'
import { nowSeconds } from '../store.ts'
import type { CompiledQuery } from './sql/compile-query.ts'

const DEFAULT_PAGE_ROWS = 100
const MAX_PAGE_BYTES = 4 * 1024 * 1024

const NOTHING: ItemRow = { rid: 0, pk: '', id: '', body: 'null', etag: '', lsn: 0, ts: 0, ttl: null }

interface Page {
  rows: string[]
  loadedBytes: number
  continuation: string | undefined
}

/** Where a query goes on: at which item, after how many of its rows, and how many rows went before in all. */
interface Position {
  rid: number
  skip: number
  seen: number
}

/** One page of a query's rows as JSON texts, at most as many as the request asks for and 4 MB. */
export function readPage(call: Call, container: Container, compiled: CompiledQuery, filter: ScanFilter): Page {
  const position = positionOf(call.header('x-ms-continuation'), container)
  const most = pageRows(call.header('x-ms-max-item-count'))
  const from = compiled.streaming ? position.rid : 0
  const items = compiled.readsItems ? liveItems(container, filter, from) : [NOTHING]
  const page = compiled.streaming
    ? streamPage(compiled, items, position, most)
    : slicePage(compiled, items, position, most)
  const { next } = page
  return {
    rows: page.rows,
    loadedBytes: page.loadedBytes,
    continuation: next && JSON.stringify({ token: `-RID:~${container.rid}`, ...next }),
  }
}

interface Found {
  rows: string[]
  loadedBytes: number
  next: Position | undefined
}

function streamPage(compiled: CompiledQuery, items: Iterable<ItemRow>, from: Position, most: number): Found {
  const rows: string[] = []
  const { offset } = compiled
  const end = offset + compiled.limit
  let { seen } = from
  let loadedBytes = 0
  let bytes = 0
  for (const item of items) {
    const document: Json = JSON.parse(item.body)
    const found = compiled.rows(document)
    if (found.length > 0) loadedBytes += item.body.length
    for (const [at, row] of found.entries()) {
      if (item.rid === from.rid && at < from.skip) continue
      if (seen >= end) return { rows, loadedBytes, next: undefined }
      if (rows.length === most || (bytes > 0 && bytes + item.body.length > MAX_PAGE_BYTES)) {
        return { rows, loadedBytes, next: { rid: item.rid, skip: at, seen } }
      }
      seen += 1
      if (seen <= offset) continue
      const text = row === document ? item.body : JSON.stringify(row)
      bytes += text.length
      rows.push(text)
    }
  }
  return { rows, loadedBytes, next: undefined }
}

// What needs all documents at once is computed anew for each page: the position counts the rows already sent.
function slicePage(compiled: CompiledQuery, items: Iterable<ItemRow>, from: Position, most: number): Found {
  let loadedBytes = 0
  const all = compiled
    .allRows(items, {
      json: item => JSON.parse(item.body),
      matched: item => {
        loadedBytes += item.body.length
      },
    })
    .slice(compiled.offset, compiled.offset + compiled.limit)
  const rows: string[] = []
  let bytes = 0
  for (const row of all.slice(from.seen)) {
    const text = JSON.stringify(row)
    if (rows.length === most || (bytes > 0 && bytes + text.length > MAX_PAGE_BYTES)) break
    bytes += text.length
    rows.push(text)
  }
  const seen = from.seen + rows.length
  return { rows, loadedBytes, next: seen < all.length ? { rid: 0, skip: 0, seen } : undefined }
}

function* liveItems(container: Container, filter: ScanFilter, fromRid: number): Generator<ItemRow> {
  const now = nowSeconds()
  const { defaultTtl } = container
  for (const item of container.items.scan(filter, fromRid)) {
    if (!isExpired(item, defaultTtl, now)) yield item
  }
}

function pageRows(header: string | undefined): number {
  if (header === undefined) return DEFAULT_PAGE_ROWS
  const rows = Number(header)
  if (!Number.isInteger(rows) || rows < -1 || rows === 0) {
    throw badRequest(`The header x-ms-max-item-count must be -1 or a positive integer: it is '${header}'.`)
  }
  return rows === -1 ? Number.POSITIVE_INFINITY : rows
}

function positionOf(continuation: string | undefined, container: Container): Position {
  if (continuation === undefined || continuation === '') return { rid: 0, skip: 0, seen: 0 }
  try {
    const value: unknown = JSON.parse(continuation)
    if (isObject(value) && value.token === `-RID:~${container.rid}`) {
      const { rid, skip, seen } = value
      if (typeof rid === 'number' && typeof skip === 'number' && typeof seen === 'number') return { rid, skip, seen }
    }
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
  }
  throw badRequest(`Invalid Continuation Token: '${continuation}' is none of container '${container.id}'.`)
}
