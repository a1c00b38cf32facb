import { decodeGramian } from '../../algorithms/factor-rows.ts'
import type { FoldInSide } from '../../algorithms/fold-in.ts'
import { decodeNameList, namesOf } from '../../algorithms/name-list.ts'
import { readBytes } from '../../runs/run-blobs.ts'
import type { StageContext } from '../../runs/stage.ts'
import type { ContentBlob, ModelManifest } from '../../schemas/model.ts'
import { decodeDigests, readNames } from '../dataset-blobs.ts'
import { parseManifest } from '../model.ts'
import { changedUsers, rowsBefore, type UserChanges } from './changed-users.ts'
import { isZeroRow } from './fold-items.ts'
import { gatherFactors, readKept } from './keep-model.ts'
import { decodeUserFlags } from './user-flags.ts'

/** A manifest that increments can add to. */
type Needed = 'fit' | 'userDigests' | 'foldedUsers'
type AddedTo = ModelManifest & { [Field in Needed]: NonNullable<ModelManifest[Field]> }

/** A model of an earlier run, with its rows in the order of the run at hand. */
export interface ModelBefore {
  manifest: AddedTo
  changes: UserChanges
  users: FoldInSide
  /** Vectors of the last fit; zero for items it does not know. The Gramian is that of all vectors there were. */
  items: FoldInSide
  /** By item: 1 where the last fit gave a vector. */
  fitted: Uint8Array
  /** By user: 1 where the vector was folded in since the last fit. */
  folded: Uint8Array
  /** Items of the last fit. */
  fittedItems: number
}

/** @throws Error when the manifest is gone, another, or names no fit */
export async function modelBefore(manifestBlob: ContentBlob, context: StageContext): Promise<ModelBefore> {
  const manifest = addedTo(parseManifest(await readKept(manifestBlob, context)))
  const { factors, fit, userFactors, gramians, names } = manifest
  const namesIn = async (blob: ContentBlob) => namesOf(decodeNameList(await readKept(blob, context)))
  const changes = changedUsers(
    { names: await namesIn(names.users), digests: decodeDigests(await readKept(manifest.userDigests, context)) },
    {
      names: await readNames(context, 'users'),
      digests: decodeDigests(await readBytes(context, 'dataset/users.digests')),
    },
  )
  const knownItems = await namesIn(fit.names)
  const itemRows = rowsBefore(knownItems, await readNames(context, 'items'))
  const items = await gatherFactors(itemRows, { parts: fit.itemFactors, factors }, context)
  const users = await gatherFactors(changes.before, { parts: userFactors, factors }, context)
  const gramianOf = async (blob: ContentBlob) => decodeGramian(await readKept(blob, context))
  const flags = decodeUserFlags(await readKept(manifest.foldedUsers, context))
  return {
    ...{ manifest, changes, fittedItems: knownItems.length },
    users: { factors, values: users, gramian: await gramianOf(gramians.users) },
    items: { factors, values: items, gramian: await gramianOf(gramians.items) },
    fitted: Uint8Array.from(itemRows, (_, item) => (isZeroRow(items, item, factors) ? 0 : 1)),
    folded: Uint8Array.from(changes.before, row => (row < 0 ? 0 : flags[row]!)),
  }
}

function addedTo(manifest: ModelManifest): AddedTo {
  const { fit, userDigests, foldedUsers } = manifest
  if (!fit || !userDigests || !foldedUsers) throw new Error('Cannot add to a model that does not name its last fit')
  return { ...manifest, fit, userDigests, foldedUsers }
}
