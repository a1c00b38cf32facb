import { itemLinearStage } from '../training/item-linear-stage.ts'
import { userListsStage } from '../training/user-lists-stage.ts'
import type { Source } from './source.ts'
import { tasteOf } from './taste.ts'

/** The list a refresh made for the user (M01, M03), as long as the user did nothing since that it could not know. */
export const als: Source = {
  name: 'als',
  rung: 'personal',
  build: options => [itemLinearStage(options), userListsStage(options)],
  read: async ask => {
    const { by, candidates } = await tasteOf(ask)
    return by === 'published' ? candidates : []
  },
}
