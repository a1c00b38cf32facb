import { bronzeTables } from './bronze-tables.ts'
import { goldTables } from './gold-tables.ts'
import { quarantineTable } from './quarantine-table.ts'
import {
  silverCustomers,
  silverInteractions,
  silverLogins,
  silverOrderHeaders,
  silverOrderLines,
  silverProducts,
  silverRatings,
  silverTables,
} from './silver-tables.ts'
import type { Table } from './table.ts'

/** The silver tables that rules stand before. */
export const ruledTables = [
  silverProducts,
  silverCustomers,
  silverOrderHeaders,
  silverOrderLines,
  silverRatings,
  silverInteractions,
  silverLogins,
] as const

/** Every table of the lake. */
export const lakeTables: readonly Table[] = [
  ...bronzeTables,
  ...silverTables,
  ...ruledTables.map(({ path }) => quarantineTable(path)),
  ...goldTables,
]
