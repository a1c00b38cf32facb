import type { ItemRow } from '../items/item-table.ts'
import type { Json, Value } from '../json.ts'
import type { Cursor, Place } from './cursor.ts'
import type { CompiledQuery } from './sql/compile-query.ts'
import { unique } from './sql/unique.ts'
import { canonical } from './sql/values.ts'

const MAX_PAGE_BYTES = 4 * 1024 * 1024

interface Page {
  /** JSON texts. */
  rows: string[]
  loadedBytes: number
  /** Where the next page begins; undefined when there is none. */
  next: Cursor | undefined
}

/** What a page is made of: the live items of one partition from a cursor on, in the order of their creation. */
export interface PageSource {
  compiled: CompiledQuery
  cursor: Cursor
  most: number
  items(fromRid: number): Iterable<ItemRow>
}

/** One page of a query's rows in one partition, at most `most` of them and 4 MB. */
export function readPage(source: PageSource): Page {
  switch (source.compiled.shape) {
    case 'stream':
    case 'distinct':
      return streamPage(source)
    case 'order':
    case 'group':
      return sortedPage(source)
  }
}

// A row is left out when an earlier one has its value, so DISTINCT begins with the first item on every page.
function streamPage({ compiled, cursor, most, items }: PageSource): Page {
  const page = new OpenPage(compiled, cursor, most)
  const distinct = compiled.shape === 'distinct' ? new Set<string>() : undefined
  const { last } = cursor
  for (const item of items(distinct ? 0 : (last?.rid ?? 0))) {
    const document: Json = JSON.parse(item.body)
    const found = compiled.rows(document)
    if (found.length > 0) page.loadedBytes += item.body.length
    for (const [at, row] of found.entries()) {
      if (distinct) {
        const name = canonical(row)
        if (distinct.has(name)) continue
        distinct.add(name)
      }
      if (last && (item.rid < last.rid || (item.rid === last.rid && at <= last.at))) continue
      const text = row === document ? item.body : JSON.stringify(row)
      if (!page.take(text, { rid: item.rid, at })) return page.close()
    }
  }
  return page.close()
}

interface PlacedRow {
  row: Json
  place: Place
}

// ORDER BY and GROUP BY need all items for each page; the next one begins after the value that the last row stood at.
function sortedPage(source: PageSource): Page {
  const { compiled, cursor, most } = source
  const page = new OpenPage(compiled, cursor, most)
  const gathered = compiled.shape === 'order' ? orderedRows(source, page) : groupedRows(source, page)
  const compare = compiled.shape === 'order' ? orderOf(compiled) : byGroup
  const sorted = gathered.sort((a, b) => compare(a.place, b.place))
  const rows = compiled.distinct ? unique(sorted, ({ row }) => row) : sorted
  const { last } = cursor
  const rest = last ? rows.filter(({ place }) => compare(place, last) > 0) : rows.slice(cursor.seen)
  for (const { row, place } of rest) {
    if (!page.take(JSON.stringify(row), place)) break
  }
  return page.close()
}

function orderedRows({ compiled, items }: PageSource, page: OpenPage): PlacedRow[] {
  const rows: PlacedRow[] = []
  for (const item of items(0)) {
    const found = compiled.orderedRows(JSON.parse(item.body))
    if (found.length > 0) page.loadedBytes += item.body.length
    for (const [at, { keys, row }] of found.entries()) rows.push({ row, place: { rid: item.rid, at, keys } })
  }
  return rows
}

function groupedRows({ compiled, items }: PageSource, page: OpenPage): PlacedRow[] {
  const groups = compiled.groups()
  for (const item of items(0)) {
    if (groups.add(JSON.parse(item.body)) > 0) page.loadedBytes += item.body.length
  }
  return groups.rows().map(({ name, row }) => ({ row, place: { rid: 0, at: 0, group: name } }))
}

// Equal values go by item: from the oldest, or from the newest as soon as one direction is descending, as SDKs expect.
function orderOf(compiled: CompiledQuery): (a: Place, b: Place) => number {
  const none: readonly Value[] = []
  return (a, b) => {
    const compared = compiled.compareKeys(a.keys ?? none, b.keys ?? none)
    if (compared !== 0) return compared
    return (compiled.descends ? b.rid - a.rid : a.rid - b.rid) || a.at - b.at
  }
}

function byGroup(a: Place, b: Place): number {
  const [left = '', right = ''] = [a.group, b.group]
  return left < right ? -1 : left > right ? 1 : 0
}

/** A page that is being filled: it passes over OFFSET and ends where LIMIT, its size or its number of rows ends it. */
class OpenPage {
  loadedBytes = 0
  readonly #rows: string[] = []
  readonly #offset: number
  readonly #end: number
  readonly #most: number
  #seen: number
  #last: Place | undefined
  #bytes = 0
  #more = false

  constructor({ offset, limit }: CompiledQuery, cursor: Cursor, most: number) {
    this.#offset = offset
    this.#end = offset + limit
    this.#most = most
    this.#seen = cursor.seen
    this.#last = cursor.last
  }

  /** Takes one more row, or tells that the page ended before it. */
  take(text: string, place: Place): boolean {
    if (this.#seen >= this.#end) return false
    if (this.#seen >= this.#offset) {
      if (this.#rows.length === this.#most || (this.#bytes > 0 && this.#bytes + text.length > MAX_PAGE_BYTES)) {
        this.#more = true
        return false
      }
      this.#rows.push(text)
      this.#bytes += text.length
    }
    this.#seen += 1
    this.#last = place
    return true
  }

  close(): Page {
    const next = this.#more ? { seen: this.#seen, last: this.#last } : undefined
    return { rows: this.#rows, loadedBytes: this.loadedBytes, next }
  }
}
