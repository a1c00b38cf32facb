import { z } from 'zod'
import { type Csr, csrHeaderBytes, csrLayout, csrOfRows, decodeCsr, encodeCsr, transpose } from '../algorithms/csr.ts'
import { asUint32, decodeModel, decodeModelShape, encodeModel, modelHeaderBytes } from '../algorithms/model-bytes.ts'
import { decodeNameList, encodeNameList, type NameList, namesOf } from '../algorithms/name-list.ts'
import { viewSessions } from '../algorithms/sessions.ts'
import { readBytes, readJson, readRange, writeJson } from '../runs/run-blobs.ts'
import type { StageContext } from '../runs/stage.ts'
import { ItemId } from '../schemas/ids.ts'
import type { Dataset, Moments, Purchases } from './build-dataset.ts'
import type { Range } from './ranges.ts'

type Run = Pick<StageContext, 'runId' | 'ports'>

/** A visit ends after half an hour in which nothing was looked at; beyond so many items it says little of any two. */
const sessionGapSeconds = 1_800
const sessionItemsMax = 50

/** Strengths by user and by item, what not to recommend by user, purchases by basket, views by session. */
export type MatrixName = 'user-items' | 'item-users' | 'exclude' | 'baskets' | 'sessions'

const Summary = z.object({
  users: z.int(),
  items: z.int(),
  baskets: z.int(),
  /** Entries of the user-item matrix. */
  cells: z.int(),
  /** The newest event's second. */
  until: z.int(),
  counts: z.object({ events: z.int(), duplicates: z.int(), unknown_items: z.int() }),
})
/** What is told of the dataset without reading it. */
export type DatasetSummary = z.infer<typeof Summary>

/** Keeps the dataset with the run: each part is a file of its own, so that a stage reads only what it needs. */
export async function writeDataset(dataset: Dataset, run: Run): Promise<void> {
  const { users, items, digests, sales, views, until, counts, userItems, exclude, baskets, purchases } = dataset
  const write = (name: string, bytes: Uint8Array) => run.ports.blobs.write(pathOf(run, name), bytes)
  // One after the other, so that no more than one of them is in memory twice.
  await write('users.names', encodeNameList(users))
  await write('users.digests', encodeDigests(digests))
  await write('items.names', encodeNameList(items))
  await write('user-items.csr', encodeCsr(userItems))
  await write('item-users.csr', encodeCsr(transpose(userItems)))
  await write('times.bin', encodeModel({ kind: 'times', shape: [dataset.times.length], arrays: [dataset.times] }))
  await write('exclude.csr', encodeCsr(exclude))
  await write('baskets.csr', encodeCsr(baskets))
  await write('purchases.bin', encodePurchases(purchases))
  await write('sales.bin', encodeMoments(sales, 'sales'))
  await write('views.bin', encodeMoments(views, 'views'))
  const { rows: userCount, columns: itemCount } = userItems
  const cut = { users: userCount, items: itemCount, gapSeconds: sessionGapSeconds, itemsMax: sessionItemsMax }
  await write('sessions.csr', encodeCsr(viewSessions(views, cut)))
  const summary: DatasetSummary = {
    ...{ users: userItems.rows, items: userItems.columns, baskets: baskets.rows, cells: userItems.indices.length },
    ...{ until, counts },
  }
  await writeJson(run, 'dataset/summary.json', summary)
}

const pathOf = ({ runId }: Run, name: string) => `runs/${runId}/dataset/${name}`

export const readSummary = (run: Run): Promise<DatasetSummary> => readJson(run, 'dataset/summary.json', Summary)

export const readMatrix = async (run: Run, name: MatrixName): Promise<Csr> =>
  decodeCsr(await readBytes(run, `dataset/${name}.csr`))

/** Rows from (included) to (excluded) of a matrix and nothing else of it; row `from` becomes row 0. */
export async function readMatrixRows(run: Run, name: MatrixName, { from, to }: Range): Promise<Csr> {
  const read = (offset: number, length: number) => readRange(run, `dataset/${name}.csr`, { offset, length })
  const { columns, indptrAt, indicesAt, valuesAt } = csrLayout(await read(0, csrHeaderBytes))
  const indptr = await read(indptrAt + 4 * from, 4 * (to - from + 1))
  const [first, length] = entriesOf(asUint32(indptr))
  const [indices, values] = await Promise.all([
    read(indicesAt + 4 * first, 4 * length),
    read(valuesAt + 4 * first, 4 * length),
  ])
  return csrOfRows({ columns, indptr, indices, values })
}

/** Where each row of a matrix begins, and the last one ends: entries, shape (rows + 1). */
export async function readMatrixIndptr(run: Run, name: MatrixName): Promise<Uint32Array> {
  const read = (offset: number, length: number) => readRange(run, `dataset/${name}.csr`, { offset, length })
  const { rows, indptrAt } = csrLayout(await read(0, csrHeaderBytes))
  return asUint32(await read(indptrAt, 4 * (rows + 1)))
}

/** Ids by number: all, or those of some rows. */
export async function readNames(run: Run, name: 'users' | 'items', range?: Range): Promise<string[]> {
  const file = `dataset/${name}.names`
  if (!range) return namesOf(decodeNameList(await readBytes(run, file)))
  const read = (offset: number, length: number) => readRange(run, file, { offset, length })
  const offsetsAt = modelHeaderBytes(2)
  const [count = 0] = decodeModelShape(await read(0, offsetsAt), { kind: 'name list', dimensions: 2 })
  const offsets = asUint32(await read(offsetsAt + 4 * range.from, 4 * (range.to - range.from + 1)))
  const [first, length] = entriesOf(offsets)
  const list: NameList = { offsets, bytes: await read(offsetsAt + 4 * (count + 1) + first, length) }
  return namesOf(list)
}

export const readItemIds = async (run: Run): Promise<ItemId[]> => z.array(ItemId).parse(await readNames(run, 'items'))

/** What the users of some rows bought; row `from` becomes row 0. */
export async function readPurchases(run: Run, { from, to }: Range): Promise<Purchases> {
  const read = (offset: number, length: number) => readRange(run, 'dataset/purchases.bin', { offset, length })
  const indptrAt = modelHeaderBytes(2)
  const [rows = 0] = decodeModelShape(await read(0, indptrAt), { kind: 'purchases', dimensions: 2 })
  const ends = asUint32(await read(indptrAt + 4 * from, 4 * (to - from + 1)))
  const [first, length] = entriesOf(ends)
  const entries = asUint32(await read(indptrAt + 4 * (rows + 1) + 16 * first, 16 * length))
  return { indptr: ends.map(end => end - first), entries }
}

export async function readMoments(run: Run, kind: 'sales' | 'views'): Promise<Moments> {
  const reader = decodeModel(await readBytes(run, `dataset/${kind}.bin`), { kind, dimensions: 1 })
  const [length = 0] = reader.shape
  const moments = { user: reader.uint32(length), item: reader.uint32(length), at: reader.uint32(length) }
  reader.end()
  return moments
}

/** The second of the last event of each entry of the matrix `user-items`. */
export async function readTimes(run: Run): Promise<Uint32Array> {
  const reader = decodeModel(await readBytes(run, 'dataset/times.bin'), { kind: 'times', dimensions: 1 })
  const times = reader.uint32(reader.shape[0] ?? 0)
  reader.end()
  return times
}

/** Leaves each item's recent popularity for the stages after. */
export async function writePopularity(run: Run, values: Float64Array): Promise<void> {
  const bytes = encodeModel({ kind: 'popularity', shape: [values.length], arrays: [values] })
  await run.ports.blobs.write(pathOf(run, 'popularity.bin'), bytes)
}

/** What the stage popularity left, shape (items). */
export async function readPopularity(run: Run): Promise<Float64Array> {
  const reader = decodeModel(await readBytes(run, 'dataset/popularity.bin'), { kind: 'popularity', dimensions: 1 })
  const values = reader.float64(reader.shape[0] ?? 0)
  reader.end()
  return values
}

/** Digests of users as bytes: shape (users), then two words each; see `encodeModel`. */
function encodeDigests(digests: Uint32Array): Uint8Array {
  return encodeModel({ kind: 'user digests', shape: [digests.length / 2], arrays: [digests] })
}

/** The digests of users, shape (users, 2), of bytes that a dataset was written with. @throws RangeError when they are none */
export function decodeDigests(bytes: Uint8Array): Uint32Array {
  const reader = decodeModel(bytes, { kind: 'user digests', dimensions: 1 })
  const digests = reader.uint32(2 * (reader.shape[0] ?? 0))
  reader.end()
  return digests
}

function encodePurchases({ indptr, entries }: Purchases): Uint8Array {
  const shape = [indptr.length - 1, entries.length / 4]
  return encodeModel({ kind: 'purchases', shape, arrays: [indptr, entries] })
}

function encodeMoments({ user, item, at }: Moments, kind: 'sales' | 'views'): Uint8Array {
  return encodeModel({ kind, shape: [item.length], arrays: [user, item, at] })
}

/** The first entry of some rows and how many they are. */
function entriesOf(ends: Uint32Array): [first: number, length: number] {
  const first = ends[0] ?? 0
  return [first, (ends.at(-1) ?? first) - first]
}
