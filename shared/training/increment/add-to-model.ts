import { encodeGramian } from '../../algorithms/factor-rows.ts'
import { gramian } from '../../algorithms/gramian.ts'
import type { StageContext } from '../../runs/stage.ts'
import type { ContentBlob } from '../../schemas/model.ts'
import type { Metrics } from '../../schemas/run.ts'
import { catalogueItems } from '../catalogue-items.ts'
import { readMatrixRows, readNames } from '../dataset-blobs.ts'
import type { TrainingOptions } from '../options.ts'
import { ranges } from '../ranges.ts'
import { contentFactors } from './content-factors.ts'
import { foldItems } from './fold-items.ts'
import { foldUsers } from './fold-users.ts'
import { keep, keepFactors, keepManifest, keepOfDataset } from './keep-model.ts'
import { type ModelBefore, modelBefore } from './model-before.ts'
import type { RefreshPlan } from './refresh-plan.ts'
import { selectRows } from './select-rows.ts'
import { encodeUserFlags, writeChanged } from './user-flags.ts'

/** Users whose feedback is read at once. */
const usersAtOnce = 65_536

type Options = Pick<TrainingOptions, 'als'>

/**
 * The live model with what changed since, as this run's model. Items that the last fit knows keep their vectors; other
 * items are folded in anew from all that is known of them by now, then users whose events changed. Leaves for the stages
 * after which users these are, when only their lists are made.
 */
export async function addToModel(
  { base, scope }: Extract<RefreshPlan, { type: 'increment' }>,
  options: Options,
  context: StageContext,
): Promise<Metrics> {
  const before = await modelBefore(base.manifest, context)
  const itemsFolded = await addItems(before, options, context)
  const changed = await addUsers(before, options, context)
  if (scope === 'changed') await writeChanged(context, changed)
  await keepModel(before, { base: base.manifest, changed }, context)
  return { users_folded: changed.reduce((sum, flag) => sum + flag, 0), items_folded: itemsFolded }
}

/** Vectors for the items without one, and the Gramian of all. */
async function addItems(
  { manifest, users, items, fitted, fittedItems }: ModelBefore,
  { als }: Options,
  context: StageContext,
): Promise<number> {
  const { factors } = items
  const rows = [...fitted.keys()].filter(item => fitted[item] === 0)
  const [first] = rows
  if (first !== undefined) {
    const catalogue = await catalogueItems(context.ports.documents)
    const products = (await readNames(context, 'items')).map(itemId => catalogue.get(itemId))
    const content = contentFactors({ itemFactors: items.values, factors, fitted, products })
    const span = await readMatrixRows(context, 'item-users', { from: first, to: (rows.at(-1) ?? first) + 1 })
    const feedback = selectRows(
      span,
      rows.map(item => item - first),
    )
    const vectors = foldItems(feedback, {
      users,
      parameters: { ...als, meanEntries: manifest.fit.cells / Math.max(1, fittedItems) },
      content: row => {
        const product = products[rows[row]!]
        return product ? content(product) : new Float64Array(factors)
      },
    })
    for (const [row, item] of rows.entries()) {
      items.values.set(vectors.subarray(row * factors, (row + 1) * factors), item * factors)
    }
  }
  items.gramian = gramian(items.values, factors)
  return rows.length
}

/** Vectors for the users whose events changed; tells who has a new one, shape (users). */
async function addUsers(before: ModelBefore, { als }: Options, context: StageContext): Promise<Uint8Array> {
  const { manifest, changes, users, items } = before
  const { cells, users: fittedUsers } = manifest.fit
  const parameters = { ...als, meanEntries: cells / Math.max(1, fittedUsers) }
  const folded = new Uint8Array(changes.before.length)
  for (const range of ranges(folded.length, usersAtOnce)) {
    const rows = await readMatrixRows(context, 'user-items', range)
    foldUsers(rows, range.from, { users, items, parameters, changed: changes.changed, folded })
    await context.progress(range.to / folded.length)
  }
  return folded
}

async function keepModel(
  before: ModelBefore,
  { base, changed }: { base: ContentBlob; changed: Uint8Array },
  context: StageContext,
): Promise<void> {
  const { manifest, users, items, folded } = before
  const { factors } = items
  await keepManifest(
    {
      ...manifest,
      base,
      ...{ users: changed.length, items: items.values.length / factors },
      userFactors: await keepFactors(users.values, factors, context),
      itemFactors: await keepFactors(items.values, factors, context),
      gramians: {
        users: await keep(encodeGramian(users.gramian), context),
        items: await keep(encodeGramian(items.gramian), context),
      },
      names: {
        users: await keepOfDataset('users.names', context),
        items: await keepOfDataset('items.names', context),
      },
      userDigests: await keepOfDataset('users.digests', context),
      foldedUsers: await keep(encodeUserFlags(folded.map((flag, user) => flag | changed[user]!)), context),
    },
    context,
  )
}
