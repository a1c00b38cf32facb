import type { Csr } from '../../algorithms/csr.ts'
import { decodeGramian } from '../../algorithms/factor-rows.ts'
import { foldIn } from '../../algorithms/fold-in.ts'
import { decodeNameList, namesOf } from '../../algorithms/name-list.ts'
import type { StageContext } from '../../runs/stage.ts'
import type { ModelManifest } from '../../schemas/model.ts'
import { type MatrixName, readMatrixRows, readNames } from '../dataset-blobs.ts'
import { readFactorRows } from '../model.ts'
import type { TrainingOptions } from '../options.ts'
import { rowsBefore } from './changed-users.ts'
import { compareFactors, meanOfKnown } from './compare-factors.ts'
import { gatherFactors, readKept } from './keep-model.ts'
import { modelBefore } from './model-before.ts'
import type { Base } from './refresh-plan.ts'
import { selectRows } from './select-rows.ts'
import { decodeUserFlags } from './user-flags.ts'

/** Users of a kind who are compared: enough for a mean within some hundredths. */
const sampleMax = 100
/** Users within this many rows are read together. */
const spanMax = 2_000
/** The best items that are compared. */
const best = 10

/** At a fit: what the model before it makes of users whose events are still the same, folded in or fitted. */
export async function foldedAgreement(now: ModelManifest, base: Base | undefined, context: StageContext) {
  if (!base) return {}
  const { manifest, changes, users, folded } = await modelBefore(base.manifest, context)
  const before = namesOf(decodeNameList(await readKept(manifest.names.items, context)))
  const itemRows = rowsBefore(before, await readNames(context, 'items'))
  const { factors } = manifest
  const beforeItems = await gatherFactors(itemRows, { parts: manifest.itemFactors, factors }, context)
  const nowItems = await readFactorRows(
    { parts: now.itemFactors, factors: now.factors, from: 0, to: now.items },
    context.ports.blobs,
  )
  const agreement = async (kind: 0 | 1) => {
    const rows = sample(folded.length, user => folded[user] === kind && changes.changed[user] === 0)
    const vectors = Float32Array.from(
      rows.flatMap(user => [...users.values.subarray(user * factors, (user + 1) * factors)]),
    )
    const nowUsers = await gatherFactors(
      Int32Array.from(rows),
      { parts: now.userFactors, factors: now.factors },
      context,
    )
    const { cosine, overlap } = compareFactors({
      before: { factors, users: vectors, items: beforeItems },
      after: { factors: now.factors, users: nowUsers, items: nowItems },
      ...{ exclude: await rowsOfUsers('exclude', rows, now.items, context), k: best },
    })
    return { cosine: meanOfKnown(cosine), overlap: meanOfKnown(overlap) }
  }
  const [ofFolded, ofFitted] = [await agreement(1), await agreement(0)]
  return {
    ...{ folded_cosine: ofFolded.cosine, folded_overlap: ofFolded.overlap },
    ...{ fitted_cosine: ofFitted.cosine, fitted_overlap: ofFitted.overlap },
  }
}

/** At an increment: what folding in now makes of users whose vectors are still those of the fit. */
export async function refoldedAgreement(
  now: ModelManifest,
  { als }: Pick<TrainingOptions, 'als'>,
  context: StageContext,
) {
  const { factors, fit, foldedUsers } = now
  if (!fit || !foldedUsers) return {}
  const flags = decodeUserFlags(await readKept(foldedUsers, context))
  const rows = sample(flags.length, user => flags[user] === 0)
  const items = await readFactorRows({ parts: now.itemFactors, factors, from: 0, to: now.items }, context.ports.blobs)
  const gramian = decodeGramian(await readKept(now.gramians.items, context))
  const feedback = await rowsOfUsers('user-items', rows, now.items, context)
  const users = await gatherFactors(Int32Array.from(rows), { parts: now.userFactors, factors }, context)
  const refolded = new Float32Array(users.length)
  const parameters = { ...als, meanEntries: fit.cells / Math.max(1, fit.users) }
  for (const row of rows.keys()) {
    const [from, to] = [feedback.indptr[row]!, feedback.indptr[row + 1]!]
    const entries = { columns: feedback.indices.subarray(from, to), strengths: feedback.values.subarray(from, to) }
    refolded.set(foldIn(entries, { factors, values: items, gramian }, parameters), row * factors)
  }
  const { overlap } = compareFactors({
    before: { factors, users, items },
    after: { factors, users: refolded, items },
    ...{ exclude: await rowsOfUsers('exclude', rows, now.items, context), k: best },
  })
  return { refolded_overlap: meanOfKnown(overlap) }
}

/** At most `sampleMax` users of a kind, evenly from all of them. */
function sample(users: number, isOfKind: (user: number) => boolean): number[] {
  const all = Array.from({ length: users }, (_, user) => user).filter(isOfKind)
  const count = Math.min(sampleMax, all.length)
  return Array.from({ length: count }, (_, place) => all[Math.floor((place * all.length) / count)]!)
}

/** Rows of a matrix for some users, in ascending order; those that lie near each other are read together. */
async function rowsOfUsers(
  name: MatrixName,
  users: readonly number[],
  columns: number,
  context: StageContext,
): Promise<Csr> {
  const groups: number[][] = []
  for (const user of users) {
    const group = groups.at(-1)
    if (group && user - (group[0] ?? user) < spanMax) group.push(user)
    else groups.push([user])
  }
  const parts = await Promise.all(
    groups.map(async group => {
      const from = group[0] ?? 0
      const span = await readMatrixRows(context, name, { from, to: (group.at(-1) ?? from) + 1 })
      return selectRows(
        span,
        group.map(user => user - from),
      )
    }),
  )
  return stacked(parts, columns)
}

/** The rows of several matrices, one after the other. */
function stacked(parts: readonly Csr[], columns: number): Csr {
  const ends = [0]
  for (const { indptr } of parts) {
    const before = ends.at(-1) ?? 0
    for (const end of indptr.subarray(1)) ends.push(before + end)
  }
  const indices = parts.flatMap(part => [...part.indices])
  const values = parts.flatMap(part => [...part.values])
  const shape = { rows: ends.length - 1, columns }
  return {
    ...shape,
    indptr: Uint32Array.from(ends),
    indices: Uint32Array.from(indices),
    values: Float32Array.from(values),
  }
}
