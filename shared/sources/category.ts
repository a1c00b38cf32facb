import { popularItems, wantedOf } from './popular.ts'
import type { Source } from './source.ts'

/** What is popular lately in the category asked for, or the one the user has most to do with (M11); made with `trending`. */
export const category: Source = {
  name: 'category',
  rung: 'category',
  build: () => [],
  read: async ask => {
    if (ask.category === undefined) return []
    return wantedOf(await popularItems(ask.reads, ask.category), ask)
  },
}
