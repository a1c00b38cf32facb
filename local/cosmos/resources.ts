import type { Container } from './containers/container.ts'
import { type Call, jsonBody, type Reply } from './http.ts'
import type { JsonObject } from './json.ts'
import { querySpec } from './query/query-spec.ts'
import { compileQuery } from './query/sql/compile-query.ts'
import { parseQuery } from './query/sql/parse-query.ts'
import { databaseRid } from './rid.ts'
import type { DatabaseRecord } from './store.ts'

export function databaseResource(database: DatabaseRecord): JsonObject {
  return {
    id: database.id,
    _rid: databaseRid(database.number),
    _self: databaseSelf(database),
    _etag: etagOf(database.ts, database.number),
    _colls: 'colls/',
    _users: 'users/',
    _ts: database.ts,
  }
}

export function containerResource(container: Container): JsonObject {
  return {
    conflictResolutionPolicy: {
      mode: 'LastWriterWins',
      conflictResolutionPath: '/_ts',
      conflictResolutionProcedure: '',
    },
    geospatialConfig: { type: 'Geography' },
    ...container.definition,
    _rid: container.rid,
    _ts: container.ts,
    _self: containerSelf(container),
    _etag: etagOf(container.ts, container.number),
    _docs: 'docs/',
    _sprocs: 'sprocs/',
    _triggers: 'triggers/',
    _udfs: 'udfs/',
    _conflicts: 'conflicts/',
  }
}

export function databaseSelf(database: { number: number }): string {
  return `dbs/${databaseRid(database.number)}/`
}

export function containerSelf(container: Container): string {
  return `${databaseSelf(container.database)}colls/${container.rid}/`
}

/** A feed of resources that are few: all of them, or those a query asks for. */
export function resourceFeed(call: Call, feed: { name: string; rid: string; resources: JsonObject[] }): Reply {
  let rows: unknown[] = feed.resources
  if (call.method === 'POST') {
    const { query, parameters } = querySpec(jsonBody(call))
    const compiled = compileQuery(parseQuery(query), parameters)
    const all = compiled.allRows(feed.resources)
    rows = all.slice(compiled.offset, compiled.offset + compiled.limit)
  }
  return {
    status: 200,
    charge: 1,
    body: JSON.stringify({ _rid: feed.rid, [feed.name]: rows, _count: rows.length }),
    headers: { 'x-ms-item-count': rows.length },
  }
}

function etagOf(ts: number, number: number): string {
  const hex = (value: number): string => value.toString(16).padStart(8, '0')
  return `"${hex(number)}-0000-0000-0000-${hex(ts)}0000"`
}
