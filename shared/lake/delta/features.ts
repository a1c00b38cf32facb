import type { Metadata, Protocol } from './actions.ts'
import { tableSchema } from './table-schema.ts'

interface Header {
  protocol: Protocol
  metadata: Metadata
}

/** What a table must not make use of, for this reader or writer to serve it; told by its metadata. */
type InUse = (metadata: Metadata) => boolean

const isSet = (metadata: Metadata, key: string, off: string): boolean => (metadata.configuration?.[key] ?? off) !== off
const never: InUse = () => false
const inFields =
  (marker: string): InUse =>
  metadata =>
    tableSchema(metadata).some(({ metadata: of }) => Object.keys(of).some(key => key.startsWith(marker)))

/** Features that change nothing for whoever reads columns by name from whole files, as long as they are not in use. */
const readable: Readonly<Record<string, InUse>> = {
  timestampNtz: never,
  vacuumProtocolCheck: never,
  columnMapping: metadata => isSet(metadata, 'delta.columnMapping.mode', 'none'),
}

/** Features that ask nothing of a writer of whole files, as long as they are not in use. */
const writable: Readonly<Record<string, InUse>> = {
  ...readable,
  appendOnly: metadata => isSet(metadata, 'delta.appendOnly', 'false'),
  invariants: inFields('delta.invariants'),
  checkConstraints: ({ configuration }) =>
    Object.keys(configuration ?? {}).some(key => key.startsWith('delta.constraints.')),
  changeDataFeed: metadata => isSet(metadata, 'delta.enableChangeDataFeed', 'false'),
  generatedColumns: inFields('delta.generationExpression'),
  identityColumns: inFields('delta.identity.'),
}

/** What the writer versions before 7 stand for. Source: PROTOCOL.md, "Requirements for Writers". */
const impliedByWriter: readonly (readonly [number, readonly string[]])[] = [
  [2, ['appendOnly', 'invariants']],
  [3, ['checkConstraints']],
  [4, ['changeDataFeed', 'generatedColumns']],
  [5, ['columnMapping']],
  [6, ['identityColumns']],
]

/** @throws RangeError naming what the table needs of a reader and this one has not */
export function checkReadable(table: string, { protocol, metadata }: Header): void {
  const { minReaderVersion: version, readerFeatures } = protocol
  if (version > 3) throw new RangeError(`Cannot read ${table} as it needs reader version ${version}`)
  const needed = version === 3 ? (readerFeatures ?? []) : version === 2 ? ['columnMapping'] : []
  const refused = needed.filter(feature => readable[feature]?.(metadata) ?? true)
  if (refused.length > 0) throw new RangeError(`Cannot read ${table} as it needs ${refused.join(', ')}`)
}

/** @throws RangeError naming what the table needs of a writer and this one has not */
export function checkWritable(table: string, { protocol, metadata }: Header): void {
  const { minWriterVersion: version, writerFeatures } = protocol
  if (version > 7) throw new RangeError(`Cannot write ${table} as it needs writer version ${version}`)
  const implied = impliedByWriter.filter(([since]) => since <= version).flatMap(([, features]) => features)
  const needed = version === 7 ? (writerFeatures ?? []) : implied
  const refused = needed.filter(feature => writable[feature]?.(metadata) ?? true)
  if (refused.length > 0) throw new RangeError(`Cannot write ${table} as it needs ${refused.join(', ')}`)
}
