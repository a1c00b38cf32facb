import type { RuledBuild } from '../build/ruled-build.ts'
import type { TableBuild } from '../build/table-build.ts'
import {
  silverBaskets,
  silverImplicitScores,
  silverInteractions,
  silverOrderLines,
  silverOrders,
  silverRatings,
  silverSessions,
  silverUsers,
} from '../tables/silver-tables.ts'
import {
  customersBuild,
  interactionsBuild,
  loginsBuild,
  orderHeadersBuild,
  orderLinesBuild,
  productsBuild,
  ratingsBuild,
} from './ruled-builds.ts'
import { silverPrelude } from './silver-prelude.ts'

/** How a table of silver is made. Tables of a round are made of bronze and of those of the rounds before. */
export type SilverBuild = { round: 0 | 1 | 2 | 3; trains?: boolean } & (
  | { by: 'rules'; build: RuledBuild }
  | { by: 'months' | 'whole'; build: TableBuild }
)

/** Shares of the implicit score, together 1 (F13). */
const implicitWeights = { rating_weight: 0.4, purchase_weight: 0.3, recency_weight: 0.2, quantity_weight: 0.1 }

/** All tables of silver. `trains`: models are trained on what is made of it. */
export async function silverBuilds({ pseudonymKey }: { pseudonymKey: string }): Promise<SilverBuild[]> {
  const prelude = await silverPrelude(pseudonymKey)
  return [
    { by: 'rules', round: 0, trains: true, build: { ...productsBuild, prelude } },
    { by: 'rules', round: 0, build: { ...customersBuild, prelude } },
    { by: 'rules', round: 0, trains: true, build: { ...orderHeadersBuild, prelude } },
    { by: 'rules', round: 0, trains: true, build: { ...interactionsBuild, prelude } },
    { by: 'rules', round: 0, trains: true, build: { ...loginsBuild, prelude } },
    { by: 'rules', round: 0, trains: true, build: { ...ratingsBuild, prelude } },
    { by: 'rules', round: 1, trains: true, build: { ...orderLinesBuild, prelude } },
    { by: 'months', round: 2, build: { table: silverOrders, inputs: [{ table: silverOrderLines }], prelude } },
    { by: 'months', round: 2, build: { table: silverSessions, inputs: [{ table: silverInteractions }], prelude } },
    { by: 'months', round: 2, trains: true, build: { ...basketsBuild, prelude } },
    { by: 'whole', round: 3, build: { table: silverUsers, inputs: [{ table: silverOrders }], prelude } },
    {
      ...{ by: 'whole', round: 3 },
      build: {
        table: silverImplicitScores,
        inputs: [{ table: silverBaskets }, { table: silverRatings }],
        variables: implicitWeights,
        prelude,
      },
    },
  ]
}

/** A purchase event may be in the month before or after the order line that tells of the same purchase. */
const basketsBuild: TableBuild = {
  table: silverBaskets,
  inputs: [{ table: silverOrderLines, reach: [-1, 1] }, { table: silverInteractions }],
}
