import type { SourceName } from '../schemas/placements.ts'
import { als } from './als.ts'
import { alsoViewed } from './also-viewed.ts'
import { buyAgain } from './buy-again.ts'
import { category } from './category.ts'
import { content } from './content.ts'
import { copurchase } from './copurchase.ts'
import { exploration } from './exploration.ts'
import { foldIn } from './fold-in.ts'
import { itemNeighbours } from './item-neighbours.ts'
import { recentlyViewed } from './recently-viewed.ts'
import { rules } from './rules.ts'
import { segment } from './segment.ts'
import type { Source } from './source.ts'
import { trending } from './trending.ts'
import { userNeighbours } from './user-neighbours.ts'
import { wholeCatalogue } from './whole-catalogue.ts'

/** Every source, in the order in which a refresh builds them: segments before popularity, which personal lists need. */
const all: readonly Source[] = [
  ...[
    itemNeighbours,
    copurchase,
    alsoViewed,
    rules,
    segment,
    trending,
    category,
    als,
    foldIn,
    userNeighbours,
    content,
    buyAgain,
  ],
  ...[recentlyViewed, exploration, wholeCatalogue],
]

export const allSources: ReadonlyMap<SourceName, Source> = new Map(all.map(source => [source.name, source]))
