import type { Source } from './source.ts'
import { tasteOf } from './taste.ts'

/** The list by a vector made on the spot from all that is known of the user (M23), where the published one is behind. */
export const foldIn: Source = {
  name: 'fold_in',
  rung: 'personal',
  build: () => [],
  read: async ask => {
    const { by, candidates } = await tasteOf(ask)
    return by === 'folded_in' ? candidates : []
  },
}
