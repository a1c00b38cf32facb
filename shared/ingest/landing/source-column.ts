/** A column of a file: what the source calls it, and what it is called in the view of its rows. */
export interface SourceColumn {
  source: string
  column: string
}
