import type { SqlRow } from '../../shared/ports.ts'
import type { Unit } from './units.ts'

export interface FigureColumn {
  /** What the query calls it. */
  name: string
  title: string
  unit: Unit
}

/** A chart and the table under it. */
export interface Figure {
  title: string
  /** What it shows, in a sentence. */
  about: string
  /**
   * lines: the first column along the axis, the series over it. bars: a bar a row, by the first of the series. grid: the
   * first two columns make rows and columns, the first of the series the shade. table: no chart.
   */
  chart: 'lines' | 'bars' | 'grid' | 'table'
  columns: readonly FigureColumn[]
  /** Names of the columns that are drawn. */
  series: readonly string[]
  rows: readonly SqlRow[]
  /** Charts of many points take the whole width. */
  wide?: boolean
}

/** A figure that stands alone, above all others. */
export interface Tile {
  title: string
  value: string
  /** What it is compared to. */
  note?: string
}

export interface Report {
  title: string
  /** What the figures are of, and as of when. */
  subtitle: string
  tiles: readonly Tile[]
  figures: readonly Figure[]
}

/** The inside of an SVG. */
export interface Drawing {
  width: number
  height: number
  body: string
}

export const numberOf = (value: unknown): number | undefined => {
  const number = value === null || value === undefined ? Number.NaN : Number(value)
  return Number.isFinite(number) ? number : undefined
}
