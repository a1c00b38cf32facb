import { quoted } from './table-schema.ts'

/** Each column is cut into 2^bits ranges of equally many rows; all bits together must fit into a whole number. */
const bitsMax = 10
const allBitsMax = 60

/**
 * The rows of a query in Z-order: each column's value becomes the number of its range among all rows, and the bits of
 * these numbers, interleaved, are what rows are sorted by. Equal values are in one range; null comes last.
 * Source: Morton, "A computer oriented geodetic data base", 1966; ranges of equally many rows as in Delta's OPTIMIZE.
 * @param columns one or more; of one alone it is its plain order
 */
export function zOrdered(query: string, columns: readonly string[]): string {
  const bits = Math.min(bitsMax, Math.floor(allBitsMax / columns.length))
  const range = (column: string) =>
    `((rank() over (order by ${quoted(column)} nulls last) - 1) * ${2 ** bits} // count(*) over ())::bigint`
  const ranges = columns.map((column, index) => `${range(column)} as _range_${index}`)
  const terms = columns.flatMap((_, index) =>
    Array.from(
      { length: bits },
      (_, bit) => `(((_range_${index} >> ${bit}) & 1) << ${bit * columns.length + (columns.length - 1 - index)})`,
    ),
  )
  const names = columns.map((_, index) => `_range_${index}`).join(', ')
  return `select * exclude (${names}) from (select *, ${ranges.join(', ')} from (${query})) order by ${terms.join(' | ')}, ${columns.map(quoted).join(', ')}`
}
