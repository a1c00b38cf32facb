import { neighboursOfSeeds } from './neighbours.ts'
import type { Source } from './source.ts'

/** Items that visitors look at in one go with the seeds; made with the neighbours by factors. */
export const alsoViewed: Source = {
  name: 'also_viewed',
  rung: 'session',
  build: () => [],
  read: ask => neighboursOfSeeds(ask, { by: 'views', of: ({ viewed }) => viewed }),
}
