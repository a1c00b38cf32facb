import type { DeltaPorts } from '../../shared/lake/delta/snapshot.ts'
import { figures } from '../../shared/lake/figures.ts'
import type { FigureColumn, Report, Tile } from './figure.ts'
import { told, type Unit } from './units.ts'

const column = (name: string, title: string, unit: Unit): FigureColumn => ({ name, title, unit })
const revenue = column('revenue', 'Revenue', 'money')
const returnRate = column('return_rate', 'Returned', 'percent')
const growth = column('growth', 'Against a year ago', 'percent')
const share = column('share', 'Share', 'percent')
const units = column('units', 'Pieces', 'count')

/** Revenue, orders, what an order brings, returns and where it all comes from (U01), from gold. */
export async function salesReport(ports: DeltaPorts): Promise<Report> {
  const figure = await figures(
    [
      ...(['sales-totals', 'sales-by-month', 'sales-by-day', 'sales-by-weekday'] as const),
      ...(['sales-by-dimension', 'sales-by-product'] as const),
    ],
    ports,
  )
  const totals = figure('sales-totals')[0] ?? {}
  const months = figure('sales-by-month')
  const shares = (dimension: 'category' | 'channel' | 'country', title: string) => ({
    ...({ chart: 'bars', series: ['revenue'] } as const),
    rows: figure('sales-by-dimension').filter(row => row.dimension === dimension),
    columns: [column('name', title, 'text'), revenue, share, units, returnRate, growth],
  })
  return {
    title: 'Sales',
    subtitle:
      totals.first_day === null || totals.first_day === undefined
        ? 'No order has reached gold yet: drop files into landing/ and run the job lake.'
        : `Orders from ${totals.first_day} to ${totals.last_day}, days in UTC. Revenue is sales less returns.`,
    tiles: tilesOf(totals),
    figures: [
      {
        ...{ title: 'Revenue by month', about: 'Each month beside the same month a year earlier.', wide: true },
        ...{ chart: 'lines', series: ['revenue', 'revenue_year_before'], rows: months },
        columns: [
          column('month', 'Month', 'text'),
          revenue,
          column('revenue_year_before', 'A year earlier', 'money'),
          growth,
          column('orders', 'Orders', 'count'),
          column('average_order_value', 'An order’s value', 'money'),
        ],
      },
      {
        ...{ title: 'The newest 90 days', about: 'Revenue by day, and the mean of seven days.', wide: true },
        ...{ chart: 'lines', series: ['revenue', 'mean_of_7_days'], rows: figure('sales-by-day') },
        columns: [column('day', 'Day', 'text'), revenue, column('mean_of_7_days', 'Mean of seven days', 'money')],
      },
      {
        ...{ title: 'Orders and their value', about: 'What an order brings on average, by month.' },
        ...{ chart: 'lines', series: ['average_order_value'], rows: months },
        columns: [
          column('month', 'Month', 'text'),
          column('average_order_value', 'An order’s value', 'money'),
          column('orders', 'Orders', 'count'),
        ],
      },
      {
        ...{ title: 'Returns', about: 'What came back, as a share of what was sold, by month.' },
        ...{ chart: 'lines', series: ['return_rate'], rows: months },
        columns: [column('month', 'Month', 'text'), returnRate, column('returned', 'Amount', 'money')],
      },
      {
        ...{ title: 'Categories', about: 'Revenue by category, the 15 largest.' },
        ...shares('category', 'Category'),
      },
      {
        ...{ title: 'Countries', about: 'Revenue by the country orders go to, the 15 largest.' },
        ...shares('country', 'Country'),
      },
      {
        ...{ title: 'Channels', about: 'Revenue by channel, the 15 largest.' },
        ...shares('channel', 'Channel'),
      },
      {
        ...{ title: 'Weekdays', about: 'Mean revenue of a day.' },
        ...{ chart: 'bars', series: ['mean_revenue'], rows: figure('sales-by-weekday') },
        columns: [
          column('weekday', 'Weekday', 'text'),
          column('mean_revenue', 'Mean revenue', 'money'),
          column('days', 'Days with sales', 'count'),
        ],
      },
      {
        ...{ title: 'Products', about: 'The 20 products that bring the most.', wide: true },
        ...{ chart: 'bars', series: ['revenue'], rows: figure('sales-by-product') },
        columns: [
          column('product', 'Product', 'text'),
          column('category', 'Category', 'text'),
          revenue,
          units,
          returnRate,
        ],
      },
    ],
  }
}

function tilesOf(totals: Readonly<Record<string, unknown>>): Tile[] {
  const year = told(totals.growth, 'percent')
  return [
    { title: 'Revenue', value: told(totals.revenue, 'money', { short: true }), note: told(totals.revenue, 'money') },
    {
      title: 'Newest 365 days',
      value: told(totals.revenue_year, 'money', { short: true }),
      note: `${Number(totals.growth) > 0 ? '+' : ''}${year} against the year before`,
    },
    { title: 'Orders', value: told(totals.orders, 'count', { short: true }), note: told(totals.orders, 'count') },
    { title: 'An order’s value', value: told(totals.average_order_value, 'money') },
    {
      title: 'Customers',
      value: told(totals.customers, 'count', { short: true }),
      note: told(totals.customers, 'count'),
    },
    { title: 'Returned', value: told(totals.return_rate, 'percent'), note: 'of what was sold' },
  ]
}
