import { decodeNameList } from '../algorithms/name-list.ts'
import { nameHash } from '../algorithms/name-numbers.ts'
import { encodeUserHistories, userHistories } from '../algorithms/user-histories.ts'
import { readBytes } from '../runs/run-blobs.ts'
import { type Stage, stage } from '../runs/stage.ts'
import { readMatrix, readTimes } from './dataset-blobs.ts'
import { keep } from './increment/keep-model.ts'
import { leaveIndex } from './indexes-stage.ts'
import type { TrainingOptions } from './options.ts'

/** Latest items of a user that count, and latest users of an item that are asked: what a request costs ends there. */
export const itemsPerUser = 100
export const usersPerItem = 500

/** User-item matrix -> the latest items of the users who were here last (M06), for instances to hold in memory. */
export const userNeighboursStage = (options: Pick<TrainingOptions, 'userNeighboursSample'>): Stage =>
  stage({
    name: 'user-neighbours',
    weight: 2,
    parse: () => ({}),
    plan: async () => (options.userNeighboursSample === 0 ? [] : [{}]),
    run: async (_, context) => {
      const names = decodeNameList(await readBytes(context, 'dataset/users.names'))
      const histories = userHistories({
        userItems: await readMatrix(context, 'user-items'),
        times: await readTimes(context),
        keyOf: user => nameHash(names.bytes.subarray(names.offsets[user], names.offsets[user + 1])),
        ...{ usersMax: options.userNeighboursSample, itemsPerUser, usersPerItem },
      })
      const bytes = encodeUserHistories(histories)
      await leaveIndex('userHistories', { userHistories: await keep(bytes, context) }, context)
      return { users: histories.users, entries: histories.itemsOf.length, bytes: bytes.length }
    },
  })
