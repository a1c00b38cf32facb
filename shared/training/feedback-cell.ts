import type { EventType } from '../schemas/interaction.ts'
import { type Feedback, interactionStrength, type StrengthOptions } from './strength.ts'

/** What one user did with one item, as it is gathered event by event. */
export interface FeedbackCell extends Feedback {
  counts: Record<keyof Feedback['counts'], number>
  /** Moment of the last purchase, ms since 1970; 0 for none. */
  lastBoughtAt: number
  /** Moment of the first purchase, ms since 1970; 0 for none. */
  firstBoughtAt: number
  disliked: boolean
}

export function emptyCell(): FeedbackCell {
  return {
    counts: { view: 0, click: 0, add_to_cart: 0, purchase: 0 },
    ...{ rating: 0, lastAt: 0, lastBoughtAt: 0, firstBoughtAt: 0, disliked: false },
  }
}

/** Makes the cell what `emptyCell` gives. */
export function clearCell(cell: FeedbackCell): void {
  cell.counts.view = 0
  cell.counts.click = 0
  cell.counts.add_to_cart = 0
  cell.counts.purchase = 0
  cell.rating = 0
  cell.lastAt = 0
  cell.lastBoughtAt = 0
  cell.firstBoughtAt = 0
  cell.disliked = false
}

/** @param event `at` is in ms since 1970; `value` is read of ratings (1 to 5) and feedback (-1 or 1) */
export function addEvent(cell: FeedbackCell, event: { type: EventType; at: number; value: number }): void {
  const { type, at, value } = event
  if (type === 'impression') return
  cell.lastAt = Math.max(cell.lastAt, at)
  switch (type) {
    case 'rating':
      cell.rating = Math.max(cell.rating, value)
      break
    case 'feedback':
      cell.rating = value > 0 ? 5 : cell.rating
      cell.disliked = value < 0
      break
    case 'purchase':
      cell.firstBoughtAt = cell.counts.purchase === 0 ? at : Math.min(cell.firstBoughtAt, at)
      cell.lastBoughtAt = Math.max(cell.lastBoughtAt, at)
      cell.counts.purchase += 1
      break
    default:
      cell.counts[type] += 1
  }
}

/** Strength as of `until`; a disliked item says nothing a model could learn from. */
export function cellStrength(cell: FeedbackCell, until: number, options: StrengthOptions): number {
  return cell.disliked ? 0 : interactionStrength(cell, until, options)
}
