import type { DeltaPorts } from '../../shared/lake/delta/snapshot.ts'
import { figures } from '../../shared/lake/figures.ts'
import type { Figure, FigureColumn, Report } from './figure.ts'
import { told, type Unit } from './units.ts'

const column = (name: string, title: string, unit: Unit): FigureColumn => ({ name, title, unit })
const customers = column('customers', 'Customers', 'count')
const revenue = column('revenue', 'Revenue', 'money')

/** The segments that gold counts, each by its query in sql/reports/. */
const names = [
  ...(['segments-by-clv', 'segments-by-churn', 'segments-by-rfm', 'segments-by-loyalty'] as const),
  ...(['segments-by-country', 'segments-by-age'] as const),
]

/** Who the customers are and what they bring: CLV, churn, RFM, loyalty, country, region and age (U02). */
export async function segmentsReport(ports: DeltaPorts): Promise<Report> {
  const figure = await figures([...names, 'segments-totals', 'segments-by-region', 'segments-rfm-grid'], ports)
  const totals = figure('segments-totals')[0] ?? {}
  const bars = (
    name: (typeof names)[number],
    of: { title: string; about: string; by: string; measure?: string },
  ): Figure => ({
    ...{ title: of.title, about: of.about, chart: 'bars', series: [of.measure ?? 'customers'], rows: figure(name) },
    columns: [
      column(of.by, of.title, 'text'),
      customers,
      column('share_of_customers', 'Share', 'percent'),
      revenue,
      column('share_of_revenue', 'Share', 'percent'),
      column('mean_clv', 'CLV each', 'money'),
      column('average_order_value', 'An order’s value', 'money'),
    ],
  })
  const clv = { title: 'Customer lifetime value', by: 'clv_segment', measure: 'revenue' }
  const region: Figure = {
    ...{ title: 'Regions', about: 'Customers by region as it is now, the 15 largest.' },
    ...{ chart: 'bars', series: ['customers'], rows: figure('segments-by-region') },
    columns: [column('region', 'Region', 'text'), customers, revenue, column('mean_clv', 'CLV each', 'money')],
  }
  return {
    title: 'Customers and segments',
    subtitle:
      totals.as_of === null || totals.as_of === undefined
        ? 'No customer has ordered yet: drop files into landing/ and run the job lake.'
        : `Customers with an order, as of the newest order of all: ${told(totals.as_of, 'text')} UTC.`,
    tiles: [
      {
        title: 'Customers',
        value: told(totals.customers, 'count', { short: true }),
        note: told(totals.customers, 'count'),
      },
      { title: 'Revenue', value: told(totals.revenue, 'money', { short: true }), note: told(totals.revenue, 'money') },
      { title: 'Expected in a year', value: told(totals.clv, 'money', { short: true }), note: 'sum of CLV' },
      { title: 'An order’s value', value: told(totals.average_order_value, 'money') },
      { title: 'At high risk', value: told(totals.high_churn_share, 'percent'), note: 'of the customers' },
    ],
    figures: [
      bars('segments-by-clv', {
        ...clv,
        about:
          'Revenue of each quarter of the customers by what they are expected to bring in a year; Diamond is the best.',
      }),
      bars('segments-by-churn', {
        ...{ title: 'Churn risk', by: 'churn_risk' },
        about: 'Customers by how long they have been away, against their own rhythm.',
      }),
      rfmGrid(figure('segments-rfm-grid')),
      bars('segments-by-rfm', {
        ...{ title: 'RFM segments', by: 'rfm_segment' },
        about: 'Customers by recency, frequency and monetary value.',
      }),
      bars('segments-by-loyalty', {
        ...{ title: 'Loyalty tiers', by: 'loyalty_tier' },
        about: 'Customers by orders and revenue of the last year.',
      }),
      bars('segments-by-age', { title: 'Age', by: 'age_group', about: 'Customers by age.' }),
      bars('segments-by-country', {
        title: 'Countries',
        by: 'country',
        about: 'Customers by country, the 15 largest.',
      }),
      region,
    ],
  }
}

/** A shop without customers has a grid of zeros: then there is nothing to show. */
function rfmGrid(rows: Figure['rows']): Figure {
  return {
    ...{ title: 'Recency and frequency', about: 'Customers in fifths: 5 ordered most recently, and most often.' },
    ...{ chart: 'grid', series: ['customers'], rows: rows.some(row => Number(row.customers) > 0) ? rows : [] },
    columns: [column('recency', 'Recency', 'count'), column('frequency', 'Frequency', 'count'), customers, revenue],
  }
}
