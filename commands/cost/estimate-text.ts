import type { Estimate } from '../../shared/operations/cost/estimate.ts'
import type { Line } from '../../shared/operations/cost/priced-lines.ts'

/** An estimate for people: a table of lines, the sum, and what gives way first. */
export function estimateAsText(estimate: Estimate): string {
  const { profile, traffic, dollars, budgetDollars, dollarsPerThousandLists, billedSecondsADay, bounds } = estimate
  const rows = [
    ['service', 'unit', 'quantity', 'included', 'price', 'dollars'],
    ...estimate.lines.map(row),
    ['total a month', '', '', '', '', dollars.toFixed(2)],
  ]
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(cells => cells[column]!.length)))
  const table = rows.map(cells =>
    cells
      .map((cell, column) => (column < 2 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  '),
  )
  const seconds = Object.entries(billedSecondsADay).map(([name, billed]) => `${name} ${whole(billed)}`)
  return [
    `${profile}: ${whole(traffic.users)} users, ${whole(traffic.items)} items, ${whole(traffic.eventsPerDay)} events and ${whole(traffic.requestsPerDay)} lists a day`,
    '',
    ...table,
    '',
    ...(dollarsPerThousandLists === undefined ? [] : [`$${dollarsPerThousandLists.toPrecision(3)} a thousand lists`]),
    `Billed seconds of instances a day: ${seconds.join(', ')}`,
    dollars > budgetDollars
      ? `This is above the budget of $${budgetDollars}.`
      : `This is within the budget of $${budgetDollars}.`,
    ...(bounds.length === 0 ? [] : ['', 'What gives way first, when lists and events grow or shrink alike:']),
    ...bounds.map(
      ({ says, requestsPerDay, eventsPerDay }) =>
        `  ${whole(requestsPerDay)} lists and ${whole(eventsPerDay)} events a day: ${says}`,
    ),
  ].join('\n')
}

function row({ service, unit, quantity, included, price, dollars }: Line): string[] {
  return [service, unit, amount(quantity), included === 0 ? '' : amount(included), String(price), dollars.toFixed(2)]
}

const whole = (value: number): string => Math.round(value).toLocaleString('en')

function amount(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 2 : 0 })
}
