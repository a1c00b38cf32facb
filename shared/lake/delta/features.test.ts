import { expect, test } from 'vitest'
import { nullableField, tryOut } from '../../../tests/delta-table.ts'
import type { Metadata, Protocol } from './actions.ts'
import { checkReadable, checkWritable } from './features.ts'
import { type Field, schemaString } from './table-schema.ts'

const id = nullableField('order_id', 'long')
const metadata = (configuration: Record<string, string> = {}, fields: readonly Field[] = [id]): Metadata => ({
  ...{ id: 'orders', format: { provider: 'parquet' as const }, partitionColumns: [] },
  ...{ schemaString: schemaString(fields), configuration },
})
const versions = (minReaderVersion: number, minWriterVersion: number): Protocol => ({
  minReaderVersion,
  minWriterVersion,
})
const features = (...names: string[]): Protocol => ({ ...versions(3, 7), readerFeatures: names, writerFeatures: names })

test.each([
  ['deletion vectors', features('deletionVectors'), {}, 'it needs deletionVectors'],
  ['checkpoints of the second kind', features('v2Checkpoint'), {}, 'it needs v2Checkpoint'],
  ['renamed columns', versions(2, 5), { 'delta.columnMapping.mode': 'name' }, 'it needs columnMapping'],
  ['a protocol yet to come', versions(4, 8), {}, 'it needs reader version 4'],
])('a table with %s is not read, and is told why', (_, protocol, configuration, reason) => {
  expect(() => checkReadable(tryOut.path, { protocol, metadata: metadata(configuration) })).toThrow(reason)
})

test.each([
  ['times without a zone', features('timestampNtz'), {}],
  ['columns that could be renamed and are not', versions(2, 5), {}],
])('a table with %s is read', (_, protocol, configuration) => {
  expect(() => checkReadable(tryOut.path, { protocol, metadata: metadata(configuration) })).not.toThrow()
})

const marked = (key: string): Field => ({ ...id, metadata: { [key]: 'order_id > 0' } })

test.each([
  ['a column that must be so', versions(1, 2), metadata({}, [marked('delta.invariants')]), 'invariants'],
  ['rows that must be so', versions(1, 3), metadata({ 'delta.constraints.paid': 'total > 0' }), 'checkConstraints'],
  ['a computed column', versions(1, 4), metadata({}, [marked('delta.generationExpression')]), 'generatedColumns'],
  ['a feed of changes', versions(1, 4), metadata({ 'delta.enableChangeDataFeed': 'true' }), 'changeDataFeed'],
  ['only ever appends', versions(1, 2), metadata({ 'delta.appendOnly': 'true' }), 'appendOnly'],
  ['numbers for its rows', { ...versions(1, 7), writerFeatures: ['rowTracking'] }, metadata(), 'rowTracking'],
])('a table with %s is not written, and is told why', (_, protocol, of, feature) => {
  expect(() => checkWritable(tryOut.path, { protocol, metadata: of })).toThrow(
    `Cannot write ${tryOut.path} as it needs ${feature}`,
  )
})

test('a table that could have constraints and has none is written', () => {
  expect(() => checkWritable(tryOut.path, { protocol: versions(1, 6), metadata: metadata() })).not.toThrow()
})
