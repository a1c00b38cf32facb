import { type CsvTable, isInstant } from './csv-table.ts'
import type { Shop } from './read-shop.ts'

const WEEK_MS = 7 * 24 * 3600 * 1000

/**
 * Moves every order forward by the same whole weeks, so that the newest one lies within the week before `now`: weekdays
 * and hours keep their meaning, and the shop looks alive. Times never move back. Only `ordered_at` changes; rows whose
 * time cannot be read stay as they are. A shop that does not ask for it (`shift_dates_to_now`) is returned as it is.
 */
export function shiftDates(shop: Shop, now: Date): Shop {
  const weeks = shop.info.shift_dates_to_now ? weeksToShift(shop.orders, now) : 0
  if (weeks === 0) return shop
  return {
    ...shop,
    tables: { ...shop.tables, orders: shiftColumn(shop.tables.orders, 'ordered_at', weeks) },
    orders: shop.orders.map(line => ({ ...line, orderedAt: shiftInstant(line.orderedAt, weeks) })),
  }
}

function weeksToShift(orders: Shop['orders'], now: Date): number {
  const newest = orders.reduce((latest, { orderedAt }) => Math.max(latest, Date.parse(orderedAt)), -Infinity)
  return newest === -Infinity ? 0 : Math.max(0, Math.floor((now.getTime() - newest) / WEEK_MS))
}

function shiftColumn(table: CsvTable, column: string, weeks: number): CsvTable {
  const position = table.header.indexOf(column)
  const rows = table.rows.map(row => {
    const instant = row[position]?.trim() ?? ''
    return isInstant(instant) ? row.with(position, shiftInstant(instant, weeks)) : row
  })
  return { ...table, rows }
}

function shiftInstant(instant: string, weeks: number): string {
  return new Date(Date.parse(instant) + weeks * WEEK_MS).toISOString().replace('.000Z', 'Z')
}
