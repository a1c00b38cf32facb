import { duckDbType } from '../delta/table-schema.ts'
import {
  bronzeCatalogChanges,
  bronzeCustomers,
  bronzeInteractions,
  bronzeOrderItems,
  bronzeOrders,
  bronzeProducts,
  bronzeRatings,
} from '../tables/bronze-tables.ts'
import {
  dimCustomers,
  factTransactions,
  goldUserTopn,
  trainingBaskets,
  trainingImpressions,
  trainingInteractions,
} from '../tables/gold-tables.ts'
import { quarantineTable } from '../tables/quarantine-table.ts'
import {
  silverBaskets,
  silverCustomers,
  silverImplicitScores,
  silverInteractions,
  silverLogins,
  silverOrderHeaders,
  silverOrderLines,
  silverOrders,
  silverRatings,
  silverSessions,
  silverUsers,
} from '../tables/silver-tables.ts'
import type { Table } from '../tables/table.ts'

/**
 * What becomes of the rows of one table that tell of a person; conditions are SQL with the macros of `knowPerson`. Columns
 * that nobody declared lose what names the person in any case.
 */
export interface ErasureRule {
  table: Table
  /** Rows that go. */
  deletes?: string
  /** Rows that stay without the person: sales, which the shop has to account for. Columns become these values. */
  severs?: { where: string; columns: Readonly<Record<string, string>> }
  /** What conditions look up: SQL to be run first, which reads these tables as they are then. */
  lookups?: { reads: readonly Table[]; prelude: string }
}

const byUser = 'is_person(user_id)'
const byKey = 'is_key(customer_key)'
const byEither = `${byUser} or ${byKey}`
const nobody = { user_id: 'null', customer_key: 'null' }

const isEventOfPerson = (event: string): string =>
  `is_person(${event} ->> '$.user_id') or ((${event} ->> '$.user_id') is null and is_session(${event} ->> '$.session_id'))`
const isChangeOfPerson = (change: string): string =>
  `(${change} ->> '$.entity') = 'customer' and is_person(${change} ->> '$.key')`

/** Baskets of the person; those of an order that stays are what was bought together, whoever bought it. */
const baskets = {
  reads: [silverBaskets, silverOrderLines],
  prelude: `
    create or replace temp table own_baskets as select distinct basket_key from silver_baskets where ${byUser};
    create or replace temp table staying_baskets as from own_baskets
      where basket_key in (select 'order ' || order_id from silver_order_lines)`,
}
const isOwnBasket = 'basket_key in (from own_baskets) and basket_key not in (from staying_baskets)'

/**
 * All tables that may name a person, in the order they are erased in: bronze first, so that nothing is made of it again;
 * a table that others look something up in after those.
 */
export const erasureRules = {
  bronze: [
    { table: bronzeOrders, severs: { where: byUser, columns: { user_id: 'null', attributes_json: 'null' } } },
    { table: bronzeOrderItems },
    { table: bronzeProducts },
    { table: bronzeCustomers, deletes: byUser },
    { table: bronzeRatings, deletes: byUser },
    { table: bronzeInteractions, deletes: isEventOfPerson('"event"') },
    { table: bronzeCatalogChanges, deletes: isChangeOfPerson('"change"') },
  ],
  gold: [
    { table: trainingBaskets, deletes: isOwnBasket, lookups: baskets },
    { table: trainingInteractions, deletes: byUser },
    { table: trainingImpressions, deletes: byUser },
    { table: dimCustomers, deletes: byKey },
    { table: factTransactions, severs: { where: byKey, columns: { customer_sk: '0', customer_key: 'null' } } },
    { table: goldUserTopn, deletes: byUser },
  ],
  silver: [
    { table: silverCustomers, deletes: byUser },
    { table: silverRatings, deletes: byUser },
    { table: silverInteractions, deletes: byEither },
    { table: silverLogins, deletes: byUser },
    {
      table: silverBaskets,
      deletes: `${byUser} and ${isOwnBasket}`,
      severs: { where: byUser, columns: { user_id: 'null' } },
      lookups: baskets,
    },
    { table: silverOrderHeaders, severs: { where: byUser, columns: { user_id: 'null' } } },
    { table: silverOrderLines, severs: { where: byEither, columns: nobody } },
    { table: silverOrders, severs: { where: byEither, columns: nobody } },
    { table: silverSessions, deletes: byEither },
    { table: silverUsers, deletes: byEither },
    { table: silverImplicitScores, deletes: byUser },
  ],
  quarantine: [
    ...[silverCustomers, silverRatings, silverInteractions, silverLogins].map(({ path }) => ({
      table: quarantineTable(path),
      deletes: isQuarantinedOfPerson(),
    })),
    // Lines that wait for their order or their item become rows yet.
    ...[silverOrderHeaders, silverOrderLines].map(({ path }) => ({
      table: quarantineTable(path),
      severs: {
        where: `is_person("row" ->> '$.user_id')`,
        columns: { row: severedOrder(), value: `if(is_person("value"), null, "value")` },
      },
    })),
  ],
} as const satisfies Record<string, readonly ErasureRule[]>

function isQuarantinedOfPerson(): string {
  const within = (column: string) => `("row" ->> '$.${column}')`
  const parts = [
    `is_person("row" ->> '$.user_id')`,
    isEventOfPerson(within('event')),
    isChangeOfPerson(within('change')),
  ]
  return parts.map(part => `(${part})`).join(' or ')
}

/** An order's row as JSON without the person, of which nothing stays but what an order has by its declaration. */
function severedOrder(): string {
  const structure = Object.fromEntries(bronzeOrders.columns.map(({ name, type }) => [name, duckDbType(type)]))
  const severed = new Set(['user_id', 'attributes_json'])
  const fields = bronzeOrders.columns.map(
    ({ name, type }) => `'${name}': ${severed.has(name) ? `null::${duckDbType(type)}` : `received.${name}`}`,
  )
  const received = `from_json("row", '${JSON.stringify(structure)}')`
  return `to_json(list_transform([${received}], lambda received: {${fields.join(', ')}})[1])::varchar`
}
