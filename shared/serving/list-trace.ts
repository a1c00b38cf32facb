import type { SourceName } from '../schemas/placements.ts'
import type { Candidate } from '../sources/source.ts'

/** The stages at which an item can be kept out of a list, in their order. */
export const dropStages = [
  ...(['unknown', 'stock', 'hidden', 'own', 'bought', 'disliked', 'blocked', 'limits', 'request', 'filter'] as const),
  ...(['seen', 'not_proposed', 'min_score', 'frequency_cap', 'quota', 'diversity', 'displaced', 'limit'] as const),
] as const
export type DropStage = (typeof dropStages)[number]

/** Why an item is not listed: the stage, and what exactly at it. */
export interface Dropped {
  stage: DropStage
  detail: string
}

/** Follows a list while it is made: what was proposed, what fell out where, and how steps moved what stayed. */
export class ListTrace {
  readonly sources: { source: SourceName; asked: 'first' | 'backfill'; candidates: readonly Candidate[] }[] = []
  readonly steps: { step: string; itemIds: readonly string[] }[] = []
  readonly #dropped = new Map<string, Dropped>()
  #rules: (itemId: string) => Dropped | undefined = () => undefined

  /** What decides of items that nobody proposes, too. */
  follow(rules: (itemId: string) => Dropped | undefined): void {
    this.#rules = rules
  }

  /** Why an item may not be on the list whoever proposes it. */
  keptOut(itemId: string): Dropped | undefined {
    return this.#rules(itemId)
  }

  proposed(source: SourceName, asked: 'first' | 'backfill', candidates: readonly Candidate[]): void {
    this.sources.push({ source, asked, candidates })
  }

  /** The first stage to keep an item out is the one that is told. */
  drop(itemId: string, dropped: Dropped): void {
    if (!this.#dropped.has(itemId)) this.#dropped.set(itemId, dropped)
  }

  dropped(itemId: string): Dropped | undefined {
    return this.#dropped.get(itemId)
  }

  /** In the order in which they fell out. */
  get drops(): ReadonlyMap<string, Dropped> {
    return this.#dropped
  }

  after(step: string, list: readonly { itemId: string }[]): void {
    this.steps.push({ step, itemIds: list.map(({ itemId }) => itemId) })
  }
}
