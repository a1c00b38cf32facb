import type { Workspace } from '../algorithms/kernels/workspace.ts'
import { type Stage, type StageContext, stage } from '../runs/stage.ts'
import { type ItemId, isGuest } from '../schemas/ids.ts'
import type { UserListsValue } from '../schemas/published.ts'
import type { Purchases } from './build-dataset.ts'
import {
  type MatrixName,
  readItemIds,
  readMatrixRows,
  readNames,
  readPopularity,
  readPurchases,
  readSummary,
} from './dataset-blobs.ts'
import { selectFactors, selectRows } from './increment/select-rows.ts'
import { findChanged } from './increment/user-flags.ts'
import { readItemLinearWeights } from './item-linear-stage.ts'
import { keptWorkspace } from './kept-workspace.ts'
import { linearAdditions } from './linear-additions.ts'
import { writeListedItems } from './listed-items.ts'
import { writeList } from './lists.ts'
import { measuredRanges } from './measured-ranges.ts'
import { readFactorRows, readManifest } from './model.ts'
import type { TrainingOptions } from './options.ts'
import { type PersonalItems, personalLists, preparePersonalItems } from './personal-lists.ts'
import { Range, ranges } from './ranges.ts'
import { scanThreads } from './scan-threads.ts'
import { scored } from './scored.ts'
import { findSegments } from './segments-stage.ts'

type UserListsOptions = Pick<TrainingOptions, 'listSize' | 'popularityShare' | 'itemLinear' | 'instance'>

/** Users of the first round, whose time tells how many a chunk can take. */
const usersMeasured = 20_000
const purchasesKept = 200
const withItems = keptWorkspace<PersonalItems>()

/** Factors and recent popularity -> each user's best items without those bought (M03), beside what was bought. */
export const userListsStage = (options: UserListsOptions): Stage => {
  const step = usersPerFile(options)
  return stage<Range>({
    name: 'user-lists',
    weight: 15,
    parse: raw => Range.parse(raw),
    ...measuredRanges({
      ...{ first: usersMeasured, step, chunkSeconds: options.instance.chunkSeconds },
      rows: async context => (await readSummary(context)).users,
    }),
    run: async ({ from, to }, context) => {
      const { listsOf, listed } = await listMaker(options, context)
      const changed = await findChanged(context)
      let users = 0
      for (const part of ranges(to - from, step)) {
        const range = { from: from + part.from, to: from + part.to }
        const rows = rowsToList(range, changed)
        const lists = rows.length > 0 ? await listsOf(range, rows) : []
        if (lists.length > 0) await writeList(context, 'userLists', range.from, lists)
        users += lists.length
        await context.progress(part.to / (to - from))
      }
      if (users > 0) await writeListedItems(context, from, listed)
      return { users }
    },
  })
}

/** Rows of a range, counted from its first, whose lists are made: an increment leaves out who did nothing. */
function rowsToList({ from, to }: Range, changed: Uint8Array | undefined): Uint32Array {
  return Uint32Array.from({ length: to - from }, (_, row) => row).filter(row => changed?.[from + row] !== 0)
}

/** A file of lists is some megabytes of JSON: a chunk of any length takes the memory of one. */
function usersPerFile({ listSize, itemLinear }: UserListsOptions): number {
  // The linear model adds to thousands of items of every user.
  const most = itemLinear.share === 0 ? 10_000 : 1_000
  return Math.min(most, Math.max(500, Math.floor(500_000 / Math.max(1, listSize))))
}

interface ListMaker {
  /** Reads what belongs to some users and makes their lists. */
  listsOf(range: Range, rows: Uint32Array): Promise<[string, UserListsValue][]>
  /** 1 for each item that is in a list made so far. */
  listed: Uint8Array
}

/** Reads what all users share. */
async function listMaker(
  { listSize, popularityShare, itemLinear, instance }: UserListsOptions,
  context: StageContext,
): Promise<ListMaker> {
  const { blobs } = context.ports
  const { factors, users, items, ...parts } = await readManifest(context.runId, blobs)
  const names = await readItemIds(context)
  const n = Math.min(listSize, items)
  const weights = itemLinear.share === 0 ? undefined : await readItemLinearWeights(context)
  const linearShare = (1 - popularityShare) * itemLinear.share
  const catalogue = {
    key: JSON.stringify({
      run: context.runId,
      popularityShare,
      linearShare,
      parts: parts.itemFactors.map(({ sha256 }) => sha256),
    }),
    threads: scanThreads({ rows: users, items }, instance),
    prepare: async (workspace: Workspace) => {
      const itemFactors = await readFactorRows({ parts: parts.itemFactors, factors, from: 0, to: items }, blobs)
      const popularity = await readPopularity(context)
      const shares = { popularityShare, itemLinearShare: itemLinear.share }
      return preparePersonalItems(workspace, { itemFactors, factors, popularity, ...shares })
    },
  }
  const segmentOf = await findSegments(context)
  const listed = new Uint8Array(items)
  const listsOf: ListMaker['listsOf'] = async (range, asked) => {
    const userNames = await readNames(context, 'users', range)
    // Models learn from visitors too, but hardly one comes back: their lists are made when they ask.
    const rows = asked.filter(row => !isGuest(userNames[row] ?? ''))
    if (rows.length === 0) return []
    const purchases = await readPurchases(context, range)
    const rowsOf = async (name: MatrixName) => selectRows(await readMatrixRows(context, name, range), rows)
    const exclude = await rowsOf('exclude')
    const allFactors = await readFactorRows({ parts: parts.userFactors, factors, ...range }, blobs)
    const userFactors = selectFactors(allFactors, factors, rows)
    const additions = weights && {
      additions: linearAdditions({ weights, userItems: await rowsOf('user-items') }, linearShare),
    }
    const top = await withItems({
      ...catalogue,
      compute: (workspace, prepared) =>
        personalLists(workspace, { items: prepared, userFactors, n, exclude, ...additions }),
    })
    for (const place of rows.keys()) {
      for (const item of top.items.subarray(place * n, place * n + (top.counts[place] ?? 0))) listed[item] = 1
    }
    const of = { found: top.items, scores: top.scores, names }
    return Array.from(rows, (row, place): [string, UserListsValue] => {
      const segment = segmentOf?.(range.from + row)
      const value = { items: scored(place * n, top.counts[place] ?? 0, of), purchases: newest(purchases, row, names) }
      return [userNames[row] ?? '', segment === undefined ? value : { ...value, segment }]
    })
  }
  return { listsOf, listed }
}

function newest({ indptr, entries }: Purchases, row: number, items: readonly ItemId[]): UserListsValue['purchases'] {
  const from = indptr[row] ?? 0
  const count = Math.min((indptr[row + 1] ?? from) - from, purchasesKept)
  return Array.from({ length: count }, (_, place) => {
    const [item = -1, second = 0, times = 0, first = 0] = entries.subarray(4 * (from + place))
    // An interval of the user's own takes three purchases; what nobody needs is not paid for.
    return [items[item] ?? '', second, times, ...(times >= 3 ? ([first] as const) : ([] as const))]
  })
}
