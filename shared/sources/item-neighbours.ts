import { atAllLists } from '../training/increment/stages-due.ts'
import { neighboursStage } from '../training/neighbours-stage.ts'
import { neighboursOfSeeds } from './neighbours.ts'
import type { Source } from './source.ts'

/** Items whose factors point the same way (M04); one stage of the refresh makes all kinds of neighbours of an item. */
export const itemNeighbours: Source = {
  name: 'item_neighbours',
  rung: 'session',
  build: options => [atAllLists(neighboursStage(options))],
  read: ask => neighboursOfSeeds(ask, { by: 'factors', of: ({ als }) => als }),
}
