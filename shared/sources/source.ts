import type { Stage } from '../runs/stage.ts'
import type { Item } from '../schemas/catalogue.ts'
import type { SourceName } from '../schemas/placements.ts'
import type { Preferences } from '../schemas/preferences.ts'
import type { Profile, RecentEvent } from '../schemas/profile.ts'
import type { LivePointer, UserListsValue } from '../schemas/published.ts'
import type { Rung } from '../schemas/rung.ts'
import type { TrainingOptions } from '../training/options.ts'
import type { Evidence } from './evidence.ts'
import type { Reads } from './reads.ts'

/** An item that a source proposes. */
export interface Candidate {
  itemId: string
  /** Above 0, and 1 for the source's best: comparable within one answer of one source only. */
  score: number
  evidence: Evidence
}

/** Where candidates come from: what a refresh makes for it, and how it is read at a request. */
export interface Source {
  name: SourceName
  rung: Rung
  /** Stages of a refresh, in order; each plans its chunks and runs them. Empty where nothing is made ahead. */
  build: (options: TrainingOptions) => readonly Stage[]
  /** Its candidates, best first, of items that are wanted; empty when it knows nothing that helps. */
  read: (ask: Ask) => Promise<readonly Candidate[]>
}

/** What is known at a request when sources are asked: read once, the same for all of them. */
export interface Ask {
  reads: Reads
  live: LivePointer | undefined
  items: ReadonlyMap<string, Item>
  user: AskedUser
  /** The item of the page, or those of the cart, the latest first. */
  seeds: readonly string[]
  /** The category of the page or of the request; else the one the user has most to do with. */
  category: string | undefined
  /** All that can be wanted, where that is little: what a search found, the products of the category asked for. */
  pool?: readonly string[] | undefined
  /** Whether an item may be on the list at all; of what is due to be bought again, whether it may though it was bought. */
  isWanted: (itemId: string, more?: { buyAgain: boolean }) => boolean
  /** How many candidates are of use. */
  n: number
  nowMs: number
  /** What chance is drawn from: the same seed, the same list. */
  seed: string
}

/** Who asks; all is empty of a visitor nothing is known of. */
export interface AskedUser {
  userId: string | undefined
  profile: Profile | undefined
  lists: UserListsValue | undefined
  preferences: Preferences | undefined
  /** What the user did lately, oldest first, with what the visitor's session did; without what has a thumb down. */
  recent: readonly RecentEvent[]
  bought: ReadonlySet<string>
  disliked: ReadonlySet<string>
}
