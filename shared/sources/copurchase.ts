import { neighboursOfSeeds } from './neighbours.ts'
import type { Source } from './source.ts'

/** Items that are bought together (M05); made with the neighbours by factors. */
export const copurchase: Source = {
  name: 'copurchase',
  rung: 'session',
  build: () => [],
  read: ask => neighboursOfSeeds(ask, { by: 'purchases', of: value => value.copurchase }),
}
