import { type Table, table } from './table.ts'

/** Where rows go that a silver table does not take: `quarantine/order_lines` for `silver/order_lines`. */
export const quarantineTable = (silverPath: string): Table =>
  table(`quarantine/${silverPath.slice(silverPath.indexOf('/') + 1)}`, {
    about: `Rows that ${silverPath} does not hold, each with the first rule it breaks`,
    columns: {
      rule: ['string', 'the rule; duplicate and superseded are rules, too'],
      column: ['string', 'the column it is about'],
      value: ['string', 'its value as received'],
      reason: ['string', 'what it must be'],
      row: ['string', 'the row as received, JSON'],
      _table: ['string', 'the table of bronze that holds it'],
      _source: ['string', 'where it came from'],
      _row: ['long', 'row or sequence number there'],
      _batch_id: ['string', 'batch it came with'],
      _row_hash: ['string', 'of the row as received'],
      _ingested_at: ['timestamp', 'when bronze got it'],
      rejected_at: ['timestamp', 'when the rule was applied'],
      rejected_on: ['date', 'day of rejected_at'],
    },
    // A file holds rows of one rule: rows that wait for another table are found, and replaced, by themselves.
    partitionBy: ['rule'],
  })
