import { lakeTables } from '../../shared/lake/tables/lake-tables.ts'
import type { Table } from '../../shared/lake/tables/table.ts'

const begin = '<!-- lake tables: made by `npm run sql -- --scripts` -->'
const end = '<!-- end of lake tables -->'

/** The data dictionary with its section on the lake's tables written anew. @throws RangeError when it has no such section */
export function withLakeTables(dictionary: string): string {
  const [from, to] = [dictionary.indexOf(begin), dictionary.indexOf(end)]
  if (from < 0 || to < from) throw new RangeError(`The data dictionary must have the lines ${begin} and ${end}`)
  return `${dictionary.slice(0, from + begin.length)}\n\n${lakeTables.map(section).join('\n')}\n${dictionary.slice(to)}`
}

function section({ path, about, columns, partitionBy }: Table): string {
  const partitions =
    partitionBy.length === 0 ? '' : ` Partitioned by ${partitionBy.map(name => `\`${name}\``).join(', ')}.`
  const rows = columns.map(
    ({ name, type, about: meaning }) => `| \`${name}\` | ${type} | ${meaning.replaceAll('|', '\\|')} |`,
  )
  return `### \`${path}\`\n${about}.${partitions}\n\n| column | type | meaning |\n|---|---|---|\n${rows.join('\n')}\n`
}
