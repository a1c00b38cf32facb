import type { DeltaPorts } from '../../shared/lake/delta/snapshot.ts'
import { type Statistics, statistics } from '../../shared/lake/statistics.ts'
import type { Figure, FigureColumn, Report, Tile } from './figure.ts'
import { qualityByRun } from './quality-by-run.ts'
import { told, type Unit } from './units.ts'

const column = (name: string, title: string, unit: Unit): FigureColumn => ({ name, title, unit })
const interactions = column('interactions', 'Interactions', 'count')
const users = column('users', 'Users', 'count')

/** What the data is like before anyone learns from it: size, balance, engagement, popularity, quality, tables (S25). */
export async function dataReport(ports: DeltaPorts): Promise<Report> {
  const found = await statistics(ports)
  return {
    title: 'Data',
    subtitle:
      found.tables.length === 0
        ? 'No table has been written yet: drop files into landing/ and run the job lake.'
        : `As of ${told(found.generated_at, 'text')} UTC; interactions from ${told(found.totals.first_at, 'text')} to ${told(found.totals.last_at, 'text')}.`,
    tiles: tilesOf(found),
    figures: [...interactionFigures(found), ...qualityFigures(found)],
  }
}

function tilesOf({ totals, gini, freshness_seconds: freshness, quality }: Statistics): Tile[] {
  const newest = qualityByRun(quality).at(-1)
  return [
    {
      title: 'Interactions',
      value: told(totals.interactions, 'count', { short: true }),
      note: told(totals.interactions, 'count'),
    },
    {
      title: 'Users',
      value: told(totals.users, 'count', { short: true }),
      note: `${told(totals.mean_per_user, 'decimal')} interactions each`,
    },
    {
      title: 'Items',
      value: told(totals.items, 'count', { short: true }),
      note: `${told(totals.mean_per_item, 'decimal')} interactions each`,
    },
    { title: 'Sparsity', value: sparsity(totals.sparsity), note: 'of user-item pairs are empty' },
    { title: 'Gini of popularity', value: told(gini, 'decimal'), note: '0 equal, 1 one item has all' },
    { title: 'Newest interaction', value: told(freshness, 'seconds'), note: 'ago' },
    {
      title: 'Data quality',
      value: told(newest?.data_quality, 'percent'),
      note: newest ? 'of the newest run' : 'no rows judged yet',
    },
  ]
}

/** Three nines matter here. */
const sparsity = (value: unknown): string =>
  typeof value === 'number'
    ? value.toLocaleString('en', { style: 'percent', maximumFractionDigits: 3 })
    : told(value, 'percent')

function interactionFigures({ event_types, months, engagement, popularity }: Statistics): Figure[] {
  return [
    {
      ...{ title: 'Interactions by month', about: 'All types together.', wide: true, chart: 'lines' },
      ...{ series: ['interactions'], rows: months },
      columns: [column('month', 'Month', 'text'), interactions, users, column('mean_per_user', 'A user', 'decimal')],
    },
    {
      ...{ title: 'Types', about: 'How the interactions divide into types.', chart: 'bars' },
      ...{ series: ['interactions'], rows: event_types },
      columns: [
        column('event_type', 'Type', 'text'),
        interactions,
        column('share', 'Share', 'percent'),
        users,
        column('items', 'Items', 'count'),
      ],
    },
    {
      ...{ title: 'Engagement', about: 'How many users have so many interactions.', chart: 'bars' },
      ...{ series: ['users'], rows: engagement },
      columns: [
        column('interactions_each', 'Interactions', 'text'),
        users,
        column('share_of_users', 'Of users', 'percent'),
        column('share_of_interactions', 'Of interactions', 'percent'),
      ],
    },
    {
      ...{ title: 'Popularity', about: 'What share of the interactions the most popular items have.', chart: 'lines' },
      ...{ series: ['share_of_interactions'], rows: popularity },
      columns: [
        column('share_of_items', 'Most popular items', 'percent'),
        column('share_of_interactions', 'Of interactions', 'percent'),
      ],
    },
  ]
}

function qualityFigures({ rejects, rejects_by_day, quality, tables }: Statistics): Figure[] {
  return [
    {
      ...{ title: 'Rejects by rule', about: 'Rows in quarantine, by the first rule they broke.', chart: 'bars' },
      ...{ series: ['rows'], rows: rejects.map(row => ({ ...row, of: `${row.rows_of}: ${row.rule}` })) },
      columns: [
        column('of', 'Table and rule', 'text'),
        column('rows', 'Rows', 'count'),
        column('last_at', 'Last', 'text'),
      ],
    },
    {
      ...{
        title: 'Rejects by day',
        about: 'Faults, and beside them repeats and rows that newer ones took the place of.',
      },
      ...{ chart: 'lines', series: ['faults', 'repeats'], rows: rejects_by_day, wide: true },
      columns: [
        column('day', 'Day', 'text'),
        column('faults', 'Faults', 'count'),
        column('repeats', 'Repeats', 'count'),
      ],
    },
    {
      ...{
        title: 'Data quality',
        about: 'Share of new rows that kept every rule, run by run.',
        chart: 'lines',
        wide: true,
      },
      ...{ series: ['data_quality'], rows: qualityByRun(quality).map(run => ({ ...run })) },
      columns: [
        column('finished_at', 'Run', 'text'),
        column('data_quality', 'Quality', 'percent'),
        column('rows_in', 'Rows in', 'count'),
        column('rows_out', 'Rows out', 'count'),
        column('rejected', 'Rejected', 'count'),
      ],
    },
    {
      ...{ title: 'Tables', about: 'Every table as it is now.', chart: 'table', series: [], wide: true },
      rows: tables.map(state => ({ ...state })),
      columns: [
        column('table', 'Table', 'text'),
        column('rows', 'Rows', 'count'),
        column('bytes', 'Size', 'bytes'),
        column('files', 'Files', 'count'),
        column('version', 'Version', 'count'),
        column('written_at', 'Written', 'text'),
      ],
    },
  ]
}
