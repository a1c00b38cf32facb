import { popularityStage } from '../training/popularity-stage.ts'
import { popularItems, wantedOf } from './popular.ts'
import type { Source } from './source.ts'

/** What the shop is after now: decayed counters that move with events, and purchases of files (M18). */
export const trending: Source = {
  name: 'trending',
  rung: 'trending',
  build: options => [popularityStage(options)],
  read: async ask => wantedOf(await popularItems(ask.reads), ask),
}
