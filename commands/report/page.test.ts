import { expect, test } from 'vitest'
import type { Figure } from './figure.ts'
import { page } from './page.ts'

const byDay: Figure = {
  ...{ title: 'Revenue', about: 'By day.', chart: 'lines', series: ['revenue', 'before'] },
  columns: [
    { name: 'day', title: 'Day', unit: 'text' },
    { name: 'revenue', title: 'Revenue', unit: 'money' },
    { name: 'before', title: 'A year earlier', unit: 'money' },
  ],
  rows: [
    { day: '2026-01-01', revenue: 10, before: null },
    { day: '2026-01-02', revenue: 20.5, before: 4 },
  ],
}
const report = (...figures: Figure[]) => page({ title: 'Sales', subtitle: 'Of a <shop>', tiles: [], figures })

test('page() needs no other file and runs no script', () => {
  const html = report(byDay)
  expect(html).not.toMatch(/<script|<link|src=|url\(|https?:/)
  expect(html).toContain('Of a &lt;shop&gt;')
})

test('page() has under each chart a table of its figures, and a dash for what is absent', () => {
  const html = report(byDay)
  expect(html).toContain('<th scope="row">2026-01-02</th><td>20.5</td><td>4</td>')
  expect(html).toContain('<th scope="row">2026-01-01</th><td>10</td><td>–</td>')
})

test('page() draws a line from the first day to the last, between 0 and the round number above', () => {
  // 520 wide: from 60 to 504; 260 high: 0 at 230, 25 at 12.
  expect(report(byDay)).toContain('<path class="line series-1" d="M60.0,142.8L504.0,51.2"/>')
  expect(report(byDay)).toContain('<path class="line series-2" d="M504.0,195.1"/>')
})

test('page() draws bars as long as their values, those below zero to the left', () => {
  const rows = [
    { day: 'a', revenue: 30 },
    { day: 'b', revenue: -10 },
  ]
  const html = report({ ...byDay, chart: 'bars', series: ['revenue'], rows })
  const widths = [...html.matchAll(/class="bar" x="([\d.]+)" y="\d+" width="([\d.]+)"/g)].map(([, x, width]) => [
    x,
    width,
  ])
  const [[startA = '', widthA = ''] = [], [startB = '', widthB = ''] = []] = widths
  expect(Number(widthA) / Number(widthB)).toBeCloseTo(3, 1)
  expect(Number(startB) + Number(widthB)).toBeCloseTo(Number(startA), 0)
})

test('page() says so where there is nothing to show', () => {
  expect(report({ ...byDay, rows: [] })).toContain('There is nothing to show yet.')
})
