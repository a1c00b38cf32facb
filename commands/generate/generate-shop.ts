import { mkdirSync, writeFileSync } from 'node:fs'
import type { Random } from '../../shared/algorithms/random.ts'
import type { Sql } from '../../shared/ports.ts'
import { dayMs } from './calendar.ts'
import { daysOf, type ShopDay } from './days-of.ts'
import type { FileKind } from './file-kinds.ts'
import { changeMessage, interactionMessage } from './messages.ts'
import { monthlyFiles } from './monthly-files.ts'
import type { Profile } from './profiles.ts'
import { customerRow, orderItemRow, orderRow, productRow, ratingRow } from './rows.ts'
import type { Format, WrittenFile } from './shop-file.ts'
import { type SyntheticShop, signedUpMs, syntheticShop, usersOn } from './synthetic-shop.ts'

export interface GenerateOptions {
  profile: Profile
  /** What the manifest calls the profile. */
  name: string
  /** Whole number from 0. */
  seed: number
  folder: string
  format: Format
  /** Share of the rows that are broken in some known way, 0 to 1. */
  dirty: number
}

/** What was made, as manifest.json tells it: nothing in it depends on when or where. */
export interface Manifest {
  profile: string
  seed: number
  format: Format
  dirty: number
  /** First and last day. */
  from: string
  to: string
  users: number
  items: number
  /** By kind of file, copies and broken rows included. */
  rows: Record<string, number>
  /** How many of them are broken, by kind of file and of fault. */
  dirty_rows: Record<string, Record<string, number>>
  files: WrittenFile[]
}

/**
 * Writes the history of a shop as files that landing/ takes, one of each kind a month, and as messages for the hubs. The same
 * options give the same bytes. Products and customers come whole with the first day, then as what is new or changed.
 * Memory is that of the shop and of one day. `onMonth` is told each month as it is done.
 */
export async function generateShop(
  options: GenerateOptions,
  { sql, onMonth }: { sql: Sql; onMonth: (month: string) => void },
): Promise<Manifest> {
  const { profile, name, seed, folder, format, dirty } = options
  const shop = syntheticShop(profile, seed)
  mkdirSync(folder, { recursive: true })
  const files = monthlyFiles({ folder, format, dirty, seed, sql })
  const writeDay = dayWriter(shop, files.add)
  let month = ''
  for (const day of daysOf(shop)) {
    const monthOfDay = new Date(day.startMs).toISOString().slice(0, 7)
    if (month !== monthOfDay) {
      if (month !== '') onMonth(month)
      month = monthOfDay
      await files.begin(month)
    }
    writeDay(day)
  }
  const { files: written, faults } = await files.end()
  onMonth(month)
  const { firstMs, days } = shop.calendar
  const rows: Record<string, number> = {}
  for (const { kind, rows: count } of written) rows[kind] = (rows[kind] ?? 0) + count
  const manifest: Manifest = {
    ...{ profile: name, seed, format, dirty, from: dayOf(firstMs), to: dayOf(firstMs + (days - 1) * dayMs) },
    ...{ users: profile.users, items: profile.items, rows, dirty_rows: faults, files: written },
  }
  writeFileSync(`${folder}/manifest.json`, `${JSON.stringify(manifest, undefined, 2)}\n`)
  return manifest
}

const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10)

type Add = (kind: FileKind, row: Readonly<Record<string, unknown>>) => void

/** Writes days one after the other. */
function dayWriter(shop: SyntheticShop, add: Add): (day: ShopDay) => void {
  const random = shop.random('rows')
  let changesTold = 0
  return ({ number, startMs, changes, orders, ratings, events }) => {
    if (number === 0) writeFirstCatalogue(shop, { add, startMs, random })
    for (const change of changes) {
      const { entity, atMs } = change
      add('catalog-changes', changeMessage(change, ++changesTold, shop))
      if (entity === 'customer') add('customers', customerRow(change.user, shop, atMs))
      else if (entity !== 'stock') add('products', productRow(change.item, shop, { atMs, spelling: random() }))
    }
    for (const order of orders) {
      add('orders', orderRow(order))
      for (const [index, line] of order.lines.entries()) add('order_items', orderItemRow(order.id, index + 1, line))
    }
    for (const rating of ratings) add('ratings', ratingRow(rating))
    for (const event of events) add('interactions', interactionMessage(event, shop))
  }
}

/** Products and customers as the first day finds them. */
function writeFirstCatalogue(
  shop: SyntheticShop,
  { add, startMs, random }: { add: Add; startMs: number; random: Random },
): void {
  for (let item = 0; item < shop.profile.items; item++) {
    if (shop.launchDays[item] !== 0) continue
    add('products', productRow(item, shop, { atMs: startMs, spelling: random() }))
  }
  // The users of the first day's sign-ups are among them: the day itself tells no arrivals.
  const users = usersOn(0, shop)
  for (let user = 0; user < users; user++) add('customers', customerRow(user, shop, signedUpMs(user, shop)))
}
