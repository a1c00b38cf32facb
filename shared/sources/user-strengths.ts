import { eventTypes } from '../schemas/interaction.ts'
import type { RecentEvent } from '../schemas/profile.ts'
import type { UserListsValue } from '../schemas/published.ts'
import { addEvent, cellStrength, emptyCell, type FeedbackCell } from '../training/feedback-cell.ts'
import type { StrengthOptions } from '../training/strength.ts'

/** What is known of a user at the moment of a request. */
export interface KnownFeedback {
  /** The user's latest events, oldest first. */
  recent: readonly RecentEvent[]
  disliked: ReadonlySet<string>
  /** What the published list holds of the user's past. */
  purchases: UserListsValue['purchases']
  /** Purchases up to here are among `purchases`, ms since 1970; undefined when the user has no published list. */
  purchasesUntil: number | undefined
}

/**
 * Feedback strength > 0 of each item, by the same definition as in training and as of the newest event that is known;
 * what is only in files (views of long ago, old ratings) is not known here.
 */
export function userStrengths(known: KnownFeedback, options: StrengthOptions): Map<string, number> {
  const cells = feedbackCells(known)
  const until = Math.max(known.purchasesUntil ?? 0, ...[...cells.values()].map(({ lastAt }) => lastAt))
  const strengths = new Map<string, number>()
  for (const [itemId, cell] of cells) {
    const strength = cellStrength(cell, until, options)
    if (strength > 0) strengths.set(itemId, strength)
  }
  return strengths
}

function feedbackCells({ recent, disliked, purchases, purchasesUntil }: KnownFeedback): Map<string, FeedbackCell> {
  const cells = new Map<string, FeedbackCell>()
  const cellOf = (itemId: string): FeedbackCell => {
    const cell = cells.get(itemId) ?? emptyCell()
    cells.set(itemId, cell)
    return cell
  }
  for (const [itemId, second, times] of purchases) {
    for (let time = 0; time < times; time++) {
      addEvent(cellOf(itemId), { type: 'purchase', at: second * 1000, value: 0 })
    }
  }
  for (const [itemId, code, second, , value = 0] of recent) {
    const type = eventTypes[code]
    const at = second * 1000
    if (type === undefined || (type === 'purchase' && at <= (purchasesUntil ?? 0))) continue
    // Whether a thumb is up or down is kept beside the events, also of profiles that hold no values yet.
    addEvent(cellOf(itemId), { type, at, value: type === 'feedback' ? 1 : value })
  }
  for (const itemId of disliked) {
    const cell = cells.get(itemId)
    if (cell) cell.disliked = true
  }
  return cells
}
